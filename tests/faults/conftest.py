"""What the fault tests share: servers and kiosks to break."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.centre import a_folder
from tests.faults.schedules import prepared
from tests.faults.wired import Place, a_place
from tests.postgres import private_postgres
from tests.stage.programs import Server
from tests.stage.tablet import Tablet


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A running server of its own, and a device that is enrolled there."""
    with a_place(tmp_path_factory.mktemp("place")) as place:
        yield place


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A running server, on each database."""
    if request.param == "sqlite":
        with Server(tmp_path / "server") as running:
            yield running
    else:
        with private_postgres(fsync=False) as url, Server(tmp_path / "server", database=url) as running:
            yield running


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Server]:
    """A running server on SQLite: for what does not depend on the database."""
    with Server(tmp_path / "server") as running:
        yield running


@pytest.fixture
def tablets() -> Iterator[list[Tablet]]:
    """To be filled with kiosks, which are closed in the end."""
    made: list[Tablet] = []
    yield made
    for tablet in made:
        tablet.close()


@pytest.fixture(scope="session")
def district() -> Iterator[Path]:
    """A folder in memory with a server and its enrolled kiosks, of which each schedule gets a copy."""
    with a_folder() as root:
        scale.shared_out("T23", prepared, [root])
        yield root
