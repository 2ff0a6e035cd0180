"""Votes a second into PostgreSQL, everything included, beside a bare `unnest` insert of the same rows on one connection."""

import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from bench.application import OFFICERS, Application
from bench.figures import Table, median
from sync import entries
from tests.postgres import private_postgres

ROUNDS = 7
BATCHES = {1: 150, 50: 80, 500: 40}
WARM_UP = 20

BARE = b"""
    INSERT INTO bare (unit_id, ledger, counter_id, id, seq, officer_id, satisfied, at, estimated)
    SELECT %b, %b, %b, v.* FROM unnest(%b::uuid[], %b::int8[], %b::text[], %b::bool[], %b::timestamptz[], %b::bool[]) AS v
    ON CONFLICT DO NOTHING
"""


class Bare:
    """The same rows, and nothing else."""

    def __init__(self, url: str, officers: list[str]) -> None:
        self._connection = psycopg.connect(url)
        self._connection.execute("CREATE TABLE bare (LIKE intake_vote INCLUDING ALL)")
        self._connection.commit()
        self._officers = officers
        self._seq = 0

    def rows(self, size: int) -> list[list[Any]]:
        now = datetime.now(UTC)
        first, self._seq = self._seq, self._seq + size
        ids: list[UUID] = [entries.uuid7() for _ in range(size)]
        return [
            ids,
            [first + number for number in range(size)],
            [self._officers[number % OFFICERS] for number in range(size)],
            [number % 10 > 0 for number in range(size)],
            [now + timedelta(milliseconds=number) for number in range(size)],
            [False] * size,
        ]

    def insert(self, columns: list[list[Any]]) -> None:
        with psycopg.Cursor(self._connection) as cursor:
            cursor.execute(BARE, ["u-1", "l-1", "c-1", *columns])
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def measure() -> list[Table]:
    """The table of intake. Raises AssertionError where a promise of ours does not hold."""
    with private_postgres() as url, tempfile.TemporaryDirectory() as data:
        os.environ.update(HAILONG_DATABASE_URL=url, HAILONG_DATA=data, DJANGO_SETTINGS_MODULE="server.settings")
        os.environ["HAILONG_BATCHES_PER_MINUTE"] = "1000000000"
        return [_measure(url)]


def _measure(url: str) -> Table:
    application = Application()
    sender, officers = application.kiosk()
    bare = Bare(url, officers)

    for _ in range(WARM_UP):
        application.post(sender, sender.batch(50))
        bare.insert(bare.rows(50))
    table = Table(
        "Intake",
        ["entries a batch", "ours, votes/s", "bare `unnest`, votes/s", "ratio (median)", "lowest – highest of the rounds"],
        "Ours is the whole WSGI application on one connection: gunzip, Ed25519, digest chain, archive, votes, both tallies, head, "
        f"signed receipt. Both commit each batch to disk. {ROUNDS} interleaved rounds; wanted at 500: a ratio of at least 0.35.",
    )
    for size, count in BATCHES.items():
        ours, theirs, ratios = [], [], []
        for _ in range(ROUNDS):
            batches, rows = [sender.batch(size) for _ in range(count)], [bare.rows(size) for _ in range(count)]
            began = time.perf_counter()
            for batch in batches:
                application.post(sender, batch)
            between = time.perf_counter()
            for columns in rows:
                bare.insert(columns)
            ended = time.perf_counter()
            ours.append(size * count / (between - began))
            theirs.append(size * count / (ended - between))
            ratios.append(ours[-1] / theirs[-1])
        spread = f"{min(ratios):.2f} – {max(ratios):.2f}"
        table.rows.append([str(size), f"{median(ours):,.0f}", f"{median(theirs):,.0f}", f"{median(ratios):.2f}", spread])
    bare.close()
    application.close()
    print(table)
    assert median(ratios) >= 0.35, "intake is too slow"
    return table
