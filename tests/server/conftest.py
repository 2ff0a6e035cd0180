"""The server's tests run on SQLite in a temporary folder, or with --database=postgresql on a private PostgreSQL."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import django
import pytest

from tests.postgres import private_postgres

if TYPE_CHECKING:
    from django.test import Client

    from tests.server.kiosk import Kiosk
    from tests.server.phone import Clock

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 these tests commit much, and none is about the disk

_resources = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="the database of the server's tests")


def pytest_configure(config: pytest.Config) -> None:
    resources = config.stash[_resources] = ExitStack()
    os.environ["HAILONG_DATA"] = resources.enter_context(tempfile.TemporaryDirectory(prefix="hailong-tests-", dir=MEMORY))
    os.environ["HAILONG_DATABASE_URL"] = ""
    os.environ["HAILONG_BATCHES_PER_MINUTE"] = "1000000000"
    if config.getoption("--database", "sqlite") == "postgresql":
        os.environ["HAILONG_DATABASE_URL"] = resources.enter_context(private_postgres(fsync=False))
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
    django.setup()
    _find_static_files_once()
    if config.getoption("capture") == "no":  # `make faults`: what the server says of each hostile upload would drown the rest
        for handler in logging.getLogger().handlers:
            if type(handler) is logging.StreamHandler:
                handler.setLevel(logging.ERROR)


def _find_static_files_once() -> None:
    """Not anew for each browser, of which there are thousands: it takes a fiftieth of a second."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    find, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, object]()

    def find_once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = find_once


def pytest_unconfigure(config: pytest.Config) -> None:
    from server.management.commands.serve import close_database

    close_database()
    config.stash[_resources].close()


@pytest.fixture(scope="session")
def migrated() -> None:
    """The tables, made once."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@pytest.fixture(autouse=True)
def empty(migrated: None) -> Iterator[None]:
    """A database without rows, and no connection left behind."""
    from django.db import connection

    from tests.server.database import clear

    yield
    clear()
    connection.close()


@pytest.fixture
def client() -> "Client":
    from django.test import Client

    return Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.1")


@pytest.fixture
def kiosk() -> "Kiosk":
    """An enrolled kiosk at a counter of a new commune."""
    from tests.server.kiosk import enrolled

    return enrolled()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def own_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys for a test that changes them."""
    from django.conf import settings as django_settings

    from server import keys, settings

    monkeypatch.setattr(django_settings, "KEYS", folder)
    monkeypatch.setattr(settings, "KEYS", folder)
    keys.make(folder)
    return folder


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """The server's clock stands still until it is told to go on; nobody was counted before."""
    from django.utils import timezone

    from server.comments import pages
    from server.pace import PerMinute
    from tests.server.phone import Clock

    kept = Clock()
    monkeypatch.setattr(timezone, "now", lambda: kept.now)
    monkeypatch.setattr("django.core.signing.time", SimpleNamespace(time=lambda: kept.now.timestamp()))
    monkeypatch.setattr(pages, "_by_address", PerMinute())
    monkeypatch.setattr(pages, "_by_device", PerMinute())
    return kept


@pytest.fixture
def stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is not opened anew for each of thousands of requests."""
    from django.db import connection

    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def refused_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a refusal, which is the same at every address, is left out; its status stays."""
    from django.http import HttpResponse
    from django.urls import URLResolver

    monkeypatch.setattr(URLResolver, "resolve_error_handler", lambda _, status: lambda *request, **why: HttpResponse(status=status))
