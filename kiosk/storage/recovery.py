"""The start: the ledger's database is looked at before it is opened, and made anew from all that can be read where it is not sound.

A database that cannot be trusted is never repaired in place and never deleted. A new one is filled beside it (`.filling`), renamed
when it is whole (`.recovered`: from then on the recovery is done, whatever happens), the old one is put aside
(`.damaged-<uuid>`), and the new one takes its place. A power cut anywhere in between starts that over, or finishes it.
"""

import logging
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from kiosk.clocks import Clocks
from kiosk.enrolment import load_identity
from kiosk.storage.database import Damaged, connect, is_damage, is_newer, looking_at, roll_back, rollback_journal_of, wal_of
from kiosk.storage.filling import Branch, Report, fill
from kiosk.storage.journal import every_line
from kiosk.storage.mending import Compared, compare, journal_folders, mend, put_journal_aside
from kiosk.storage.pieces import Recovered, gather
from kiosk.storage.salvage import Pages, entries, names
from sync.entries import Opened, Parent, encode_entry, uuid7
from sync.files import sync_directory

DAMAGED = ".damaged-"  # in the name of a database that was put aside
BESIDE = ("-wal", "-journal")  # how the names of the files end that SQLite keeps beside a database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where this program keeps its ledgers. foreign: those in files of a newer program, which are left alone."""

    database: Path
    journals: Path
    foreign: frozenset[str]


def open_database(folder: Path, clocks: Clocks) -> sqlite3.Connection:
    """The connection to the ledgers of a data folder, all of them sound and in both copies.

    Raises `AlreadyRunning`, OSError, sqlite3.Error.
    """
    place = _choose(folder)
    try:
        compared = _look(place)
    except Damaged as damage:
        _recover(place, str(damage), clocks)
        compared = _look_again(place)
    connection = connect(place.database)
    try:
        mend(connection, compared)
    except (OSError, sqlite3.Error):
        connection.close()
        raise
    return connection


def _choose(folder: Path) -> Place:
    """`ledger.db`; where a newer program wrote it, `ledger.2.db` beside it, and so on."""
    path, foreign, number = folder / "ledger.db", frozenset[str](), 1
    while True:
        _finish(path)
        if _is_empty(path):
            break
        roll_back(path)
        with looking_at(path) as connection:
            if not is_newer(connection):
                break
        log.warning("%s was written by a newer program, and is left alone", path.name)
        foreign, number = foreign | names(path), number + 1
        path = folder / f"ledger.{number}.db"
    return Place(path, folder / "journal", foreign)


def _is_empty(path: Path) -> bool:
    """SQLite would delete a WAL beside such a file, and so it may not even be looked at."""
    return not path.exists() or path.stat().st_size == 0


def _beside(place: Place) -> list[Path]:
    """Databases that an older program began beside ours."""
    mine = _number_of(place.database)
    return sorted((path for path in place.database.parent.glob("ledger.*.db") if _number_of(path) > mine), key=_number_of)


def _number_of(path: Path) -> int:
    number = path.name.removeprefix("ledger.").removesuffix("db").rstrip(".")
    return int(number) if number.isdecimal() else 1


def _look(place: Place) -> list[Compared]:
    beside = _beside(place)
    if beside:
        raise Damaged(f"an older program went on in {', '.join(path.name for path in beside)}")
    if _is_empty(place.database):
        wal = wal_of(place.database)
        if (wal.exists() and wal.stat().st_size) or any(any(every_line(folder)) for folder in _journals(place)):
            raise Damaged(f"{place.database.name} is empty or missing")
        return []
    try:
        with looking_at(place.database) as connection:
            compared = compare(connection, place.journals, place.foreign)
        _see_behind_the_end(place.database, compared)
        return compared
    except sqlite3.Error as error:
        if is_damage(error):
            raise Damaged(str(error)) from error
        raise


def _see_behind_the_end(database: Path, compared: list[Compared]) -> None:
    """SQLite passes over what lies behind a damaged frame of a WAL; where the journal does not have it either, the frames still may."""
    ends = {ledger.number: max(ledger.last, ledger.journal.last) for ledger in compared}
    pages = Pages(database)
    if any(record.seq > ends.get(number, record.seq) for number, record in entries(pages, pages.in_the_wal())):
        raise Damaged(f"the write-ahead log of {database.name} has entries that SQLite does not read")


