"""What a person decides about a quarantined line, and folding in what was accepted. Decisions are only ever added."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from server.intake import store
from server.intake.archive import Own
from server.intake.clock import Moment
from server.intake.counting import count
from server.intake.desk import Ledger
from server.intake.fold import NOT_OPENED, UNKNOWN_OFFICER, Folded, Follow, NewVote, can_be_kept
from server.intake.models import Decision, Head, Quarantine
from server.intake.sql import run
from server.places.models import Counter, Officer, Unit
from sync.entries import Change, Comment, Malformed, Opened, Reasons, Vote, decode_entry

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PROGRAM = "refold"
FOLDABLE = (UNKNOWN_OFFICER, NOT_OPENED)
OLDEST_FIRST = ("received_at", "ledger", "seq")


class Line(NamedTuple):
    """Where a line stands."""

    ledger: str
    seq: int


class _Verdict(TypedDict):
    verdict: str | None


class Judged(NamedTuple):
    """A quarantined line, and what was last decided about it, if anything."""

    row: Quarantine
    verdict: str | None


def quarantined() -> Iterator[Judged]:
    """What is in quarantine, the oldest first."""
    for row in with_verdict(Quarantine.objects.all()).order_by(*OLDEST_FIRST).iterator(chunk_size=1000):
        yield Judged(row, row.verdict)


def with_verdict(rows: QuerySet[Quarantine]) -> "QuerySet[WithAnnotations[Quarantine, _Verdict]]":
    """The lines with `verdict`: what was last decided about each, or None."""
    about = Decision.objects.filter(unit_id=OuterRef("unit_id"), ledger=OuterRef("ledger"), seq=OuterRef("seq"))
    return rows.annotate(verdict=Subquery(about.order_by("-number").values("verdict")[:1]))


def decide(lines: Iterable[Line], verdict: Decision.Verdict, who: str, at: datetime) -> list[Line]:
    """Keep a decision about each of the lines that are in quarantine; returns those that are not."""
    strangers = []
    with transaction.atomic():
        for line in lines:
            row = Quarantine.objects.filter(ledger=line.ledger, seq=line.seq).first()
            if row is None:
                strangers.append(line)
            else:
                decide_rows([row], verdict, who, at)
    return strangers


def decide_rows(rows: Iterable[Quarantine], verdict: Decision.Verdict, who: str, at: datetime) -> None:
    """Keep the same decision about each of the lines."""
    with transaction.atomic():
        run(*(store.decide(row.unit_id, row.ledger, row.seq, verdict, who, at) for row in rows))


def refold(at: datetime, rows: QuerySet[Quarantine] | None = None, most: int | None = None) -> list[Line]:
    """Fold in every accepted line that can be interpreted now; returns where they stand. Each in a transaction of its own.

    rows: only these. most: stop after so many, the oldest first.
    """
    accepted = with_verdict(Quarantine.objects.all() if rows is None else rows).filter(verdict=Decision.Verdict.ACCEPT)
    return [Line(row.ledger, row.seq) for row in ready(accepted.order_by(*OLDEST_FIRST))[:most] if _refold(row, at)]


def ready(rows: Iterable[Quarantine]) -> list[Quarantine]:
    """Those of the lines that can be interpreted now."""
    every = list(rows)
    places = places_of(Head.objects.filter(pk__in={row.ledger for row in every}))
    officers: defaultdict[str, set[str]] = defaultdict(set)
    for unit_id, officer_id in Officer.objects.filter(unit_id__in={place.unit_id for place in places.values()}).values_list(
        "unit_id", "id"
    ):
        officers[unit_id].add(officer_id)
    return [row for row in every if interpreted(row, officers[places[row.ledger].unit_id]) is not None]


def _refold(row: Quarantine, at: datetime) -> bool:
    with transaction.atomic():
        place = place_of(Head.objects.get(pk=row.ledger))
        officers = set(Officer.objects.filter(unit_id=place.unit_id).values_list("id", flat=True))
        folded = interpreted(row, officers)
        if folded is None:
            return False
        take_in(row, folded)
        run(store.decide(row.unit_id, row.ledger, row.seq, Decision.Verdict.FOLDED, PROGRAM, at))
    return True


def interpreted(row: Quarantine, officers: set[str] | None) -> Folded | None:
    """What a quarantined line says, or None while it cannot be folded in. officers: known where it would count; None for any.

    A line that contradicts another one (a second change, a known id) never can be.
    """
    if not row.reason.startswith(("malformed", *FOLDABLE)):
        return None
    line, moment = bytes(row.line), Moment(row.at, row.estimated)
    try:
        entry = decode_entry(line)
    except Malformed:
        return None
    folded = Folded(None)
    if isinstance(entry, Vote):
        officer = entry.officer or ""
        if officer and officers is not None and officer not in officers:
            return None
        folded.votes = [NewVote(entry.id, row.seq, officer, entry.rating == "satisfied", *moment)]
    elif isinstance(entry, Change | Reasons | Comment):
        if not can_be_kept(entry):
            return None
        folded.follows = [Follow(row.ledger, row.seq, line, moment, entry)]
    elif isinstance(entry, Opened):
        return None
    return folded


def take_in(row: Quarantine, folded: Folded) -> None:
    """Count what a quarantined line says, and take it out of quarantine; if its id is in use it goes back there, for that reason.

    In a ledger that was not validly opened it counts where its first line says that it was recorded, whichever unit the device is of
    that brought it: there the same line counts once, should another tablet bring it too. Whoever accepts the line vouches for that.
    """
    Quarantine.objects.filter(pk=row.pk).delete()
    head = Head.objects.get(pk=row.ledger)
    place = place_of(head)
    zone = Unit.objects.values_list("time_zone", flat=True).get(pk=place.unit_id)
    ledger = Ledger(head.ledger, place.unit_id, zone, head.device_id, place.counter_id, head.seq, head.digest, head.at)
    counted = count(ledger, folded, Own(row.ledger, {row.seq: bytes(row.line)}), row.received_at)
    run(*counted.tallies)


class Place(NamedTuple):
    """Where lines count."""

    unit_id: str
    counter_id: str | None


def place_of(head: Head) -> Place:
    """Where a ledger's accepted lines count: at the counter that its first line names; if there is none such, in the device's unit."""
    return places_of([head])[head.ledger]


def places_of(heads: Iterable[Head]) -> dict[str, Place]:
    """The same of several ledgers, by their names."""
    heads = list(heads)
    unnamed = [head.ledger for head in heads if head.counter_id is None]
    opened = {row.ledger: _opened(bytes(row.line)) for row in Quarantine.objects.filter(ledger__in=unnamed, seq=1)} if unnamed else {}
    named = {ledger: entry for ledger, entry in opened.items() if entry is not None}
    counters = set(Counter.objects.filter(pk__in={entry.counter for entry in named.values()}).values_list("unit_id", "id")) if named else ()
    places = {}
    for head in heads:
        entry = named.get(head.ledger)
        there = entry is not None and (entry.unit, entry.counter) in counters
        places[head.ledger] = Place(entry.unit, entry.counter) if entry is not None and there else Place(head.unit_id, head.counter_id)
    return places


def _opened(line: bytes) -> Opened | None:
    try:
        entry = decode_entry(line)
    except Malformed:
        return None
    return entry if isinstance(entry, Opened) and "\0" not in entry.unit + entry.counter else None
