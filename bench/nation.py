"""An invented country in a database, and what the benchmark of pages needs to know of it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from bench.visitors import Leader
from tests.stage.programs import ROOT

LAST = date(2026, 11, 25)
SETTINGS = ("max_wal_size = '2GB'", "checkpoint_timeout = '30min'")  # a checkpoint a minute would be all that is seen of a fill


def fill(data: Path, url: str, votes: int, *options: str) -> None:
    """Let `simulate` fill a database. url: of PostgreSQL, or empty for the SQLite in `data`."""
    print(f"  {votes:,} votes are invented ({'PostgreSQL' if url else 'SQLite'})", flush=True)
    data.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "server", "simulate", "--votes", str(votes), "--last", str(LAST), *options]
    began = time.monotonic()
    subprocess.run(words, cwd=ROOT, env=_environment(data, url), check=True)
    print(f"  … in {(time.monotonic() - began) / 60:.1f} minutes", flush=True)


@contextmanager
def inside(data: Path, url: str) -> Iterator[ProcessPoolExecutor]:
    """A process in which Django stands on this database: it is set up for one database in a process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_set_up, initargs=(_environment(data, url),)) as pool:
        yield pool


def _environment(data: Path, url: str) -> dict[str, str]:
    return {**os.environ, "HAILONG_DATA": str(data), "HAILONG_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "server.settings"}


def _set_up(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    import django

    django.setup()


def leaders(count: int) -> list[Leader]:
    """So many leaders of communes, of provinces and of the country in turn, logged in; to be run `inside`."""
    from django.contrib.auth.models import User
    from django.test import Client

    from server.management.prepared import prepare
    from server.places.models import Membership, Unit

    prepare()
    country = Unit.objects.get(kind=Unit.Kind.COUNTRY)
    provinces = sorted(country.below.all(), key=lambda unit: -unit.below.count())
    found = []
    for number in range(count):
        province = provinces[number % len(provinces)]
        communes = province.below.order_by("id")
        unit = (communes[number % len(communes)], province, country)[number % 3]
        user, _ = User.objects.get_or_create(username=f"leader-{number}")
        Membership.objects.get_or_create(user=user, unit=unit, role=Membership.Role.LEADER)
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        level = str(unit.get_kind_display().partition(",")[0])
        found.append(Leader(level, unit.pk, f"sessionid={client.cookies['sessionid'].value}"))
    return found
