"""What pages, papers and reports ask about commendations. Who may see a unit is decided before, by `server.places.scope`."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from server.commendations.models import Commendation
from server.commendations.telling import Told, told
from server.places.models import Officer, Unit
from server.places.scope import with_those_below
from server.results.blocks import closed
from server.results.models import Block
from server.results.period import Period


class Row(NamedTuple):
    """A commendation in a list. name, title: the officer's; unit: where; day: when it was earned; words: what for; who: wrote it down."""

    id: UUID
    unit: str
    unit_id: str
    name: str
    title: str
    day: date
    words: str
    who: str
    public: bool


class OnBoard(NamedTuple):
    """A commendation as everybody reads it. month: its first day."""

    id: UUID
    name: str
    title: str
    month: date
    words: str


def of_period(unit: Unit, period: Period) -> list[Row]:
    """The commendations of a period in the unit and those below it, by day and officer; withdrawn ones are not among them."""
    return _rows(_in(unit, period).filter(withdrawn_at=None))


def withdrawn_of(unit: Unit, period: Period) -> list[Row]:
    """Those that were withdrawn."""
    return _rows(_in(unit, period).filter(withdrawn_at__isnull=False))


def of_officer(officer: Officer, blocks: list[Block], today: date) -> list[Told]:
    """What the officer is told. blocks: the officer's, closed."""
    return told(Commendation.objects.filter(unit_id=officer.unit_id, officer_id=officer.pk), blocks, today)


def on_board(unit: Unit) -> list[OnBoard]:
    """What the unit's board shows, the latest month first: what is public, and was told to its officer."""
    wanted = Commendation.objects.filter(unit_id=unit.pk, public=True, withdrawn_at=None)
    officers = Officer.objects.in_bulk(list(wanted.values_list("officer_id", flat=True).distinct()))
    blocks = defaultdict[str, list[Block]](list)
    for block in Block.objects.filter(unit_id=unit.pk, officer_id__in=officers).order_by("number"):
        blocks[block.officer_id].append(block)
    entries = defaultdict[str, list[Commendation]](list)
    for entry in Commendation.objects.filter(unit_id=unit.pk, officer_id__in=officers):
        entries[entry.officer_id].append(entry)
    today = unit.today()
    shown = [
        OnBoard(one.entry.id, officer.name, officer.title, one.month, one.entry.words)
        for key, officer in officers.items()
        for one in told(entries[key], blocks[key], today)
        if one.entry.public
    ]
    return sorted(shown, key=lambda one: (one.month, one.name), reverse=True)


def close_blocks(unit: Unit) -> None:
    """Close what the days before today allow of the officers whose commendations are to be on the board: they may have no login, and
    then nobody else does.
    """
    wanted = Commendation.objects.filter(unit_id=unit.pk, public=True, withdrawn_at=None).exclude(sealed="")
    for officer in Officer.objects.filter(pk__in=wanted.values("officer_id"), unit=unit).select_related("unit"):
        closed(officer, unit.today())


def _in(unit: Unit, period: Period) -> QuerySet[Commendation]:
    units = with_those_below(Unit.objects.filter(pk=unit.pk)).order_by().values_list("pk", flat=True)
    return Commendation.objects.filter(unit_id__in=list(units), day__range=(period.first, period.last))


def _rows(entries: QuerySet[Commendation]) -> list[Row]:
    found = list(entries)
    officers = Officer.objects.in_bulk({one.officer_id for one in found})
    units = Unit.objects.in_bulk({one.unit_id for one in found})
    rows = [
        Row(one.id, units[one.unit_id].name, one.unit_id, officer.name, officer.title, one.day, one.words, one.who, one.public)
        for one in found
        if (officer := officers.get(one.officer_id)) is not None
    ]
    return sorted(rows, key=lambda row: (row.day, row.name, row.id))
