"""The network comes back: every kiosk of a country sends three days' backlog to one real server on PostgreSQL, within a minute.

The kiosks are simulated (batches made beforehand, in memory), the client, HTTP, the server and the database are real. As the
courier does, each begins at a random moment of the first minute, keeps the server's Retry-After, and backs off after a failure.
"""

import hashlib
import heapq
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import psycopg
from nacl.signing import SigningKey

from bench.figures import Table, percentile
from bench.sender import Post, Sender
from sync.backoff import Backoff, honour
from sync.client import Client
from sync.errors import ExchangeError, TryLater
from sync.http import Wire
from tests.postgres import private_postgres
from tests.stage.programs import ROOT, Server

THE_COUNTRY = 26_568  # 3,321 communes with 8 counters each
A_PROVINCE = 2_000
COUNTERS = 8
OFFICERS = 8
VOTES = 180  # 60 a day for three days
BACKLOG = timedelta(days=3)
RETURN_SECONDS = 60.0
THREADS = 200

Keep = Callable[[float, Callable[[float, float], float]], float]  # as `sync.backoff.honour`


@dataclass
class Simulated:
    """One kiosk: what it has to send, and how its last tries went. refused: how often it was told to come later.

    It hangs up after each exchange: its tablet has a socket to spare, this process has not one for each kiosk of a country.
    """

    wire: Wire
    client: Client
    body: bytes
    backoff: Backoff = field(default_factory=Backoff)
    refused: int = 0


@dataclass
class Course:
    """How the storm went, and what the server has after it.

    seconds: of each exchange that was answered. waits: what each 503 asked for. late: how much later than due an exchange began.
    refused: of each kiosk, how often it was told to come later. rows, votes, tallied: rows of votes, different ids in them, the
    sum of the tallies.
    """

    seconds: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    failed: int = 0
    late: float = 0.0
    drained: float = 0.0
    rows: int = 0
    votes: int = 0
    tallied: int = 0


def measure(kiosks: int = A_PROVINCE) -> list[Table]:
    """The table of a storm of so many kiosks. Raises AssertionError where a vote is lost or doubled, or the 99th percentile fails."""
    with tempfile.TemporaryDirectory(dir=ROOT / ".bench", ignore_cleanup_errors=True) as name:
        course = storm(Path(name), kiosks)
    cast = kiosks * VOTES
    assert course.rows == course.votes == course.tallied == cast, f"{cast} cast; {course}"
    return [_table(kiosks, course)]


def storm(folder: Path, kiosks: int, *, votes: int = VOTES, within: float = RETURN_SECONDS, keep: Keep = honour) -> Course:
    """So many kiosks send so many votes each, all beginning within so many seconds. folder: for the server's files.

    keep: how long a kiosk waits that was told to come again after so many seconds.
    """
    with private_postgres() as url:
        data = folder / "server" / "data"
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # Django is set up for one database in a process
            senders, server_key = pool.submit(_enrolled, kiosks, BACKLOG / votes, url, data).result()
        with Server(folder / "server", database=url) as server:
            print(f"  {kiosks:,} kiosks pack their batches", flush=True)
            ready = [_ready(sender, Wire(server.address), server_key, votes) for sender in senders]
            course = _storm(ready, within, keep)
        with psycopg.connect(url) as connection:
            [(course.rows, course.votes)] = connection.execute("SELECT count(*), count(DISTINCT (unit_id, id)) FROM intake_vote").fetchall()
            [(course.tallied,)] = connection.execute("SELECT sum(satisfied + dissatisfied)::int FROM intake_officerday").fetchall()
    return course


def _ready(sender: Sender, wire: Wire, server_key: str, votes: int) -> Simulated:
    return Simulated(wire, sender.client(wire, server_key), sender.batch(votes + 1)[0])


