"""What the ledgers offer the server: their entries above the floor, up to the last, or to where those behind it went elsewhere."""

import sqlite3
from bisect import bisect_left
from itertools import accumulate

from kiosk.storage.mending import digest_at
from sync.store import Pending
from sync.wire import MAX_BATCH_BYTES, Held

_OFFERED = """
    SELECT number, ledger, closed, floor, last, max(floor, min(acked, last)) AS acked
    FROM (
        SELECT number, ledger, closed, floor, acked, max(floor, min(found, coalesce(carried_after, found))) AS last
        FROM (SELECT *, coalesce((SELECT max(seq) FROM entries WHERE entries.number = ledgers.number), floor) AS found FROM ledgers)
    )
"""
_ONE = _OFFERED + "WHERE ledger = ?"
_OLDEST = _OFFERED + "WHERE acked < last ORDER BY number LIMIT 1"
_NEWEST = _OFFERED + "ORDER BY closed, number DESC LIMIT 1"


def held(connection: sqlite3.Connection) -> list[Held]:
    """What every ledger offers, the oldest first."""
    rows = connection.execute(_OFFERED + "ORDER BY number").fetchall()
    return [Held(row["ledger"], row["floor"], row["last"], row["acked"]) for row in rows]


def pending(connection: sqlite3.Connection, most: int, ledger: str | None) -> Pending:
    """At most so many offered entries behind `acked`, and no more bytes than a batch may have: of that ledger, or of the oldest that
    has any, or none of the open one. Raises LookupError where there is no such ledger, or its chain is broken at `acked`.
    """
    if ledger is not None:
        row = connection.execute(_ONE, (ledger,)).fetchone()
    else:
        row = connection.execute(_OLDEST).fetchone() or connection.execute(_NEWEST).fetchone()
    if row is None:
        raise LookupError("no ledger is open" if ledger is None else f"{ledger} is not here")
    previous = digest_at(connection, row["number"], row["acked"])
    if previous is None:
        raise LookupError(f"entry {row['acked']} of {row['ledger']} is missing")
    found = connection.execute(
        "SELECT CAST(line AS BLOB) FROM entries WHERE number = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        (row["number"], row["acked"], row["last"], most),
    )
    lines = [line for (line,) in found.fetchall()]
    sizes = list(accumulate(len(line) + 1 for line in lines))
    return Pending(row["ledger"], row["acked"] + 1, previous, lines[: bisect_left(sizes, MAX_BATCH_BYTES)])
