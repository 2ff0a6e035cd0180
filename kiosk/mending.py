"""Going on with a ledger: whichever of its two copies is behind (the power went between the two writes) is mended first."""

import logging
import sqlite3
from pathlib import Path

from kiosk.journal import Journal, Record
from kiosk.open_ledger import JournalCopy, OpenLedger, TableCopy
from sync.entries import GENESIS, uuid7

log = logging.getLogger(__name__)


def resume(connection: sqlite3.Connection, journals: Path, number: int, name: str) -> OpenLedger:
    """The ledger where it ended. journals: the folder of all journals. Raises OSError, sqlite3.Error."""
    journal = Journal(journals / name)
    end = _end(connection, number)
    last, at_end = (end.seq, end.digest) if end else (0, GENESIS)
    if journal.last >= last and last in (0, *(r.seq for r in journal.records(last - 1) if r.digest == at_end)):
        behind = list(journal.records(last))
        if behind:
            log.warning("the database of %s lacked %d entries that the journal has", name, len(behind))
            TableCopy(connection, number).write(behind)
            end = behind[-1]
    elif journal.last < last and digest_at(connection, number, journal.last) == journal.digest:
        log.warning("the journal of %s lacked %d entries that the database has", name, last - journal.last)
        JournalCopy(journal).write(records(connection, number, journal.last))
    else:
        journal = _rewrite(connection, journals, number, name)
    return OpenLedger(name, number, end, journal, connection)


def records(connection: sqlite3.Connection, number: int, after: int) -> list[Record]:
    """The entries of a ledger behind `after`, in order, from the database."""
    rows = connection.execute("SELECT seq, line, digest FROM entries WHERE number = ? AND seq > ? ORDER BY seq", (number, after)).fetchall()
    return [Record(row["seq"], row["line"].encode(), row["digest"]) for row in rows]


def digest_at(connection: sqlite3.Connection, number: int, seq: int) -> str | None:
    """The digest at an entry of a ledger, or at its floor; None where the database has neither."""
    row = connection.execute(
        """SELECT digest FROM entries WHERE number = ? AND seq = ?
           UNION ALL SELECT floor_digest FROM ledgers WHERE number = ? AND floor = ?""",
        (number, seq, number, seq),
    ).fetchone()
    return None if row is None else str(row["digest"])


def _end(connection: sqlite3.Connection, number: int) -> Record | None:
    row = connection.execute("SELECT seq, line, digest FROM entries WHERE number = ? ORDER BY seq DESC LIMIT 1", (number,)).fetchone()
    return Record(row["seq"], row["line"].encode(), row["digest"]) if row else None


def _rewrite(connection: sqlite3.Connection, journals: Path, number: int, name: str) -> Journal:
    """A journal that disagrees with the database is put aside, and written anew from it."""
    folder = journals / name
    aside = folder.with_name(f"{name}.disagreed-{uuid7()}")
    log.error("journal and database of %s disagree; the journal was put aside as %s", name, aside.name)
    folder.rename(aside)
    journal = Journal(folder)
    JournalCopy(journal).write(records(connection, number, 0))
    return journal
