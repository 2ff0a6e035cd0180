"""The one connection to the ledger's database, with its settings asserted and its schema up to date.

EXCLUSIVE with one connection keeps clear of the WAL-reset corruption of SQLite 3.7.0 to 3.51.2, which needs two;
synchronous=NORMAL would lose the last votes in a power cut, FULL does not.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from kiosk.storage.library import Database
from kiosk.storage.migrations import ledger_schema
from sync.files import sync_directory

PRAGMAS: dict[str, int | str] = {
    "locking_mode": "exclusive",
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "wal_autocheckpoint": 64,
    "cell_size_check": 1,
    "trusted_schema": 0,
}
NOT_DAMAGE = ("FULL", "CANTOPEN", "READONLY", "BUSY", "LOCKED", "PERM", "AUTH", "NOMEM", "INTERRUPT", "IOERR_WRITE", "IOERR_FSYNC")


class AlreadyRunning(Exception):
    """Another process has this data folder in use."""


class Damaged(Exception):
    """The database cannot be trusted, or lacks what is elsewhere on the disk; the message says what was found."""


def connect(path: Path) -> sqlite3.Connection:
    """The connection to a ledger's database, made where there is none.

    Raises `AlreadyRunning`, `Damaged`, OSError, or sqlite3.Error where the disk refuses (full, read-only).
    """
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        for pragma, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma} = {value}")
        for pragma, value in PRAGMAS.items():
            found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != value:
                raise sqlite3.DatabaseError(f"PRAGMA {pragma} is {found}, not {value}")
        ledger_schema.apply(Database(connection))
    except sqlite3.OperationalError as error:
        connection.close()
        if "locked" in str(error):
            raise AlreadyRunning(str(path)) from error
        raise
    except sqlite3.Error:
        connection.close()
        raise
    sync_directory(path.parent)
    return connection


def give_back_wal(connection: sqlite3.Connection) -> None:
    """Free the room that the WAL takes, if the disk has what that needs."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is bad, rather than that the disk is full, read-only or busy."""
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR").removeprefix("SQLITE_")
    return not name.startswith(NOT_DAMAGE)


@contextmanager
def looking_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads and changes nothing: even when it ends, what lies in the WAL is not written back into the file.

    What SQLite says may quote damaged bytes; Python's sqlite3 then raises UnicodeDecodeError, which is an sqlite3.DatabaseError here.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA cell_size_check = 1")
        yield connection
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError(f"damage that cannot even be named: {error}") from error
    finally:
        connection.close()
        path.with_name(path.name + "-shm").unlink(missing_ok=True)
        if wal_of(path).exists() and wal_of(path).stat().st_size == 0:
            wal_of(path).unlink()


def roll_back(path: Path) -> None:
    """Undo a first start that a power cut ended: only there, before the database has a WAL, is there a rollback journal.

    One who only reads (`looking_at`) is not let in before this is done.
    """
    if rollback_journal_of(path).exists():
        with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema")


def is_newer(connection: sqlite3.Connection) -> bool:
    """Whether a newer program, whose schema this one does not know, has written the database: with all our migrations, and more.

    Where any of ours is not among them, a name that nobody knows is damage: `has_strange_migrations`.
    """
    try:
        return _applied(connection) > _known()
    except (sqlite3.Error, UnicodeDecodeError):
        return False  # damaged, which others will say


def has_strange_migrations(connection: sqlite3.Connection) -> bool:
    """Whether a database is said to have been changed by what is no migration of ours. Raises sqlite3.Error, UnicodeDecodeError."""
    return bool(_applied(connection) - _known())


def _applied(connection: sqlite3.Connection) -> set[str]:
    """Names of the migrations that made the database what it is; none where it is new."""
    table = ledger_schema.migrations_table
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone() is None:
        return set()
    rows = connection.execute(f"SELECT name FROM {table} WHERE migration_set = ?", (ledger_schema.name,))  # noqa: S608 a constant
    return {row["name"] for row in rows}


@cache
def _known() -> frozenset[str]:
    with closing(sqlite3.connect(":memory:")) as empty:
        return frozenset(migration.name for migration in ledger_schema.pending(Database(empty)))


def wal_of(path: Path) -> Path:
    """Where SQLite keeps what was committed and is not in the file yet."""
    return path.with_name(path.name + "-wal")


def rollback_journal_of(path: Path) -> Path:
    """Where SQLite keeps pages as they were, while it makes a new database one with a WAL."""
    return path.with_name(path.name + "-journal")
