"""The numbers of papers."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from server.documents.models import Number
from server.places.models import Unit


def take_number(unit: Unit, year: int, symbol: str, kind: str, subject: str, who: str, now: datetime) -> Number:
    """The number of a paper: the next of its unit, year and kind, or the one that it has. subject: an id, nothing personal.

    symbol: what stands after the number, as “GM-UBND”.
    """
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # one after another, and no number is lost with who gives up
        of_kind = Number.objects.filter(unit_id=unit.pk, year=year, kind=kind)
        if (taken := of_kind.filter(subject=subject).first()) is not None:
            return taken
        number = (of_kind.aggregate(last=Max("number"))["last"] or 0) + 1
        common = {"unit_id": unit.pk, "year": year, "kind": kind, "subject": subject}
        return Number.objects.create(**common, number=number, symbol=symbol, who=who, at=now)
