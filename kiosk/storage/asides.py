"""What was put aside leaves after half a year, if everything that can be read in it is elsewhere: in the ledgers here, and acknowledged.

Put aside are damaged databases, journals that disagreed, and torn ends of journals. Who finds more in them than we can has that half
year. What was not wholly found elsewhere stays, and is looked at again a month later; and where a recovery knew of entries that it
could not find, no database leaves at all. Days are the server's, as for `kiosk.storage.retention`.
"""

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec

from kiosk.storage.database import rollback_journal_of, wal_of
from kiosk.storage.journal import every_line, lines_in, read_floor
from kiosk.storage.mending import DISAGREED, digest_at
from kiosk.storage.pieces import Pieces, gather, is_about_its_ledger
from kiosk.storage.recovery import BESIDE, DAMAGED
from kiosk.storage.retention import PAUSE_SECONDS, ROWS_AT_ONCE
from sync.files import sync_directory, write_whole
from sync.wire import sha256

KEPT_DAYS, AGAIN_AFTER_DAYS = 180, 30
SEEN = "asides.json"
_CUT = ".cut-"

log = logging.getLogger(__name__)


class Asides:
    """Of the ledgers in one database. folder: the data folder. lock: taken for a few milliseconds at a time."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: threading.Lock) -> None:
        self._folder = folder
        self._connection = connection
        self._lock = lock

    def run(self, day: date) -> None:
        """Note what is there on this day, and let go of what is old and elsewhere. Raises OSError, sqlite3.Error."""
        there = {str(path.relative_to(self._folder)): path for path in self._all()}
        before = self._seen()
        seen = {name: before.get(name, day) for name in there}
        for name, path in there.items():
            if day - seen[name] < timedelta(days=KEPT_DAYS):
                continue
            if self._is_elsewhere(path):
                log.info("%s was put aside half a year ago; all that can be read in it is acknowledged, and it leaves", name)
                _delete(path)
                del seen[name]
            else:
                seen[name] = day - timedelta(days=KEPT_DAYS - AGAIN_AFTER_DAYS)
        if seen != before:
            write_whole(self._folder / SEEN, msgspec.json.encode(seen), 0o600)

    def _all(self) -> Iterator[Path]:
        yield from (path for path in self._folder.glob(f"ledger*{DAMAGED}*") if not path.name.endswith(BESIDE))
        yield from self._folder.glob(f"journal/*{DISAGREED}*")
        yield from self._folder.glob(f"journal/*/*{_CUT}*")

    def _seen(self) -> dict[str, date]:
        """Since when each is known to be there. Where this cannot be read, the half year begins anew."""
        try:
            return msgspec.json.decode((self._folder / SEEN).read_bytes(), type=dict[str, date])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def _is_elsewhere(self, path: Path) -> bool:
        if DAMAGED in path.name and self._lost():
            return False
        return self._are_acknowledged(line for pieces in _pieces_of(path) for line in self._not_in_our_chain(pieces))

    def _lost(self) -> int:
        with self._lock:
            return int(self._connection.execute("SELECT coalesce(sum(missing), 0) FROM recoveries").fetchone()[0])

    def _not_in_our_chain(self, pieces: Pieces) -> Iterator[bytes]:
        """The lines of a ledger's pieces of which its chain does not already say that the server has them.

        Where a digest is the same here and there, so is everything before it.
        """
        chain = pieces.recover().chain
        known = self._acknowledged_to(pieces.name, {record.seq: record.digest for record in chain})
        sure = {record for record in chain if record.seq <= known}
        yield from (record.line for records in pieces.rows.values() for record in records if record not in sure)

    def _acknowledged_to(self, ledger: str, digests: dict[int, str]) -> int:
        """The last of these entries that our ledger has as well, with the same digest, and that is acknowledged; else 0."""
        with self._lock:
            row = self._connection.execute("SELECT number, floor, acked FROM ledgers WHERE ledger = ?", (ledger,)).fetchone()
            if row is None:
                return 0
            last = max((seq for seq in digests if seq <= row["acked"]), default=0)
            places = [seq for seq in (last, row["floor"]) if seq in digests]
            return max((seq for seq in places if digest_at(self._connection, row["number"], seq) == digests[seq]), default=0)

    def _are_acknowledged(self, lines: Iterable[bytes]) -> bool:
        """Whether each line is, as it stands, in a ledger here, up to where the server acknowledged it."""
        wanted = {sha256(line) for line in lines if not is_about_its_ledger(line)}
        if not wanted:
            return True
        with self._lock:
            numbers = [(row["number"], row["acked"]) for row in self._connection.execute("SELECT number, acked FROM ledgers")]
        for number, acked in numbers:
            after = 0
            while rows := self._some(number, after, acked):
                wanted.difference_update(sha256(row["line"]) for row in rows)
                after = rows[-1]["seq"]
                time.sleep(PAUSE_SECONDS)
        return not wanted

    def _some(self, number: int, after: int, acked: int) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(
                "SELECT seq, CAST(line AS BLOB) AS line FROM entries WHERE number = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
                (number, after, acked, ROWS_AT_ONCE),
            ).fetchall()


def _pieces_of(path: Path) -> list[Pieces]:
    """What can be read in something that was put aside, by ledger."""
    if DAMAGED in path.name:
        return gather([path], [])
    pieces = Pieces((path if path.is_dir() else path.parent).name.partition(".")[0])
    for record in every_line(path) if path.is_dir() else lines_in(path):
        pieces.add(record)
    pieces.journal_floor = read_floor(path) if path.is_dir() else None
    return [pieces]


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        for file in (wal_of(path), rollback_journal_of(path), path):
            file.unlink(missing_ok=True)
    sync_directory(path.parent)