def _look_again(place: Place) -> list[Compared]:
    try:
        return _look(place)
    except Damaged as damage:
        raise sqlite3.DatabaseError(f"{place.database.name} was made anew, and is damaged again: {damage}") from damage


def _journals(place: Place) -> list[Path]:
    return [folder for folder in journal_folders(place.journals) if folder.name not in place.foreign]


def _recover(place: Place, reason: str, clocks: Clocks) -> None:
    """Make the database anew from what can be read of it, of those beside it, and of the journals."""
    beside = _beside(place)
    log.error("%s is made anew: %s", place.database.name, reason)
    found = [pieces.recover() for pieces in gather([place.database, *beside], _journals(place)) if pieces.name not in place.foreign]
    adopted = [ledger for ledger in found if ledger.end.seq]
    report = Report(clocks.now().at, reason, sum(ledger.missing for ledger in found))
    fill(_recovered(place.database), adopted, _branches(found, _enrolled(place.database.parent), clocks), report)
    for ledger in found:
        if not ledger.end.seq and (place.journals / ledger.name).exists():
            put_journal_aside(place.journals / ledger.name)
    for path in beside:
        _put_aside(path)
    _finish(place.database)


class _Bound(NamedTuple):
    """Whom entries belong to."""

    device: str
    unit: str
    counter: str


def _branches(found: list[Recovered], enrolled: _Bound | None, clocks: Clocks) -> list[Branch]:
    """One ledger for each counter with strays, which count for no other; the last goes on where the newest one was."""
    strays: dict[tuple[str, str], list[bytes]] = {}
    newest = None
    for ledger in found:
        bound = _bound(ledger) or _nearest(found, ledger) or enrolled
        if bound is None:
            log.error("nobody can say whose %d entries of %s are; they stay in the file put aside", len(ledger.strays), ledger.name)
            continue
        of_counter = strays.setdefault(bound[1:], [])
        of_counter += [record.line for record in ledger.strays]
        newest = bound
    if newest is None:
        return []
    last = strays.pop(newest[1:])
    others = [
        _branch(found, newest._replace(unit=unit, counter=counter), lines, clocks) for (unit, counter), lines in strays.items() if lines
    ]
    return [*(replace(other, closed=True) for other in others), _branch(found, newest, last, clocks)]


def _bound(ledger: Recovered) -> _Bound | None:
    opened = ledger.opened
    return _Bound(opened.device, opened.unit, opened.counter) if opened else None


def _nearest(found: list[Recovered], ledger: Recovered) -> _Bound | None:
    """Whom the ledger before one whose first line is lost belongs to, else the one behind it."""
    at = found.index(ledger)
    return next((bound for other in [*reversed(found[:at]), *found[at:]] if (bound := _bound(other))), None)


def _enrolled(folder: Path) -> _Bound | None:
    identity = load_identity(folder)
    return _Bound(identity.public_key, identity.unit.id, identity.counter.id) if identity else None


def _branch(found: list[Recovered], bound: _Bound, strays: list[bytes], clocks: Clocks) -> Branch:
    name, now = f"l-{uuid7()}", clocks.now()
    before = [ledger for ledger in found if ledger.end.seq and (there := _bound(ledger)) and there[1:] == bound[1:]]
    opened = Opened(
        id=uuid7(),
        at=now.at,
        up=now.up,
        boot=now.boot,
        ledger=name,
        device=bound.device,
        unit=bound.unit,
        counter=bound.counter,
        parent=Parent(before[-1].name, before[-1].end.seq, before[-1].end.digest) if before else None,
        reason="recovered",
    )
    return Branch(name, [encode_entry(opened), *strays], closed=False)


def _finish(path: Path) -> None:
    """Put the old database aside and the new one in its place, where a recovery came so far."""
    recovered = _recovered(path)
    if recovered.exists():
        _put_aside(path)
        recovered.rename(path)
        sync_directory(path.parent)


def _put_aside(path: Path) -> None:
    aside = path.with_name(f"{path.name}{DAMAGED}{uuid7()}")
    for old in (path, wal_of(path), rollback_journal_of(path)):
        if old.exists():
            old.rename(aside.with_name(aside.name + old.name.removeprefix(path.name)))
    sync_directory(path.parent)


def _recovered(path: Path) -> Path:
    return path.with_name(path.name + ".recovered")
