"""Votes, tallies, entries about votes and quarantine, made again from what is the truth: archive, places and decisions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from heapq import merge

from django.db import connection, transaction
from django.db.models import Model

from server.comments.named import mark_all_arrived
from server.intake import store
from server.intake.archive import Own
from server.intake.clock import milliseconds
from server.intake.counting import count
from server.intake.decisions import interpreted, take_in
from server.intake.desk import Ledger
from server.intake.fold import fold
from server.intake.models import (
    Batch,
    Change,
    Comment,
    Decision,
    Head,
    OfficerDay,
    Quarantine,
    ReasonDay,
    Reasons,
    UnitHour,
    Vote,
    Waiting,
)
from server.intake.sql import on_postgresql, run
from server.places.models import Unit
from sync import wire

DERIVED: tuple[type[Model], ...] = (Vote, OfficerDay, UnitHour, ReasonDay, Change, Reasons, Comment, Waiting, Quarantine, Head)


def rebuild(progress: Callable[[int, int], None]) -> int:
    """Make everything that is derived from the archive again, in one transaction; returns how many batches there were.

    Whatever goes wrong leaves what was there. Batches that arrive meanwhile wait, pages show what was there.
    progress: called with the number of batches done, and of all.
    """
    with transaction.atomic():
        _keep_writers_out()
        total = Batch.objects.count()
        run(store.mark_all_stale())
        for table in DERIVED:
            _empty(table)
        ledgers: dict[str, Ledger] = {}
        zones = dict(Unit.objects.values_list("id", "time_zone"))
        done = 0
        for event in _events():
            if isinstance(event, Decision):
                _fold_in(event)
            else:
                known = ledgers.get(event.ledger) or _new(event, zones)
                ledgers[event.ledger] = _count(known, event)
                done += 1
                progress(done, total)
        mark_all_arrived()
    return total


def _keep_writers_out() -> None:
    """On PostgreSQL intake's and decisions' first write is a head, and is to wait. SQLite has one writer anyway."""
    if on_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("LOCK TABLE intake_head IN EXCLUSIVE MODE")


def _empty(table: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)}")  # noqa: S608 – names of our own tables


def _events() -> Iterator[Batch | Decision]:
    """Batches and folded decisions in the order in which they took effect."""
    batches = Batch.objects.order_by("number", "received_at").iterator(chunk_size=64)
    folded = Decision.objects.filter(verdict=Decision.Verdict.FOLDED).order_by("number").iterator(chunk_size=64)
    return merge(batches, folded, key=lambda event: event.number)


def _new(batch: Batch, zones: dict[str, str]) -> Ledger:
    return Ledger(batch.ledger, batch.unit_id, zones[batch.unit_id], batch.device_id, batch.counter_id)


def _count(ledger: Ledger, row: Batch) -> Ledger:
    """Count an archived batch as it was counted when it came; returns the ledger as it is then."""
    batch = wire.decode_batch(bytes(row.body))
    fresh = batch.lines[ledger.seq + 1 - row.first :]
    unknown = set(map(int, row.unknown_officers.split(","))) if row.unknown_officers else set[int]()
    folded = fold(
        fresh,
        ledger.seq + 1,
        ledger=row.ledger,
        opened=ledger.counter_id is not None,
        knows=lambda seq, officer: seq not in unknown,
        clock=batch.header.clock,
        genuine=batch.header.genuine,
        received=milliseconds(row.received_at),
        since=ledger.at,
    )
    moved = replace(ledger, seq=row.last, digest=row.digest, at=folded.at)
    counted = count(moved, folded, Own(row.ledger, dict(enumerate(fresh, ledger.seq + 1))), row.received_at)
    run(*counted.tallies)
    return moved


def _fold_in(decision: Decision) -> None:
    """Fold in what was folded in then; a newer program may have counted it already."""
    row = Quarantine.objects.filter(unit_id=decision.unit_id, ledger=decision.ledger, seq=decision.seq).first()
    folded = row and interpreted(row, None)
    if row and folded:
        take_in(row, folded)
