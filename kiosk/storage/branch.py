"""How a ledger begins: by itself, or with the entries that another one had, which stay the same lines.

The journal is written first, then everything else in one transaction. So after a crash there is either the new ledger, or only a
folder of its journal: the old ledger then still has all that is in there.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.storage.journal import Journal, Record
from kiosk.storage.open_ledger import OpenLedger, transaction
from sync.entries import GENESIS, Opened, chain, encode_entry


def begin(
    connection: sqlite3.Connection,
    journals: Path,
    opened: Opened,
    carried: Sequence[bytes] = (),
    *,
    closed: bool = False,
    with_it: Callable[[], None] = lambda: None,
) -> OpenLedger:
    """A new ledger, durable in both copies.

    journals: the folder of all journals. carried: the lines that follow the first. closed: it takes no more entries.
    with_it: what becomes of other ledgers, in the same transaction. Raises OSError, sqlite3.Error; then there is no new ledger.
    """
    lines = [encode_entry(opened), *carried]
    records = [Record(seq, line, digest) for seq, (line, digest) in enumerate(zip(lines, chain(GENESIS, lines), strict=True), 1)]
    journal = Journal(journals / opened.ledger)
    journal.extend(records)
    with transaction(connection):
        cursor = connection.execute("INSERT INTO ledgers (ledger, floor_digest, closed) VALUES (?, ?, ?)", (opened.ledger, GENESIS, closed))
        number = int(cursor.lastrowid or 0)
        rows = ((number, record.seq, record.line.decode(), record.digest) for record in records)
        connection.executemany("INSERT INTO entries (number, seq, line, digest) VALUES (?, ?, ?, ?)", rows)
        with_it()
    return OpenLedger(opened.ledger, number, records[-1], journal, connection)


def lines_to_carry(connection: sqlite3.Connection, number: int, after: int) -> list[bytes]:
    """The entries of a ledger behind `after` that were not carried elsewhere, but for the one that opened it."""
    found = connection.execute(
        """SELECT line FROM entries JOIN ledgers USING (number)
           WHERE number = ? AND seq > max(?, 1) AND seq <= coalesce(carried_after, seq) ORDER BY seq""",
        (number, after),
    )
    return [line.encode() for (line,) in found.fetchall()]


def end_at(connection: sqlite3.Connection, number: int, after: int) -> None:
    """A ledger takes no more entries, and those behind `after` are offered elsewhere."""
    connection.execute(
        "UPDATE ledgers SET closed = 1, carried_after = min(?1, coalesce(carried_after, ?1)), acked = min(acked, ?1) WHERE number = ?2",
        (after, number),
    )
