"""Doing what an import would do: all of it in one transaction, or nothing."""

from collections import Counter as Multiset

from django.db import transaction

from server.intake.sql import Statement, on_postgresql, run
from server.places.history import stand
from server.places.models import Counter, Officer, Standing, Unit
from server.places.sheets.draft import Draft, What
from server.record.keeping import Action, note_of
from server.screens.models import Screens
from server.screens.publish import publish

_LOCK = 51_572_017  # one import at a time; any number that nobody else takes


class FaultyError(Exception):
    """There are faults, so nothing may be done."""


def lock() -> None:
    """Wait for whoever imports at this moment; to be called in the transaction, before anything is read that an import is tried on."""
    if on_postgresql():
        run(Statement("SELECT pg_advisory_xact_lock(%b)", [_LOCK]))


def apply(draft: Draft, who: str, address: str, subject: str) -> None:
    """Write it, and a line of the record for each unit in which anything was made or changed. Raises FaultyError.

    who, address, subject: as in the record; subject names the file.
    """
    if draft.faults:
        raise FaultyError
    with transaction.atomic():
        _units(draft)
        Counter.objects.bulk_create(draft.new_counters)
        Counter.objects.bulk_update(draft.renamed, ["name"], batch_size=500)
        Officer.objects.bulk_create(draft.new_officers)
        Officer.objects.bulk_update(draft.edited, ["name", "title", "active"], batch_size=500)
        duty = [Counter(pk=counter, on_duty=officer) for counter, officer in draft.on_duty.items()]
        Counter.objects.bulk_update(duty, ["on_duty"], batch_size=500)
        for unit, what in draft.touched.items():
            times = Multiset(what)
            words = ", ".join(f"{one.value} {times[one]}" for one in (What.MADE, What.CHANGED) if times[one])
            note_of(who, address, Action.CHANGE, unit, subject, f"nhập danh mục – {words} dòng")


def _units(draft: Draft) -> None:
    Unit.objects.bulk_create(unit for unit, _ in draft.new_units)
    Standing.objects.bulk_create(Standing(unit=unit, since=since, name=unit.name, parent=unit.parent) for unit, since in draft.new_units)
    for unit in draft.corrected:
        unit.save()
    for one in draft.stands:
        stand(Unit.objects.get(pk=one.unit.pk), one.since, one.name, one.parent)
    above = set(Screens.objects.values_list("unit_id", flat=True))
    changed = [(unit, unit.parent_id, None) for unit, _ in draft.new_units] + [(unit, unit.parent_id, old) for unit, old in draft.moved]
    for unit, parent, former in changed:
        if above & {unit.pk, parent, former}:
            publish(Unit.objects.get(pk=unit.pk))
