"""The embedded database: copied while others write to it, and put back by one rename."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from server.backup import census
from server.backup.archive import BadBackup, Counts
from sync.files import sync_directory

PAGES_AT_ONCE = 4096
SECONDS_TO_WAIT = 20.0


def copy(source: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    """A copy of the database as it is at one moment, in one file. progress: is told bytes done and bytes in all.

    One read transaction around the whole copy keeps it of one moment; without it each foreign commit would begin it anew.
    Raises sqlite3.Error.
    """
    with closing(_open(source)) as database, closing(sqlite3.connect(target, isolation_level=None)) as made:
        database.execute("BEGIN")
        [page_size] = database.execute("PRAGMA page_size").fetchone()
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        database.backup(made, pages=PAGES_AT_ONCE, progress=lambda _, left, all_: progress((all_ - left) * page_size, all_ * page_size))
        made.execute("PRAGMA journal_mode = DELETE")


def examine(path: Path) -> tuple[Counts, list[str]]:
    """What a copy holds, and the migrations that it has seen. Raises `BadBackup` when the file is damaged or has no tables of ours."""
    try:
        with closing(_open(path)) as database:
            [verdict] = database.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise BadBackup(f"Cơ sở dữ liệu bị hỏng: {verdict}")
            ask = _asker(database)
            return census.counts(ask), census.migrations(ask)
    except sqlite3.Error as error:
        raise BadBackup(f"Không đọc được cơ sở dữ liệu: {error}") from error


def is_occupied(path: Path) -> bool:
    """Whether there is a database with anything in it. A file that cannot be read counts: it may be somebody's last copy."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(_open(path)) as database:
            ours = _asker(database)("SELECT 1 FROM sqlite_master WHERE name = 'intake_head'")
            return not ours or census.occupied(_asker(database))
    except sqlite3.Error:
        return True


def replace(path: Path, copied: Path, aside: Path) -> None:
    """Put a copy (a file of the same folder) in the place of the database, which is kept as `aside`.

    At any moment the old or the new one is in place, whole. Raises OSError, sqlite3.Error when somebody is writing.
    """
    if path.exists():
        _settle(path)
        os.link(path, aside)
    copied.replace(path)
    for companion in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
    sync_directory(path.parent)


def _settle(path: Path) -> None:
    """Wait until nobody writes, and bring everything into the one file. One that is damaged is kept as it is."""
    try:
        with closing(_open(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=SECONDS_TO_WAIT, isolation_level=None)


def _asker(database: sqlite3.Connection) -> Callable[[str], list[Any]]:
    return lambda sql: database.execute(sql).fetchall()
