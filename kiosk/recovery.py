"""The start: the ledger's database is looked at before it is opened, and made anew from all that can be read where it is not sound.

A database that cannot be trusted is never repaired in place and never deleted. A new one is filled beside it (`.filling`), renamed
when it is whole (`.recovered`: from then on the recovery is done, whatever happens), the old one is put aside
(`.damaged-<uuid>`), and the new one takes its place. A power cut anywhere in between starts that over, or finishes it.
"""

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.clocks import Clocks
from kiosk.database import Damaged, connect, is_damage, is_newer, looking_at, wal_of
from kiosk.files import sync_directory
from kiosk.filling import Branch, Report, fill
from kiosk.journal import every_line
from kiosk.mending import Compared, compare, journal_folders, mend, put_journal_aside
from kiosk.pieces import Recovered, gather
from kiosk.salvage import names
from sync.entries import Opened, Parent, encode_entry, uuid7

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
        if not path.exists():
            break
        with looking_at(path) as connection:
            if not is_newer(connection):
                break
        log.warning("%s was written by a newer program, and is left alone", path.name)
        foreign, number = foreign | names(path), number + 1
        path = folder / f"ledger.{number}.db"
    return Place(path, folder / "journal", foreign)


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
    if not place.database.exists() or place.database.stat().st_size == 0:
        wal = wal_of(place.database)
        if (wal.exists() and wal.stat().st_size) or any(_journals(place)):
            raise Damaged(f"{place.database.name} is empty or missing")
        return []
    try:
        with looking_at(place.database) as connection:
            return compare(connection, place.journals, place.foreign)
    except sqlite3.Error as error:
        if is_damage(error):
            raise Damaged(str(error)) from error
        raise


def _look_again(place: Place) -> list[Compared]:
    try:
        return _look(place)
    except Damaged as damage:
        raise sqlite3.DatabaseError(f"{place.database.name} was made anew, and is damaged again: {damage}") from damage


def _journals(place: Place) -> Iterable[Path]:
    return (folder for folder in journal_folders(place.journals) if folder.name not in place.foreign and any(every_line(folder)))


def _recover(place: Place, reason: str, clocks: Clocks) -> None:
    """Make the database anew from what can be read of it, of those beside it, and of the journals."""
    beside = _beside(place)
    log.error("%s is made anew: %s", place.database.name, reason)
    found = [pieces.recover() for pieces in gather([place.database, *beside], _journals(place)) if pieces.name not in place.foreign]
    adopted = [ledger for ledger in found if ledger.end.seq]
    report = Report(clocks.now().at, reason, sum(ledger.missing for ledger in found))
    fill(_recovered(place.database), adopted, _branches(found, clocks), report)
    for ledger in found:
        if not ledger.end.seq and (place.journals / ledger.name).exists():
            put_journal_aside(place.journals / ledger.name)
    for path in beside:
        _put_aside(path)
    _finish(place.database)


def _branches(found: list[Recovered], clocks: Clocks) -> list[Branch]:
    """One ledger for each place with strays, which count for no other place; the last goes on where the newest one was."""
    bound = [(ledger, ledger.opened or _nearest(found, ledger)) for ledger in found]
    by_place: dict[tuple[str, str], list[bytes]] = {}
    for ledger, opened in bound:
        if opened is None:
            log.error("nobody can say whose %d entries of %s are; they stay in the file put aside", len(ledger.strays), ledger.name)
            continue
        of_place = by_place.setdefault((opened.unit, opened.counter), [])
        of_place += [record.line for record in ledger.strays]
    newest = next((opened for _, opened in reversed(bound) if opened is not None), None)
    if newest is None:
        return []
    last = by_place.pop((newest.unit, newest.counter))
    by_place = {key: lines for key, lines in by_place.items() if lines}
    branches = [_branch(found, newest.device, key, lines, clocks, closed=True) for key, lines in by_place.items()]
    return [*branches, _branch(found, newest.device, (newest.unit, newest.counter), last, clocks, closed=False)]


def _nearest(found: list[Recovered], ledger: Recovered) -> Opened | None:
    """The binding of the ledger before one whose first line is lost, else of the one behind it."""
    at = found.index(ledger)
    return next((other.opened for other in [*reversed(found[:at]), *found[at:]] if other.opened), None)


def _branch(found: list[Recovered], device: str, place: tuple[str, str], strays: list[bytes], clocks: Clocks, *, closed: bool) -> Branch:
    name, now = f"l-{uuid7()}", clocks.now()
    before = [ledger for ledger in found if ledger.end.seq and ledger.opened and (ledger.opened.unit, ledger.opened.counter) == place]
    parent = Parent(before[-1].name, before[-1].end.seq, before[-1].end.digest) if before else None
    opened = Opened(
        id=uuid7(),
        at=now.at,
        up=now.up,
        boot=now.boot,
        ledger=name,
        device=device,
        unit=place[0],
        counter=place[1],
        parent=parent,
        reason="recovered",
    )
    return Branch(name, [encode_entry(opened), *strays], closed)


def _finish(path: Path) -> None:
    """Put the old database aside and the new one in its place, where a recovery came so far."""
    recovered = _recovered(path)
    if recovered.exists():
        _put_aside(path)
        recovered.rename(path)
        sync_directory(path.parent)


def _put_aside(path: Path) -> None:
    aside = path.with_name(f"{path.name}.damaged-{uuid7()}")
    for old in (path, wal_of(path)):
        if old.exists():
            old.rename(aside.with_name(aside.name + old.name.removeprefix(path.name)))
    sync_directory(path.parent)


def _recovered(path: Path) -> Path:
    return path.with_name(path.name + ".recovered")
