"""What the two copies of each ledger say of each other: found out at the start, each copy read once, and mended where one is behind."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.storage.database import Damaged, has_strange_migrations, is_damage
from kiosk.storage.journal import Journal, Record, every_line, write_floor
from kiosk.storage.open_ledger import JournalCopy, OpenLedger, TableCopy
from kiosk.storage.pieces import opened_by
from sync.entries import GENESIS, digest, uuid7
from sync.files import sync_directory

DISAGREED = ".disagreed-"  # in the name of a journal that was put aside

log = logging.getLogger(__name__)


@dataclass
class Compared:
    """A ledger of the database beside its journal.

    carried: what lay behind its end went over into another. lacks: the entries behind the database's last that the journal has.
    rewrite: the journal is to be put aside and written anew.
    """

    number: int
    name: str
    floor: Record
    journal: Journal
    last: int
    carried: bool
    lacks: list[Record] = field(default_factory=list)
    rewrite: bool = False


def compare(connection: sqlite3.Connection, journals: Path, foreign: frozenset[str]) -> list[Compared]:
    """Read every ledger and its journal once. journals: the folder of all; foreign: ledgers that another database keeps.

    Raises `Damaged` where the database is not sound, or lacks what cannot simply be added to it; OSError.
    """
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Damaged(found)
        if has_strange_migrations(connection):
            raise Damaged("it is said to have been changed by what is no migration of ours")
        ledgers = [_compare_one(connection, journals, row) for row in _ledgers(connection)]
    except sqlite3.Error as error:
        if is_damage(error):
            raise Damaged(f"{type(error).__name__}: {error}") from error
        raise
    known = foreign.union(ledger.name for ledger in ledgers)
    for folder in journal_folders(journals):
        if folder.name not in known and not _is_elsewhere(connection, folder):
            raise Damaged(f"the database does not know {folder.name}, of which there is a journal")
    return ledgers


def journal_folders(journals: Path) -> list[Path]:
    """The journals that are in use: those put aside have a point in their name."""
    return sorted(folder for folder in journals.glob("l-*") if folder.is_dir() and "." not in folder.name)


def put_journal_aside(folder: Path) -> None:
    """Keep a journal, but under a name that no ledger has."""
    aside = folder.with_name(f"{folder.name}{DISAGREED}{uuid7()}")
    log.error("the journal %s was put aside as %s", folder.name, aside.name)
    folder.rename(aside)
    sync_directory(aside.parent)


def mend(connection: sqlite3.Connection, ledgers: list[Compared]) -> None:
    """Write to each copy what it lacks. Raises OSError, sqlite3.Error."""
    for ledger in ledgers:
        if ledger.lacks:
            log.warning("the database of %s lacked %d entries that the journal has", ledger.name, len(ledger.lacks))
            TableCopy(connection, ledger.number).write(ledger.lacks)
            ledger.last = ledger.lacks[-1].seq
        journal = ledger.journal
        if ledger.rewrite:
            put_journal_aside(journal.folder)
            journal = Journal(journal.folder)
        if journal.floor is None and ledger.floor.line:
            write_floor(journal.folder, ledger.floor)
            journal = Journal(journal.folder)
        if ledger.floor.line:
            connection.execute(
                "UPDATE ledgers SET opened = ? WHERE number = ? AND opened IS NULL", (ledger.floor.line.decode(), ledger.number)
            )
        journal.tidy()
        if journal.last < ledger.last:
            log.warning("the journal of %s lacked %d entries that the database has", ledger.name, ledger.last - journal.last)
            JournalCopy(journal).write(records(connection, ledger.number, journal.last))
        journal.close()


def resume(connection: sqlite3.Connection, journals: Path, number: int, name: str) -> OpenLedger:
    """The ledger where it ended; `mend` has been here before. journals: the folder of all journals. Raises OSError, sqlite3.Error."""
    row = connection.execute(
        "SELECT seq, line, digest FROM entries WHERE number = ? UNION ALL "
        "SELECT floor, '', floor_digest FROM ledgers WHERE number = ? ORDER BY seq DESC LIMIT 1",
        (number, number),
    ).fetchone()
    end = Record(row["seq"], row["line"].encode(), row["digest"]) if row and row["seq"] else None
    return OpenLedger(name, number, end, Journal(journals / name), connection)


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


def _is_elsewhere(connection: sqlite3.Connection, folder: Path) -> bool:
    """Whether the power went while a ledger was begun: its journal was written, but the ledger it carries on has all that is in there."""
    lines = {record.line for record in every_line(folder) if opened_by(record.line) is None}
    if lines:
        lines -= {line for (line,) in connection.execute("SELECT CAST(line AS BLOB) FROM entries")}
    if lines:
        return False
    put_journal_aside(folder)
    return True


def _ledgers(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'ledgers'").fetchone() is None:
        return []
    return connection.execute("SELECT * FROM ledgers ORDER BY number").fetchall()


def _compare_one(connection: sqlite3.Connection, journals: Path, row: sqlite3.Row) -> Compared:
    name, end = row["ledger"], Record(row["floor"], b"", row["floor_digest"])
    if not re.fullmatch("[0-9a-f]{64}", end.digest) or (end.seq == 0 and end.digest != GENESIS):
        raise Damaged(f"{name} begins with {end.digest!r}")
    journal = Journal(journals / name)
    written = journal.records(0)
    other = next(written, None)
    opened, agree = str(_value(row, "opened") or "").encode(), True
    start, at_the_floor = end, not journal.floor or journal.floor[::2] == end[::2]
    for found in _rows(connection, row["number"], end.seq):
        if found.seq != end.seq + 1:
            raise Damaged(f"entry {end.seq + 1} of {name} is missing")
        while other is not None and other.seq < found.seq:
            other = next(written, None)
        if other != found and digest(end.digest, found.line) != found.digest:
            raise Damaged(f"entry {found.seq} of {name} does not follow from the one before")
        if other is not None and other.seq == found.seq:
            agree = agree and other == found
            other = next(written, None)
        end, opened = found, opened or found.line
        at_the_floor = at_the_floor or (journal.floor is not None and journal.floor[::2] == end[::2])
    behind = [other, *written] if other is not None else []
    ledger = Compared(row["number"], name, start._replace(line=opened), journal, end.seq, _value(row, "carried_after") is not None)
    return _judge(ledger, end, behind, agree and at_the_floor)


def _judge(ledger: Compared, end: Record, behind: list[Record], agree: bool) -> Compared:
    """What is to be done about a ledger whose database is sound. behind: what the journal's chain has after `end`."""
    follows = not behind or (behind[0].seq == end.seq + 1 and behind[0].digest == digest(end.digest, behind[0].line))
    if agree and follows and ledger.journal.ends_clean():
        ledger.lacks = behind
        return ledger
    log.error("the journal of %s is damaged, or disagrees with the database", ledger.name)
    ledger.rewrite = True
    readable = {record.seq: record for record in every_line(ledger.journal.folder) if record.seq > end.seq}
    while (following := readable.pop(end.seq + 1, None)) is not None and following.digest == digest(end.digest, following.line):
        ledger.lacks.append(following)
        end = following
    if (following is not None or readable) and not ledger.carried:
        raise Damaged(f"the journal of {ledger.name} has entries behind {end.seq} that the database lacks, and a hole before them")
    return ledger


def _rows(connection: sqlite3.Connection, number: int, floor: int) -> Iterator[Record]:
    """As bytes: what is damaged may be no UTF-8."""
    statement = "SELECT seq, CAST(line AS BLOB), CAST(digest AS BLOB) FROM entries WHERE number = ? AND seq > ? ORDER BY seq"
    for seq, line, at in connection.execute(statement, (number, floor)):
        yield Record(seq, line, at.decode("ascii", "replace"))


def _value(row: sqlite3.Row, column: str) -> str | int | None:
    """A column that an old database lacks."""
    return row[column] if column in row.keys() else None  # noqa: SIM118 a row's `in` looks at its values
