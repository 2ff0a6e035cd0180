"""The server's tests run on SQLite in a temporary folder, or with --database=postgresql on a private PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

from tests.postgres import private_postgres

if TYPE_CHECKING:
    from django.test import Client

    from tests.server.kiosk import Kiosk

_resources = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="the database of the server's tests")


def pytest_configure(config: pytest.Config) -> None:
    resources = config.stash[_resources] = ExitStack()
    os.environ["HAILONG_DATA"] = resources.enter_context(tempfile.TemporaryDirectory(prefix="hailong-tests-"))
    os.environ["HAILONG_DATABASE_URL"] = ""
    os.environ["HAILONG_BATCHES_PER_MINUTE"] = "1000000000"
    if config.getoption("--database", "sqlite") == "postgresql":
        os.environ["HAILONG_DATABASE_URL"] = resources.enter_context(private_postgres(fsync=False))
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
    django.setup()


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
    from django.db import connection, transaction

    yield
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys=ON")
            for table in set(tables) - {"django_migrations"}:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 – names of our own tables
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys: any order; TRUNCATE would take a second
            cursor.execute(";".join(f'DELETE FROM "{table}"' for table in set(tables) - {"django_migrations"}))  # noqa: S608 – as above
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
