"""The append-only record of everything that happens on the kiosk, on disk twice: a SQLite database and the journal.

One object, one connection, one lock around both. EXCLUSIVE with one connection keeps clear of the WAL-reset corruption of SQLite
3.7.0 to 3.51.2, which needs two; synchronous=NORMAL would lose the last votes in a power cut, FULL does not.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.clocks import Clocks, Moment
from kiosk.files import sync_directory
from kiosk.journal import Journal, Record
from kiosk.migrations import ledger_schema
from kiosk.open_ledger import JournalCopy, NotRecorded, OpenLedger, TableCopy, transaction
from sync.courier import Pending
from sync.wire import (
    GENESIS,
    MAX_BATCH_BYTES,
    MAX_BATCH_LINES,
    Acked,
    Entry,
    Held,
    Opened,
    Parent,
    decode_entry,
    encode_entry,
    uuid7,
)

PRAGMAS: dict[str, int | str] = {
    "locking_mode": "exclusive",
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "wal_autocheckpoint": 64,
    "cell_size_check": 1,
    "trusted_schema": 0,
}

log = logging.getLogger(__name__)


class AlreadyRunning(Exception):
    """Another process has this ledger open."""


@dataclass(frozen=True)
class Binding:
    """Whom a ledger belongs to: the device's public key (hex), and the ids of unit and counter."""

    device: str
    unit: str
    counter: str


