"""The append-only record of everything that happens on the kiosk, on disk twice: a SQLite database and the journal.

One object, one connection, one lock around both.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.clocks import Clocks, Moment
from kiosk.files import make_folder
from kiosk.instance import Instance
from kiosk.journal import Journal
from kiosk.mending import digest_at, resume
from kiosk.open_ledger import NotRecorded, OpenLedger, transaction
from kiosk.recovery import open_database
from sync.courier import Pending
from sync.entries import GENESIS, Entry, Opened, Parent, decode_entry, encode_entry, uuid7
from sync.wire import MAX_BATCH_BYTES, MAX_BATCH_LINES, Acked, Held

log = logging.getLogger(__name__)


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
        make_folder(folder)
        self._folder = folder
        self._clocks = clocks
        self._lock = threading.Lock()
        self._instance = Instance(folder)
        try:
            self._connection = open_database(folder, clocks)
        except BaseException:
            self._instance.release()
            raise
        self._open: OpenLedger | None = None

    def bind(self, binding: Binding) -> None:
        """Go on in the newest ledger, or open another where that one belongs to another device, unit or counter."""
        with self._lock:
            newest = self._one("SELECT number, ledger FROM ledgers ORDER BY number DESC LIMIT 1")
            if newest is None:
                self._open = self._begin(binding, parent=None)
                return
            current = resume(self._connection, self._folder / "journal", newest["number"], newest["ledger"])
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
            previous = digest_at(self._connection, row["number"], row["acked"])
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
            if row is None or digest_at(self._connection, row["number"], at.acked) != at.digest:
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
            self._instance.release()

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

    def _one(self, sql: str, *parameters: object) -> Any:  # noqa: ANN401 a row of any columns, or None
        return self._connection.execute(sql, parameters).fetchone()


def _bound(line: str) -> Binding | None:
    opened = decode_entry(line.encode())
    return Binding(opened.device, opened.unit, opened.counter) if isinstance(opened, Opened) else None
