"""How long entries stay on the kiosk: 400 days after the server acknowledged them, for the tablets are its second backup.

A ledger's floor moves first, then its journal's, then rows and files below are deleted, and whatever a power cut left undone is
done the next time. Only whole files of the journal go, or all that a closed ledger had. What the server took back (`acked` went
down) counts from its next acknowledgement; days are the server's, for the tablet's clock may say anything.
"""

import logging
import sqlite3
import threading
import time
from datetime import date, timedelta
from pathlib import Path

from kiosk.storage.journal import ENTRIES_PER_FILE, Record, drop_files, read_floor, write_floor
from kiosk.storage.open_ledger import transaction

KEPT_DAYS = 400
ROWS_AT_ONCE = 100
PAUSE_SECONDS = 0.005  # in which a vote that waits for the lock gets it

log = logging.getLogger(__name__)


class Retention:
    """Of the ledgers in one database. lock: taken for a few milliseconds at a time."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock, journals: Path) -> None:
        self._connection = connection
        self._lock = lock
        self._journals = journals

    def run(self, day: date) -> None:
        """Note what is acknowledged on this day, and let go of what was `KEPT_DAYS` before. Raises OSError, sqlite3.Error."""
        with self._lock:
            self._note(day)
            numbers = [row["number"] for row in self._connection.execute("SELECT number FROM ledgers")]
        for number in numbers:
            with self._lock:
                self._move_floor(number, day - timedelta(days=KEPT_DAYS))
            self._delete_below_floor(number)

    def _note(self, day: date) -> None:
        with transaction(self._connection):
            self._connection.execute(
                """INSERT INTO acknowledgements (number, seq, day) SELECT number, acked, ? FROM ledgers
                   WHERE acked > max(floor, coalesce((SELECT max(seq) FROM acknowledgements AS a WHERE a.number = ledgers.number), 0))""",
                (day.isoformat(),),
            )
            self._connection.execute(
                "DELETE FROM acknowledgements WHERE seq <= (SELECT floor FROM ledgers WHERE ledgers.number = acknowledgements.number)"
            )

    def _move_floor(self, number: int, long_ago: date) -> None:
        row = self._connection.execute(
            """SELECT ledger, floor, closed, opened, (SELECT max(seq) FROM entries WHERE entries.number = ledgers.number) AS last,
                      (SELECT max(seq) FROM acknowledgements AS a WHERE a.number = ledgers.number AND day <= ?) AS seq
               FROM ledgers WHERE number = ?""",
            (long_ago.isoformat(), number),
        ).fetchone()
        seq = row["seq"] or 0
        if not (row["closed"] and seq == row["last"]):
            seq -= seq % ENTRIES_PER_FILE
        if seq <= row["floor"]:
            return
        log.info("%s: entries up to %d were acknowledged %d days ago, and leave", row["ledger"], seq, KEPT_DAYS)
        with transaction(self._connection):
            self._connection.execute(
                """UPDATE ledgers SET floor = ?1, floor_digest = (SELECT digest FROM entries WHERE number = ?2 AND seq = ?1),
                          opened = coalesce(opened, (SELECT line FROM entries WHERE number = ?2 AND seq = 1))
                   WHERE number = ?2""",
                (seq, number),
            )

    def _delete_below_floor(self, number: int) -> None:
        with self._lock:
            row = self._connection.execute("SELECT ledger, floor, floor_digest, opened FROM ledgers WHERE number = ?", (number,)).fetchone()
        if row["floor"] == 0:
            return
        folder = self._journals / row["ledger"]
        written = read_floor(folder)
        if written is None or written.seq < row["floor"]:
            write_floor(folder, Record(row["floor"], (row["opened"] or "").encode(), row["floor_digest"]))
        while self._delete_some(number, row["floor"]):
            time.sleep(PAUSE_SECONDS)
        drop_files(folder, row["floor"])

    def _delete_some(self, number: int, floor: int) -> bool:
        with self._lock:
            rows = self._connection.execute(
                "SELECT seq FROM entries WHERE number = ? AND seq <= ? ORDER BY seq LIMIT ?", (number, floor, ROWS_AT_ONCE)
            ).fetchall()
            if rows:
                with transaction(self._connection):
                    self._connection.execute("DELETE FROM entries WHERE number = ? AND seq <= ?", (number, rows[-1]["seq"]))
        return bool(rows)
