"""The statements by which intake writes, each for a whole batch. Rows go in as one array per column on PostgreSQL, as one
JSON array on SQLite.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from server.intake.clock import milliseconds
from server.intake.desk import Ledger
from server.intake.fold import NewVote
from server.intake.sql import Statement, on_postgresql, stored_time, text_time
from server.intake.tally import HourCell, OfficerCell, ReasonCell
from sync.stick import NO_BOOT
from sync.wire import BatchHeader

_VOTES_POSTGRESQL = """
    INSERT INTO intake_vote (unit_id, ledger, counter_id, id, seq, officer_id, satisfied, at, estimated)
    SELECT %b, %b, %b, v.id, v.seq, v.officer_id, v.satisfied, to_timestamp(v.at::float8 / 1000), v.estimated
    FROM unnest(%b::uuid[], %b::int8[], %b::text[], %b::bool[], %b::int8[], %b::bool[])
        AS v (id, seq, officer_id, satisfied, at, estimated)
    ON CONFLICT DO NOTHING RETURNING seq
"""
_VOTES_SQLITE = """
    INSERT INTO intake_vote (unit_id, ledger, counter_id, id, seq, officer_id, satisfied, at, estimated)
    SELECT %b, %b, %b, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
    FROM json_each(%b) WHERE true
    ON CONFLICT DO NOTHING RETURNING seq
"""
_OFFICER_DAYS_POSTGRESQL = """
    INSERT INTO intake_officerday AS kept (unit_id, day, counter_id, officer_id, satisfied, dissatisfied)
    SELECT %b, c.* FROM unnest(%b::date[], %b::text[], %b::text[], %b::int4[], %b::int4[])
        AS c (day, counter_id, officer_id, satisfied, dissatisfied)
"""
_OFFICER_DAYS_SQLITE = """
    INSERT INTO intake_officerday AS kept (unit_id, day, counter_id, officer_id, satisfied, dissatisfied)
    SELECT %b, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(%b) WHERE true
"""
_UNIT_HOURS_POSTGRESQL = """
    INSERT INTO intake_unithour AS kept (unit_id, day, hour, satisfied, dissatisfied)
    SELECT %b, c.* FROM unnest(%b::date[], %b::int2[], %b::int4[], %b::int4[]) AS c (day, hour, satisfied, dissatisfied)
"""
_UNIT_HOURS_SQLITE = """
    INSERT INTO intake_unithour AS kept (unit_id, day, hour, satisfied, dissatisfied)
    SELECT %b, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(%b) WHERE true
"""
_REASON_DAYS_POSTGRESQL = """
    INSERT INTO intake_reasonday AS kept (unit_id, day, reason, times)
    SELECT %b, c.* FROM unnest(%b::date[], %b::text[], %b::int4[]) AS c (day, reason, times)
"""
_REASON_DAYS_SQLITE = """
    INSERT INTO intake_reasonday AS kept (unit_id, day, reason, times)
    SELECT %b, value ->> 0, value ->> 1, value ->> 2 FROM json_each(%b) WHERE true
"""
_ADD_REASON_DAYS = "ON CONFLICT (unit_id, day, reason) DO UPDATE SET times = kept.times + excluded.times"
_STALE_POSTGRESQL = "INSERT INTO intake_staleday AS kept (unit_id, day, changes) SELECT %b, day, 1 FROM unnest(%b::date[]) AS d (day)"
_STALE_SQLITE = "INSERT INTO intake_staleday AS kept (unit_id, day, changes) SELECT %b, value, 1 FROM json_each(%b) WHERE true"
_ALL_STALE = """
    INSERT INTO intake_staleday AS kept (unit_id, day, changes) SELECT DISTINCT unit_id, day, 1 FROM intake_officerday WHERE true
"""
_STALE_AGAIN = " ON CONFLICT (unit_id, day) DO UPDATE SET changes = kept.changes + 1"
_ADD = """
    ON CONFLICT ({}) DO UPDATE
    SET satisfied = kept.satisfied + excluded.satisfied, dissatisfied = kept.dissatisfied + excluded.dissatisfied
"""
_ADD_OFFICER_DAYS = _ADD.format("unit_id, day, counter_id, officer_id")
_ADD_UNIT_HOURS = _ADD.format("unit_id, day, hour")
_NUMBER_POSTGRESQL = "nextval('intake_number')"
_NUMBER_SQLITE = """(
    SELECT 1 + max(coalesce((SELECT max(number) FROM intake_batch), 0), coalesce((SELECT max(number) FROM intake_decision), 0))
)"""
_ARCHIVE = """
    INSERT INTO intake_batch (
        unit_id, ledger, first, last, digest, counter_id, body, signature, device_id, device_key, received_at, unknown_officers, number
    )
    VALUES (%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, {})
"""
_DECIDE = "INSERT INTO intake_decision (unit_id, ledger, seq, verdict, who, at, number) VALUES (%b, %b, %b, %b, %b, %b, {})"
_WAITS = "SELECT 1 FROM intake_waiting WHERE unit_id = %b LIMIT 1"
_ALARM = "UPDATE devices_device SET flag = %b WHERE id = %b AND flag = ''"
_HEAD = """
    INSERT INTO intake_head AS kept (ledger, unit_id, device_id, counter_id, seq, digest, at) VALUES (%b, %b, %b, %b, %b, %b, %b)
    ON CONFLICT (ledger) DO UPDATE
    SET seq = excluded.seq, digest = excluded.digest, at = excluded.at
    WHERE kept.device_id = excluded.device_id
    RETURNING seq
