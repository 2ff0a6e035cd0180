"""Votes a second into PostgreSQL, everything included, beside a bare `unnest` insert of the same rows on one connection."""

import io
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from nacl.signing import SigningKey

from bench.figures import Table, median
from sync import entries, wire
from sync.signature import sign_request
from tests.postgres import private_postgres

ROUNDS = 7
BATCHES = {1: 150, 50: 80, 500: 40}
WARM_UP = 20
OFFICERS = 4
PATH = "/api/v1/entries"

BARE = b"""
    INSERT INTO bare (unit_id, ledger, counter_id, id, seq, officer_id, satisfied, at, estimated)
    SELECT %b, %b, %b, v.* FROM unnest(%b::uuid[], %b::int8[], %b::text[], %b::bool[], %b::timestamptz[], %b::bool[]) AS v
    ON CONFLICT DO NOTHING
"""


class Sender:
    """A kiosk's side: makes signed batches of a ledger of its own."""

    def __init__(self, unit: str, counter: str, officers: list[str], device: str, key: SigningKey) -> None:
        self._unit, self._counter, self._officers = unit, counter, officers
        self.device = device
        self._key = key
        self._ledger = f"l-{entries.uuid7()}"
        self._seq, self._digest, self._up, self._boot = 0, entries.GENESIS, 1000.0, str(uuid4())

    def batch(self, size: int) -> tuple[bytes, str]:
        """The next so many entries as body and signature."""
        lines = [entries.encode_entry(self._entry(self._seq + number + 1)) for number in range(size)]
        header = wire.BatchHeader(
            ledger=self._ledger,
            first=self._seq + 1,
            previous=self._digest,
            ledgers=[wire.Held(self._ledger, 0, self._seq + size, self._seq)],
            clock=wire.Clock(entries.to_the_millisecond(datetime.now(UTC)), self._up + 10, self._boot),
            genuine=None,
            health=wire.Health("0.1.0", size, 10**10),
            nonce=uuid4().hex,
        )
        self._seq += size
        self._digest = entries.chain(self._digest, lines)[-1]
        body = wire.encode_batch(wire.Batch(header, lines))
        return body, sign_request(self._key, "POST", PATH, body)

    def _entry(self, seq: int) -> entries.Entry:
        self._up += 3
        common: dict[str, Any] = {
            "id": entries.uuid7(),
            "at": entries.to_the_millisecond(datetime.now(UTC)),
            "up": self._up,
            "boot": self._boot,
        }
        if seq == 1:
            key = self._key.verify_key.encode().hex()
            return entries.Opened(
                **common, ledger=self._ledger, device=key, unit=self._unit, counter=self._counter, parent=None, reason="new"
            )
        return entries.Vote(**common, officer=self._officers[seq % OFFICERS], rating="satisfied" if seq % 10 else "dissatisfied")


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
    from django.core.management import call_command

    from server.wsgi import application

    call_command("migrate", verbosity=0)
    sender, officers = _a_kiosk()
    bare = Bare(url, officers)

    def post(batch: tuple[bytes, str]) -> None:
        statuses: list[str] = []

        def start(status: str, *_: object) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda data: None

        reply = application(_request(sender.device, *batch), start)
        b"".join(reply)
        reply.close()
        assert statuses[0].startswith("200"), statuses

    for _ in range(WARM_UP):
        post(sender.batch(50))
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
                post(batch)
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
    _close_connections()
    print(table)
    assert median(ratios) >= 0.35, "intake is too slow"
    return table


def _a_kiosk() -> tuple[Sender, list[str]]:
    from django.utils import timezone

    from server.devices.models import Device
    from server.places.models import Counter, Officer, Unit

    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    officers = [Officer.objects.create(unit=unit, name=f"Cán bộ {number}", title="Công chức") for number in range(OFFICERS)]
    counter = Counter.objects.create(unit=unit, name="Quầy 1", on_duty=officers[0])
    key = SigningKey.generate()
    device = Device.objects.create(unit=unit, counter=counter, public_key=key.verify_key.encode().hex(), enrolled_at=timezone.now())
    ids = [officer.pk for officer in officers]
    return Sender(unit.pk, counter.pk, ids, device.pk, key), ids


def _request(device: str, body: bytes, signature: str) -> dict[str, Any]:
    """A WSGI environ (PEP 3333)."""
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-ndjson", "CONTENT_LENGTH": str(len(body)), "HTTP_CONTENT_ENCODING": "gzip",
        "HTTP_HAILONG_DEVICE": device, "HTTP_HAILONG_SIGNATURE": signature, "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip


def _close_connections() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
