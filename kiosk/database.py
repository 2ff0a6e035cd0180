"""The one connection to the ledger's database, with its settings asserted and its schema up to date.

EXCLUSIVE with one connection keeps clear of the WAL-reset corruption of SQLite 3.7.0 to 3.51.2, which needs two;
synchronous=NORMAL would lose the last votes in a power cut, FULL does not.
"""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from kiosk.files import sync_directory
from kiosk.migrations import ledger_schema

PRAGMAS: dict[str, int | str] = {
    "locking_mode": "exclusive",
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "wal_autocheckpoint": 64,
    "cell_size_check": 1,
    "trusted_schema": 0,
}


class AlreadyRunning(Exception):
    """Another process has this ledger open."""


def connect(path: Path) -> sqlite3.Connection:
    """The connection to a ledger's database, made where there is none. Raises `AlreadyRunning`, OSError, sqlite3.Error."""
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
