"""Trying what a file would do: units first, those above before those below, then their counters, then their officers."""

from collections.abc import Iterable

from server.places.sheets.columns import COUNTERS, OFFICERS, UNITS
from server.places.sheets.draft import Draft
from server.places.sheets.known import Known
from server.places.sheets.planning_people import plan_counters, plan_officers
from server.places.sheets.planning_units import plan_units
from server.places.sheets.reading import Contents, Sheet


def planned(contents: Contents, known: Known) -> Draft:
    """What the contents would do to what is known. Where there is a fault, nothing may be applied."""
    unreadable = {(fault.sheet, fault.row) for fault in contents.faults}
    draft = Draft(faults=list(contents.faults), ignored=list(contents.ignored), unreadable=unreadable)
    plan_units(draft, known, _of(contents.sheets, UNITS.key))
    plan_counters(draft, known, _of(contents.sheets, COUNTERS.key))
    plan_officers(draft, known, _of(contents.sheets, OFFICERS.key))
    names = [sheet.name for sheet in contents.sheets]
    draft.faults.sort(key=lambda fault: (names.index(fault.sheet) if fault.sheet in names else -1, fault.row))
    draft.steps.sort(key=lambda step: (names.index(step.sheet), step.row))
    return draft


def _of(sheets: Iterable[Sheet], key: str) -> list[Sheet]:
    return [sheet for sheet in sheets if sheet.table.key == key]
