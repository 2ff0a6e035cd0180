"""A database filled anew, beside the old one, with the ledgers that a recovery put together."""

import logging
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.storage.database import connect, wal_of
from kiosk.storage.open_ledger import transaction
from kiosk.storage.pieces import Recovered
from sync.entries import GENESIS, chain
from sync.files import sync_directory

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Branch:
    """A ledger opened by the recovery. lines: its first, and the strays that it carries."""

    name: str
    lines: list[bytes]
    closed: bool


@dataclass(frozen=True)
class Report:
    """Why and when a database was made anew. missing: how many entries are known to be lost."""

    at: datetime
    reason: str
    missing: int


def fill(path: Path, adopted: list[Recovered], branches: list[Branch], report: Report) -> None:
    """Write the ledgers into a new database at `path`, which is whole and durable or not there. Raises OSError, sqlite3.Error."""
    filling = path.with_suffix(".filling")
    for left in (filling, wal_of(filling)):
        left.unlink(missing_ok=True)
    connection = connect(filling)
    try:
        with transaction(connection):
            for ledger in adopted:
                _adopt(connection, ledger)
            for branch in branches:
                _open(connection, branch)
            kept = sum(len(ledger.chain) for ledger in adopted)
            carried = sum(len(branch.lines) - 1 for branch in branches)
            connection.execute(
                "INSERT INTO recoveries (at, reason, entries, carried, missing) VALUES (?, ?, ?, ?, ?)",
                (report.at.isoformat(), report.reason, kept, carried, report.missing),
            )
    finally:
        connection.close()
    log.error("%d entries were kept, and %d carried into a new ledger; %d are known to be missing", kept, carried, report.missing)
    descriptor = os.open(filling, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    filling.rename(path)
    sync_directory(path.parent)


def _adopt(connection: sqlite3.Connection, ledger: Recovered) -> None:
    cursor = connection.execute(
        "INSERT INTO ledgers (ledger, floor, floor_digest, acked, opened, closed, carried_after) VALUES (?, ?, ?, ?, ?, 1, ?)",
        (
            ledger.name,
            ledger.floor.seq,
            ledger.floor.digest,
            max(ledger.acked, ledger.floor.seq),
            ledger.floor.line.decode() or None,
            ledger.carried_after,
        ),
    )
    _insert(connection, int(cursor.lastrowid or 0), ((record.seq, record.line, record.digest) for record in ledger.chain))


def _open(connection: sqlite3.Connection, branch: Branch) -> None:
    cursor = connection.execute(
        "INSERT INTO ledgers (ledger, floor_digest, opened, closed) VALUES (?, ?, ?, ?)",
        (branch.name, GENESIS, branch.lines[0].decode(), branch.closed),
    )
    numbered = zip(range(1, len(branch.lines) + 1), branch.lines, chain(GENESIS, branch.lines), strict=True)
    _insert(connection, int(cursor.lastrowid or 0), numbered)


def _insert(connection: sqlite3.Connection, number: int, rows: Iterable[tuple[int, bytes, str]]) -> None:
    connection.executemany(
        "INSERT INTO entries (number, seq, line, digest) VALUES (?, ?, ?, ?)", ((number, seq, line.decode(), at) for seq, line, at in rows)
    )
