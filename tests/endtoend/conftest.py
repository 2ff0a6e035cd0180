"""The stage for tests with real processes."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.postgres import private_postgres
from tests.stage.display import VirtualDisplay
from tests.stage.programs import Server

LONGEST_TEST = timedelta(minutes=6)


@pytest.fixture
def one_day() -> None:
    """A test that reads the page of today must not begin just before midnight at the counter."""
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    if midnight - now < LONGEST_TEST:
        time.sleep((midnight - now).total_seconds() + 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path, one_day: None) -> Iterator[Server]:
    """A running server, on each database."""
    if request.param == "sqlite":
        with Server(tmp_path / "server") as running:
            yield running
    else:
        with private_postgres() as url, Server(tmp_path / "server", database=url) as running:
            yield running


@pytest.fixture
def display() -> Iterator[VirtualDisplay]:
    with VirtualDisplay() as virtual:
        yield virtual
