"""The append-only record of everything that happens on the kiosk, on disk twice: a SQLite database and the journal.

One object, one connection, one lock around both.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from kiosk.clocks import Clocks, Moment
from kiosk.storage import offers
from kiosk.storage.asides import Asides
from kiosk.storage.branch import begin, end_at, lines_to_carry
from kiosk.storage.database import give_back_wal
from kiosk.storage.duties import NO_DUTIES, Duties, last_duties
from kiosk.storage.instance import Instance
from kiosk.storage.mending import digest_at, resume
from kiosk.storage.open_ledger import NotRecorded, OpenLedger, transaction
from kiosk.storage.recovery import open_database
from kiosk.storage.reserve import Reserve
from kiosk.storage.retention import Retention
from sync.entries import Closed, Entry, Malformed, Opened, Parent, decode_entry, encode_entry, uuid7
from sync.files import make_folder
from sync.store import Pending
from sync.wire import MAX_BATCH_LINES, Acked, Held

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Entry)


@dataclass(frozen=True)
class Binding:
    """Whom a ledger belongs to: the device's public key (hex), and the ids of unit and counter.

    former: public keys that the device had before; a ledger that one of them opened goes on.
    """

    device: str
    unit: str
    counter: str
    former: frozenset[str] = field(default=frozenset(), compare=False)

    def takes_on(self, other: "Binding | None") -> bool:
        """Whether a ledger that belongs to the other is ours as well."""
        return other is not None and (self == other or (other.device in self.former and self == replace(other, device=self.device)))


class Ledger:
    """All ledgers of this kiosk; `bind` opens the one that takes entries.

    folder: holds `ledger.db` and `journal/`. Raises `AlreadyRunning`, OSError, sqlite3.Error.
    """

    def __init__(self, folder: Path, clocks: Clocks) -> None:
        make_folder(folder)
        self._journals = folder / "journal"
        self._reserve = Reserve(folder)
        self._clocks = clocks
        self._lock = threading.Lock()
        self._instance = Instance(folder)
        try:
            self._reserve.at_start()
            self._connection = open_database(folder, clocks)
        except BaseException:
            self._instance.release()
            raise
        self._open: OpenLedger | None = None
        self._binding: Binding | None = None
        self._kept_house_on: date | None = None

    def bind(self, binding: Binding) -> None:
        """Go on in the open ledger, or in another where that one belongs to another device, unit or counter.

        Raises `NotRecorded`, OSError, sqlite3.Error; so does `move`.
        """
        with self._lock:
            row = self._one("SELECT number, ledger FROM ledgers WHERE closed = 0 ORDER BY number DESC LIMIT 1")
            if row is None:
                self._open = begin(self._connection, self._journals, self._opening(binding, None, "new"))
                self._binding = binding
                return
            self._open = resume(self._connection, self._journals, row["number"], row["ledger"])
            self._connection.execute("UPDATE ledgers SET closed = 1 WHERE closed = 0 AND number <> ?", (row["number"],))
            self._move(self._open, binding)

    def move(self, binding: Binding) -> None:
        """Close the open ledger, and open another, where the kiosk has another unit or counter (or key) from now on."""
        with self._lock:
            if self._open is None:
                raise NotRecorded("no ledger is open")
            self._move(self._open, binding)

    @property
    def binding(self) -> Binding | None:
        """Whom the open ledger belongs to; None before `bind`."""
        return self._binding

    def append(self, make: Callable[[Moment], T], then: Callable[[T], None] = lambda _: None) -> None:
        """Record what `make` says of this moment. It is durable when this returns. Raises `NotRecorded`.

        then: called with the entry once it is durable, and before any other entry is made.
        """
        with self._lock:
            if self._open is None:
                raise NotRecorded("no ledger is open")
            entry = make(self._clocks.now())
            self._open.append(encode_entry(entry), self._make_room)
            then(entry)

    def duties(self) -> Duties:
        """The last words on who is on duty where the kiosk stands. Reads much: for the start."""
        with self._lock:
            return NO_DUTIES if self._open is None else last_duties(self._connection, self._open.number)

    def held(self) -> list[Held]:
        """What every ledger on disk offers, the oldest first."""
        with self._lock:
            return offers.held(self._connection)

    def pending(self, most: int = MAX_BATCH_LINES, ledger: str | None = None) -> Pending:
        """What follows `acked`; see `offers.pending`. Raises LookupError."""
        with self._lock:
            return offers.pending(self._connection, most, ledger)

    def waiting(self) -> int:
        """How many entries the server is not known to hold."""
        return sum(ledger.last - ledger.acked for ledger in self.held())

    def digest_at(self, ledger: str, seq: int) -> str | None:
        """The digest at an entry of a ledger, or at its floor; None where there is neither."""
        with self._lock:
            row = self._one("SELECT number FROM ledgers WHERE ledger = ?", ledger)
            return None if row is None else digest_at(self._connection, row["number"], seq)

    def acknowledge(self, at: Acked) -> bool:
        """Move `acked`, up or down, to where the server stands; False, and nothing moved, where our digest there is another."""
        with self._lock:
            row = self._one("SELECT number, acked, carried_after FROM ledgers WHERE ledger = ?", at.ledger)
            if row is None or digest_at(self._connection, row["number"], at.acked) != at.digest:
                return False
            acked = at.acked if row["carried_after"] is None else min(at.acked, row["carried_after"])
            if acked != row["acked"]:
                with transaction(self._connection):
                    self._connection.execute("UPDATE ledgers SET acked = ? WHERE number = ?", (acked, row["number"]))
            return True

    def branch(self, at: Acked) -> str | None:
        """Let a ledger end at the point `at`, or at its floor where that lies above, and another go on with all that follows.

        The new ledger has the same unit and counter, and the same lines; it is open if the old one was. Returns its name, or None
        where a closed ledger had nothing to carry. Raises ValueError where our digest at that point is another; OSError,
        sqlite3.Error: then all is as before.
        """
        with self._lock:
            row = self._one("SELECT number, floor, floor_digest, closed FROM ledgers WHERE ledger = ?", at.ledger)
            if row is None:
                raise ValueError(f"{at.ledger} is not here")
            number, pruned = row["number"], at.acked < row["floor"]
            parent = Parent(at.ledger, *((row["floor"], row["floor_digest"]) if pruned else (at.acked, at.digest)))
            if digest_at(self._connection, number, parent.seq) != parent.digest:
                raise ValueError(f"{at.ledger} has another digest at {parent.seq}")
            was_open = self._open if self._open and self._open.number == number else None
            if was_open:
                was_open.catch_up()
            lines = lines_to_carry(self._connection, number, parent.seq)
            if row["closed"] and not lines:
                end_at(self._connection, number, parent.seq)
                return None
            opened = self._opening(self._binding_for_branch(number), parent, "pruned" if pruned else "forked")
            begun = begin(
                self._connection,
                self._journals,
                opened,
                lines,
                closed=bool(row["closed"]),
                with_it=lambda: end_at(self._connection, number, parent.seq),
            )
            begun.journal.close()
            if was_open:
                was_open.journal.close()
                self._open = begun
            return begun.name

    def keep_house(self, day: date | None) -> None:
        """Keep room for the last votes, and once a day let go of what is old, or was put aside. day: the server's, where it is known.

        Raises OSError, sqlite3.Error.
        """
        self._reserve.make()
        if day is not None and day != self._kept_house_on:
            Retention(self._connection, self._lock, self._journals).run(day)
            Asides(self._journals.parent, self._connection, self._lock).run(day)
            self._kept_house_on = day

    def close(self) -> None:
        """Write everything back into the one file, and let go of it."""
        with self._lock:
            if self._open is not None:
                self._open.journal.close()
                self._open = None
            self._connection.close()
            self._instance.release()

    def _make_room(self) -> None:
        self._reserve.release()
        give_back_wal(self._connection)

    def _move(self, current: OpenLedger, binding: Binding) -> None:
        ended = current.end is not None and isinstance(_entry(current.end.line), Closed)
        if binding.takes_on(self._binding_of(current.number)) and not ended:
            self._binding = binding
            return
        if current.end and not ended:
            now = self._clocks.now()
            current.append(encode_entry(Closed(id=uuid7(), at=now.at, up=now.up, boot=now.boot)))
        current.catch_up()
        parent = Parent(current.name, current.last, current.digest) if current.end else None

        def close_it() -> None:
            self._connection.execute("UPDATE ledgers SET closed = 1 WHERE number = ?", (current.number,))

        opened = self._opening(binding, parent, "moved" if parent else "new")
        self._open = begin(self._connection, self._journals, opened, with_it=close_it)
        self._binding = binding
        current.journal.close()

    def _binding_of(self, number: int) -> Binding | None:
        """Whom a ledger belongs to; None where its first line is missing or cannot be read."""
        row = self._one(
            """SELECT coalesce(opened, (SELECT line FROM entries WHERE entries.number = ledgers.number AND seq = 1)) AS line
               FROM ledgers WHERE number = ?""",
            number,
        )
        opened = None if row is None or row["line"] is None else _entry(row["line"].encode())
        return Binding(opened.device, opened.unit, opened.counter) if isinstance(opened, Opened) else None

    def _binding_for_branch(self, number: int) -> Binding:
        """Unit and counter stay where the entries were recorded; the device is who signs now."""
        there = self._binding_of(number) or self._binding
        if there is None:
            raise ValueError("nobody knows whom this ledger belongs to")
        return replace(there, device=self._binding.device) if self._binding else there

    def _opening(self, binding: Binding, parent: Parent | None, reason: Literal["new", "moved", "forked", "recovered", "pruned"]) -> Opened:
        now = self._clocks.now()
        return Opened(
            id=uuid7(),
            at=now.at,
            up=now.up,
            boot=now.boot,
            ledger=f"l-{uuid7()}",
            device=binding.device,
            unit=binding.unit,
            counter=binding.counter,
            parent=parent,
            reason=reason,
        )

    def _one(self, sql: str, *parameters: object) -> Any:  # noqa: ANN401 a row of any columns, or None
        return self._connection.execute(sql, parameters).fetchone()


def _entry(line: bytes) -> Entry | None:
    try:
        return decode_entry(line)
    except Malformed:
        return None