"""
_HEARD = """
    UPDATE devices_device
    SET last_heard = %b, waiting = %b, disk_free = %b, version = %b, held = %b, clock_ahead = coalesce(%b, clock_ahead),
        update_version = %b, update_outcome = %b, update_why = %b
    WHERE id = %b
"""

_row_encoder = msgspec.json.Encoder(uuid_format="hex")  # as Django keeps a UUID in SQLite


def insert_votes(unit_id: str, ledger: str, counter_id: str, votes: Sequence[NewVote]) -> Statement:
    """Insert the votes whose ids the unit does not have yet; gives the seqs of those."""
    if on_postgresql():
        # In the order of ids, two ledgers that carry the same votes wait for each other instead of deadlocking.
        ordered = sorted(votes, key=lambda vote: vote.id.int)
        columns = _columns([(v.id, v.seq, v.officer_id, v.satisfied, v.at, v.estimated) for v in ordered])
        return Statement(_VOTES_POSTGRESQL, [unit_id, ledger, counter_id, *columns])
    rows = [(v.id, v.seq, v.officer_id, v.satisfied, text_time(v.at), v.estimated) for v in votes]
    return Statement(_VOTES_SQLITE, [unit_id, ledger, counter_id, _json(rows)])


def add_officer_days(unit_id: str, cells: Sequence[OfficerCell]) -> Statement:
    """Add the cells to the tally of officer and day."""
    if on_postgresql():
        return Statement(_OFFICER_DAYS_POSTGRESQL + _ADD_OFFICER_DAYS, [unit_id, *_columns(cells)])
    return Statement(_OFFICER_DAYS_SQLITE + _ADD_OFFICER_DAYS, [unit_id, _json(cells)])


def add_unit_hours(unit_id: str, cells: Sequence[HourCell]) -> Statement:
    """Add the cells to the tally of unit and hour."""
    if on_postgresql():
        return Statement(_UNIT_HOURS_POSTGRESQL + _ADD_UNIT_HOURS, [unit_id, *_columns(cells)])
    return Statement(_UNIT_HOURS_SQLITE + _ADD_UNIT_HOURS, [unit_id, _json(cells)])


def add_reason_days(unit_id: str, cells: Sequence[ReasonCell]) -> Statement:
    """Add the cells to the tally of reason and day."""
    if on_postgresql():
        return Statement(_REASON_DAYS_POSTGRESQL + _ADD_REASON_DAYS, [unit_id, *_columns(cells)])
    return Statement(_REASON_DAYS_SQLITE + _ADD_REASON_DAYS, [unit_id, _json(cells)])


def mark_stale(unit_id: str, days: Sequence[date]) -> Statement:
    """Note that the unit's tallies of these days, in their order, changed. The mark is held until the transaction ends, so whoever
    takes it away sees what was written with it.
    """
    if on_postgresql():
        return Statement(_STALE_POSTGRESQL + _STALE_AGAIN, [unit_id, list(days)])
    return Statement(_STALE_SQLITE + _STALE_AGAIN, [unit_id, _row_encoder.encode(days).decode()])


def mark_all_stale() -> Statement:
    """Note that whatever was tallied may change."""
    return Statement(_ALL_STALE + _STALE_AGAIN, [])


def archive(ledger: Ledger, first: int, body: bytes, signature: str, key: str, at: datetime, unknown_officers: list[int]) -> Statement:
    """Keep a batch that begins at `first` and ends at the ledger's new head.

    To be run last: who waited for the rows of another batch then has the higher number.
    """
    row = [ledger.unit_id, ledger.ledger, first, ledger.seq, ledger.digest, ledger.counter_id, body, signature, ledger.device_id, key]
    return Statement(_ARCHIVE.format(_number()), [*row, stored_time(at), ",".join(map(str, unknown_officers))])


def decide(unit_id: str, ledger: str, seq: int, verdict: str, who: str, at: datetime) -> Statement:
    """Keep a decision about a quarantined line. To be run last, as `archive`."""
    return Statement(_DECIDE.format(_number()), [unit_id, ledger, seq, verdict, who, stored_time(at)])


def anything_waits(unit_id: str) -> Statement:
    """A row if entries of the unit wait for their votes."""
    return Statement(_WAITS, [unit_id])


def alarm(device_id: str, flag: str) -> Statement:
    """Flag a device, unless it is flagged already."""
    return Statement(_ALARM, [flag, device_id])


def move_head(ledger: Ledger) -> Statement:
    """Keep the ledger's new head; gives no row when another device has the ledger."""
    row = [ledger.ledger, ledger.unit_id, ledger.device_id, ledger.counter_id, ledger.seq, ledger.digest, ledger.at]
    return Statement(_HEAD, row)


def heard(device_id: str, header: BatchHeader, at: datetime) -> Statement:
    """Keep when the device was heard, how it is, and what it says it holds. What was carried tells nothing about its clock."""
    health, clock = header.health, header.clock
    ahead = None if clock.boot == NO_BOOT else milliseconds(clock.at) - milliseconds(at)
    said = [health.waiting, health.disk_free, health.version, msgspec.json.encode(header.ledgers).decode(), ahead]
    update = health.update
    said += [update.version, update.outcome, update.why] if update else ["", "", ""]
    return Statement(_HEARD, [stored_time(at), *said, device_id])


def _number() -> str:
    return _NUMBER_POSTGRESQL if on_postgresql() else _NUMBER_SQLITE


def _json(rows: Sequence[tuple[Any, ...]]) -> str:
    return _row_encoder.encode(rows).decode()


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