class Ledger:
    """All ledgers of this kiosk; `bind` opens the one that takes entries.

    folder: holds `ledger.db` and `journal/`. Raises `AlreadyRunning`, OSError, sqlite3.Error.
    """

    def __init__(self, folder: Path, clocks: Clocks) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._clocks = clocks
        self._lock = threading.Lock()
        self._connection = _connect(folder / "ledger.db")
        self._open: OpenLedger | None = None

    def bind(self, binding: Binding) -> None:
        """Go on in the newest ledger, or open another where that one belongs to another device, unit or counter."""
        with self._lock:
            newest = self._one("SELECT number, ledger FROM ledgers ORDER BY number DESC LIMIT 1")
            if newest is None:
                self._open = self._begin(binding, parent=None)
                return
            current = self._resume(newest["number"], newest["ledger"])
            opened = self._one("SELECT line FROM entries WHERE number = ? AND seq = 1", newest["number"])
            if opened is not None and _bound(opened["line"]) == binding:
                self._open = current
            else:
                self._open = self._begin(binding, Parent(current.name, current.last, current.digest) if current.last else None)
                current.journal.close()

    def append(self, make: Callable[[Moment], Entry]) -> None:
        """Record what `make` says of this moment. It is durable when this returns. Raises `NotRecorded`."""
        with self._lock:
            if self._open is None:
                raise NotRecorded("no ledger is open")
            self._open.append(encode_entry(make(self._clocks.now())))

    def held(self) -> list[Held]:
        """Every ledger on disk, the oldest first."""
        with self._lock:
            rows = self._connection.execute(
                """SELECT ledger, floor, acked, (SELECT max(seq) FROM entries WHERE entries.number = ledgers.number) AS last
                   FROM ledgers ORDER BY number"""
            ).fetchall()
        return [Held(row["ledger"], row["floor"], row["last"] or row["floor"], row["acked"]) for row in rows]

    def pending(self) -> Pending:
        """What follows `acked` in the oldest ledger that has something to send, as much as a batch may hold."""
        with self._lock:
            row = self._one(
                """SELECT number, ledger, acked FROM ledgers
                   WHERE acked < (SELECT max(seq) FROM entries WHERE entries.number = ledgers.number) ORDER BY number LIMIT 1"""
            ) or self._one("SELECT number, ledger, acked FROM ledgers ORDER BY number DESC LIMIT 1")
            if row is None:
                raise LookupError("no ledger is open")
            rows = self._connection.execute(
                "SELECT line FROM entries WHERE number = ? AND seq > ? ORDER BY seq LIMIT ?",
                (row["number"], row["acked"], MAX_BATCH_LINES),
            ).fetchall()
            previous = self._digest_at(row["number"], row["acked"])
        if previous is None:
            raise LookupError(f"entry {row['acked']} of {row['ledger']} is missing")
        lines, room = [], MAX_BATCH_BYTES - 1
        for line in (found["line"].encode() for found in rows):
            room -= len(line) + 1
            if room < 0:
                break
            lines.append(line)
        return Pending(row["ledger"], row["acked"] + 1, previous, lines)

    def acknowledge(self, at: Acked) -> bool:
        """Move `acked`, up or down, to where the server stands; False, and nothing moved, where our digest there is another."""
        with self._lock:
            row = self._one("SELECT number, acked FROM ledgers WHERE ledger = ?", at.ledger)
            if row is None or self._digest_at(row["number"], at.acked) != at.digest:
                return False
            if row["acked"] != at.acked:
                with transaction(self._connection):
                    self._connection.execute("UPDATE ledgers SET acked = ? WHERE number = ?", (at.acked, row["number"]))
            return True

    def waiting(self) -> int:
        """How many entries the server is not known to hold."""
        return sum(ledger.last - ledger.acked for ledger in self.held())

    def close(self) -> None:
        """Write everything back into the one file, and let go of it."""
        with self._lock:
            if self._open is not None:
                self._open.journal.close()
                self._open = None
            self._connection.close()

    def _begin(self, binding: Binding, parent: Parent | None) -> OpenLedger:
        name = f"l-{uuid7()}"
        with transaction(self._connection):
            cursor = self._connection.execute("INSERT INTO ledgers (ledger, floor_digest) VALUES (?, ?)", (name, GENESIS))
        number = int(cursor.lastrowid or 0)
        begun = OpenLedger(name, number, None, Journal(self._folder / "journal" / name), self._connection)
        now = self._clocks.now()
        opened = Opened(
            id=uuid7(),
            at=now.at,
            up=now.up,
            boot=now.boot,
            ledger=name,
            device=binding.device,
            unit=binding.unit,
            counter=binding.counter,
            parent=parent,
            reason="moved" if parent else "new",
        )
        begun.append(encode_entry(opened))
        return begun

    def _resume(self, number: int, name: str) -> OpenLedger:
        """The ledger where it ended, after mending whichever copy is behind (the power went between the two writes)."""
        journal = Journal(self._folder / "journal" / name)
        row = self._one("SELECT seq, line, digest FROM entries WHERE number = ? ORDER BY seq DESC LIMIT 1", number)
        end = Record(row["seq"], row["line"].encode(), row["digest"]) if row else None
        last, at_end = (end.seq, end.digest) if end else (0, GENESIS)
        if journal.last >= last and last in (0, *(r.seq for r in journal.records(last - 1) if r.digest == at_end)):
            behind = list(journal.records(last))
            if behind:
                log.warning("the database of %s lacked %d entries that the journal has", name, len(behind))
                TableCopy(self._connection, number).write(behind)
                end = behind[-1]
        elif journal.last < last and self._digest_at(number, journal.last) == journal.digest:
            log.warning("the journal of %s lacked %d entries that the database has", name, last - journal.last)
            JournalCopy(journal).write(self._records(number, journal.last))
        else:
            journal = self._rewrite_journal(number, name)
        return OpenLedger(name, number, end, journal, self._connection)

    def _rewrite_journal(self, number: int, name: str) -> Journal:
        """A journal that disagrees with the database is put aside, and written anew from it."""
        folder = self._folder / "journal" / name
        aside = folder.with_name(f"{name}.disagreed-{uuid7()}")
        log.error("journal and database of %s disagree; the journal was put aside as %s", name, aside.name)
        folder.rename(aside)
        journal = Journal(folder)
        JournalCopy(journal).write(self._records(number, 0))
        return journal

    def _records(self, number: int, after: int) -> list[Record]:
        rows = self._connection.execute(
            "SELECT seq, line, digest FROM entries WHERE number = ? AND seq > ? ORDER BY seq", (number, after)
        ).fetchall()
        return [Record(row["seq"], row["line"].encode(), row["digest"]) for row in rows]

    def _digest_at(self, number: int, seq: int) -> str | None:
        row = self._one(
            """SELECT digest FROM entries WHERE number = ? AND seq = ?
               UNION ALL SELECT floor_digest FROM ledgers WHERE number = ? AND floor = ?""",
            number, seq, number, seq,
        )  # fmt: skip
        return None if row is None else str(row["digest"])

    def _one(self, sql: str, *parameters: object) -> Any:  # noqa: ANN401 a row of any columns, or None
        return self._connection.execute(sql, parameters).fetchone()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        for pragma, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma} = {value}")
        for pragma, value in PRAGMAS.items():
            found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != value:
                raise sqlite3.DatabaseError(f"PRAGMA {pragma} is {found}, not {value}")
        ledger_schema.apply(Database(connection))
    except sqlite3.OperationalError as error:
        connection.close()
        if "locked" in str(error):
            raise AlreadyRunning(str(path)) from error
        raise
    except sqlite3.Error:
        connection.close()
        raise
    sync_directory(path.parent)
    return connection


def _bound(line: str) -> Binding | None:
    opened = decode_entry(line.encode())
    return Binding(opened.device, opened.unit, opened.counter) if isinstance(opened, Opened) else None
