"""What is exported: all that goes on in the units that somebody may arrange in."""

from server.places.models import Unit
from server.places.sheets.known import Known
from server.places.sheets.writing import Rows
from server.spreadsheets.cells import cleaned

_LEVELS = (Unit.Kind.COUNTRY, Unit.Kind.PROVINCE, Unit.Kind.COMMUNE)
YES, NO = "có", "không"


def tables(known: Known) -> dict[str, Rows]:
    """The rows of all tables by their keys. Imported again as they are they change nothing."""
    return {"units": units(known), "counters": counters(known), "officers": officers(known)}


def units(known: Known) -> Rows:
    """Units, those above before those below."""
    alive = [unit for unit in known.units.values() if unit.pk in known.alive]
    alive.sort(key=lambda unit: (_LEVELS.index(Unit.Kind(unit.kind)), unit.parent.name if unit.parent else "", unit.name, unit.pk))
    return [
        (
            unit.pk,
            cleaned(unit.name),
            Unit.Kind(unit.kind).label,
            cleaned(known.words_for_parent(unit.parent)) if unit.parent else "",
            "",
            unit.time_zone,
        )
        for unit in alive
    ]


def counters(known: Known) -> Rows:
    """Counters, unit by unit."""
    alive = [counter for counter in known.counters.values() if counter.unit_id in known.alive]
    rows = [(counter.pk, cleaned(counter.name), *_unit(known, counter.unit_id)) for counter in alive]
    return sorted(rows, key=lambda row: (row[3], row[2], row[1], row[0]))


def officers(known: Known) -> Rows:
    """Officers, unit by unit, those too who have left."""
    rows = []
    for officer in known.officers.values():
        if officer.unit_id in known.alive:
            at = "\n".join(cleaned(known.words_for_counter(counter)) for counter in known.on_duty.get(officer.pk, []))
            who = (officer.pk, cleaned(officer.name), cleaned(officer.title))
            rows.append((*who, *_unit(known, officer.unit_id), at, YES if officer.active else NO))
    return sorted(rows, key=lambda row: (row[4], row[3], row[1], row[0]))


def _unit(known: Known, unit_id: str) -> tuple[str, str]:
    name, above = known.words_for(known.units[unit_id])
    return cleaned(name), cleaned(above)
