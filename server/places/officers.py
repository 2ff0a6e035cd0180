"""Officers who go: to another counter, to another unit, for good. What citizens said of them stays where they said it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from server.places.models import Counter, Membership, Officer, Unit


def assign(officer: Officer, counters: Iterable[Counter]) -> None:
    """Put the officer on duty at just these counters of the unit; who was there before is on duty there no more."""
    here = Counter.objects.filter(unit_id=officer.unit_id)
    wanted = [counter.pk for counter in counters]
    with transaction.atomic():
        here.filter(on_duty=officer).exclude(pk__in=wanted).update(on_duty=None)
        here.filter(pk__in=wanted).update(on_duty=officer)


def leave(officer: Officer) -> None:
    """The officer serves in the unit no more: is on duty nowhere, is not offered by any kiosk; the results stay."""
    with transaction.atomic():
        Officer.objects.filter(pk=officer.pk).update(active=False)
        Counter.objects.filter(on_duty=officer).update(on_duty=None)


def move(officer: Officer, unit: Unit) -> Officer:
    """Let the officer work in another unit from now on; returns the row there.

    A row belongs to its unit for ever, and with its id the results: so the person gets another row and keeps name, title, photo and
    PIN. Who comes back finds the row, and the id, that they had there. Who logs in to see their own results sees both.
    """
    with transaction.atomic():
        fields = {"name": officer.name, "title": officer.title, "photo": officer.photo, "pin": officer.pin, "active": True}
        there = same_person(officer).filter(unit=unit).first()
        if there is None:
            there = Officer.objects.create(unit=unit, origin_id=officer.origin_id or officer.pk, **fields)
        else:
            Officer.objects.filter(pk=there.pk).update(**fields)
            there.refresh_from_db()
        leave(officer)
        for membership in Membership.objects.filter(officer=officer):
            Membership.objects.get_or_create(user=membership.user, unit=unit, role=membership.role, defaults={"officer": there})
    return there


def same_person(officer: Officer) -> QuerySet[Officer]:
    """The rows of the person in other units."""
    first = officer.origin_id or officer.pk
    return Officer.objects.filter(Q(pk=first) | Q(origin=first)).exclude(pk=officer.pk)
