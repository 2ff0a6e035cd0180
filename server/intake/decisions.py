"""What a person decides about a quarantined line, and folding in what was accepted. Decisions are only ever added."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

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

PROGRAM = "refold"
FOLDABLE = (UNKNOWN_OFFICER, NOT_OPENED)


class Line(NamedTuple):
    """Where a line stands."""

    ledger: str
    seq: int


class Judged(NamedTuple):
    """A quarantined line, and what was last decided about it, if anything."""

    row: Quarantine
    verdict: str | None


def quarantined() -> Iterator[Judged]:
    """What is in quarantine, the oldest first."""
    decisions = Decision.objects.order_by("number").values_list("unit_id", "ledger", "seq", "verdict")
    last = {(unit_id, ledger, seq): verdict for unit_id, ledger, seq, verdict in decisions.iterator(chunk_size=1000)}
    for row in Quarantine.objects.order_by("received_at", "ledger", "seq").iterator(chunk_size=1000):
        yield Judged(row, last.get((row.unit_id, row.ledger, row.seq)))


def decide(lines: Iterable[Line], verdict: Decision.Verdict, who: str, at: datetime) -> list[Line]:
    """Keep a decision about each of the lines that are in quarantine; returns those that are not."""
    strangers = []
    with transaction.atomic():
        for line in lines:
            row = Quarantine.objects.filter(ledger=line.ledger, seq=line.seq).first()
            if row is None:
                strangers.append(line)
            else:
                run(store.decide(row.unit_id, row.ledger, row.seq, verdict, who, at))
    return strangers


def refold(at: datetime) -> list[Line]:
    """Fold in every accepted line that can be interpreted now; returns where they stand. Each in a transaction of its own."""
    accepted = [row for row, verdict in quarantined() if verdict == Decision.Verdict.ACCEPT]
    return [Line(row.ledger, row.seq) for row in accepted if _refold(row, at)]


def _refold(row: Quarantine, at: datetime) -> bool:
    with transaction.atomic():
        place = _place_of(Head.objects.get(pk=row.ledger))
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
    place = _place_of(head)
    zone = Unit.objects.values_list("time_zone", flat=True).get(pk=place.unit_id)
    ledger = Ledger(head.ledger, place.unit_id, zone, head.device_id, place.counter_id, head.seq, head.digest, head.at)
    counted = count(ledger, folded, Own(row.ledger, {row.seq: bytes(row.line)}), row.received_at)
    run(*counted.tallies)


class _Place(NamedTuple):
    unit_id: str
    counter_id: str | None


def _place_of(head: Head) -> _Place:
    """Where a ledger's accepted lines count: at the counter that its first line names; if there is none such, in the device's unit."""
    unnamed = _Place(head.unit_id, head.counter_id)
    first = Quarantine.objects.filter(ledger=head.ledger, seq=1).first()
    if head.counter_id is not None or first is None:
        return unnamed
    try:
        opened = decode_entry(bytes(first.line))
    except Malformed:
        return unnamed
    if not isinstance(opened, Opened) or "\0" in opened.unit + opened.counter:
        return unnamed
    named = Counter.objects.filter(pk=opened.counter, unit_id=opened.unit).exists()
    return _Place(opened.unit, opened.counter) if named else unnamed
