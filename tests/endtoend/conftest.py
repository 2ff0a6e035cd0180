"""The stage for tests with real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import private_postgres
from tests.stage.display import VirtualDisplay
from tests.stage.programs import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
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
