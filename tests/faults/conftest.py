"""What all fault tests share: choosing by fault, the seed, the table at the end, and skips that nobody overlooks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.report import as_text, results
from tests.faults.wired import Place, a_place
from tests.postgres import private_postgres
from tests.stage.programs import Server
from tests.stage.tablet import Tablet


def pytest_report_header() -> str:
    return f"faults: FAULTS_SEED={scale.SEED} FAULTS_SCALE={scale.SCALE} column={'long' if scale.LONG else 'CI'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    only = set(filter(None, os.environ.get("FAULTS_ONLY", "").split(",")))
    if not only:
        return
    chosen = [item for item in items if (mark := item.get_closest_marker("fault")) and only.intersection(mark.args)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [found for found in terminalreporter.stats.get("skipped", []) if "tests/faults/" in found.nodeid]
    failed = [found for found in terminalreporter.stats.get("failed", []) if "tests/faults/" in found.nodeid]
    if results or skipped or failed:
        terminalreporter.section(f"faults, FAULTS_SEED={scale.SEED}")
    if results:
        terminalreporter.write_line(as_text(results))
    for found in skipped:
        why = found.longrepr[2] if isinstance(found.longrepr, tuple) else found.longrepr
        terminalreporter.write_line(f"NOT PROVEN HERE: {found.nodeid}: {why}", red=True, bold=True)


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
