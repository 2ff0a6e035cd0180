"""The one ledger that takes entries: where its chain ends, and the two copies that it writes."""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from typing import Protocol

from kiosk.storage.journal import Journal, Record
from kiosk.storage.reserve import is_full
from sync.entries import GENESIS, digest

log = logging.getLogger(__name__)


class NotRecorded(Exception):
    """An entry could be written to neither copy: nobody may be thanked for it."""


class Copy(Protocol):
    """One of the two places where an entry is kept."""

    def write(self, records: Iterable[Record]) -> None:
        """Make the records durable. Raises OSError or sqlite3.Error."""


class JournalCopy:
    """The journal as a copy."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def write(self, records: Iterable[Record]) -> None:
        self._journal.extend([record for record in records if record.seq > self._journal.last])


class TableCopy:
    """The database's rows of one ledger as a copy."""

    def __init__(self, connection: sqlite3.Connection, number: int) -> None:
        self._connection = connection
        self._number = number

    def write(self, records: Iterable[Record]) -> None:
        rows = [(self._number, record.seq, record.line.decode(), record.digest) for record in records]
        with transaction(self._connection):
            self._connection.executemany("INSERT INTO entries (number, seq, line, digest) VALUES (?, ?, ?, ?)", rows)


class transaction:  # noqa: N801 a context manager reads as a verb
    """BEGIN IMMEDIATE … COMMIT, or ROLLBACK when anything in between, or the commit itself, fails."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


class OpenLedger:
    """The one ledger that takes entries: where its chain ends, its two copies, and what each of them still lacks."""

    def __init__(self, name: str, number: int, end: Record | None, journal: Journal, connection: sqlite3.Connection) -> None:
        self.name = name
        self.number = number
        self.journal = journal
        self.end = end
        self._copies: list[tuple[Copy, list[Record]]] = [(JournalCopy(journal), []), (TableCopy(connection, number), [])]

    @property
    def last(self) -> int:
        return self.end.seq if self.end else 0

    @property
    def digest(self) -> str:
        return self.end.digest if self.end else GENESIS

    def append(self, line: bytes, make_room: Callable[[], None] | None = None) -> None:
        """Both copies, the journal first. make_room: called where the disk is full, before the one more try.

        Raises `NotRecorded` when neither took it; one that failed catches up next time.
        """
        record = Record(self.last + 1, line, digest(self.digest, line))
        took = 0
        for copy, lacking in self._copies:
            lacking.append(record)
            took += self._write(copy, lacking, make_room)
        if not took:
            for _, lacking in self._copies:
                lacking.pop()
            raise NotRecorded(f"entry {record.seq} of {self.name}")
        self.end = record

    def catch_up(self) -> None:
        """Let both copies have every entry. Raises OSError or sqlite3.Error where one cannot."""
        for copy, lacking in self._copies:
            if lacking:
                copy.write(lacking)
                lacking.clear()

    def _write(self, copy: Copy, lacking: list[Record], make_room: Callable[[], None] | None) -> bool:
        try:
            copy.write(lacking)
        except (OSError, sqlite3.Error) as error:
            if is_full(error) and make_room:
                make_room()
                return self._write(copy, lacking, None)
            log.exception("entry %d of %s could not be written to the %s", lacking[-1].seq, self.name, type(copy).__name__)
            return False
        lacking.clear()
        return True