def _enrolled(kiosks: int, spacing: timedelta, url: str, data: Path) -> tuple[list[Sender], str]:
    """Make the kiosks known to the server; each with its backlog ahead of it, and the server's public key."""
    os.environ.update(HAILONG_DATABASE_URL=url, HAILONG_DATA=str(data), DJANGO_SETTINGS_MODULE="server.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.conf import settings
    from django.db import connection, transaction
    from django.utils import timezone

    from server import keys
    from server.devices.models import Device
    from server.places.models import Counter, Officer, Unit

    senders = []
    with transaction.atomic():
        for first in range(0, kiosks, COUNTERS):
            unit = Unit.objects.create(name=f"Phường {first // COUNTERS + 1}", kind=Unit.Kind.COMMUNE)
            officers = Officer.objects.bulk_create(Officer(unit=unit, name=f"Cán bộ {n + 1}", title="Công chức") for n in range(OFFICERS))
            here = range(first, min(first + COUNTERS, kiosks))
            counters = Counter.objects.bulk_create(Counter(unit=unit, name=f"Quầy {n - first + 1}") for n in here)
            private = [SigningKey(hashlib.sha256(b"kiosk %d" % number).digest()) for number in here]
            devices = Device.objects.bulk_create(
                Device(unit=unit, counter=counter, public_key=key.verify_key.encode().hex(), enrolled_at=timezone.now())
                for counter, key in zip(counters, private, strict=True)
            )
            ids = [officer.pk for officer in officers]
            senders += [
                Sender(Post(unit.pk, counter.pk, ids), device.pk, key, spacing)
                for counter, device, key in zip(counters, devices, private, strict=True)
            ]
    connection.close()
    return senders, keys.signing_key(settings.KEYS).verify_key.encode().hex()


def _storm(kiosks: list[Simulated], within: float, keep: Keep) -> Course:
    chance = random.Random(1)
    began = time.monotonic()
    due = [(began + chance.uniform(0, within), number) for number in range(len(kiosks))]
    heapq.heapify(due)
    course, lock, left = Course(), threading.Lock(), len(kiosks)

    def carry() -> None:
        nonlocal left
        while True:
            with lock:
                if not left:
                    return
                wait = due[0][0] - time.monotonic() if due else 1.0
                if wait <= 0:
                    at, number = heapq.heappop(due)
            if wait > 0:
                time.sleep(min(wait, 0.05))
                continue
            again = _exchange(kiosks[number], course, at, keep, chance)
            with lock:
                if again is None:
                    left -= 1
                    _tell(left, len(kiosks))
                else:
                    heapq.heappush(due, (time.monotonic() + again, number))

    threads = [threading.Thread(target=carry) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    course.drained = time.monotonic() - began
    course.refused = [kiosk.refused for kiosk in kiosks]
    return course


def _exchange(kiosk: Simulated, course: Course, due: float, keep: Keep, chance: random.Random) -> float | None:
    """Send once; how long to wait before the next try, None when the batch was received."""
    began = time.monotonic()
    course.late = max(course.late, began - due)
    try:
        kiosk.client.send(kiosk.body)
    except TryLater as later:
        if later.after_seconds is not None:
            kiosk.refused += 1
            course.waits.append(later.after_seconds)
            course.seconds.append(time.monotonic() - began)
            return keep(later.after_seconds, chance.uniform)
        course.failed += 1
    except ExchangeError as error:
        raise AssertionError(f"the server refused a batch: {error}") from error
    else:
        course.seconds.append(time.monotonic() - began)
        return None
    finally:
        kiosk.wire.close()
    kiosk.backoff = kiosk.backoff.after_failure()
    return kiosk.backoff.seconds(chance.uniform)


def _tell(left: int, kiosks: int) -> None:
    if left % max(1, kiosks // 10) == 0:
        print(f"  {kiosks - left:,} of {kiosks:,} have sent theirs", flush=True)


def _table(kiosks: int, course: Course) -> Table:
    answered = len(course.seconds)
    table = Table(
        f"A storm of {kiosks:,} kiosks",
        ["votes", "all sent after", "votes/s", "an answer takes: median", "99 %", "503s", "no answer", "lost", "doubled"],
        f"Three days' backlog each, all beginning within {RETURN_SECONDS:.0f} s; server, PostgreSQL and the simulated kiosks share the "
        f"same cores. An exchange began at most {course.late:.1f} s later than it was due.",
    )
    votes = kiosks * VOTES
    table.rows.append(
        [
            f"{votes:,}",
            f"{course.drained:.0f} s",
            f"{votes / course.drained:,.0f}",
            f"{percentile(course.seconds, 0.5) * 1000:.0f} ms",
            f"{percentile(course.seconds, 0.99) * 1000:.0f} ms",
            f"{len(course.waits):,}",
            f"{course.failed:,}",
            "0",
            "0",
        ]
    )
    print(table)
    assert course.failed <= (answered + course.failed) / 100, "more than one exchange in a hundred had no answer"
    return table
