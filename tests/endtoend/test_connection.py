"""The connection test towards the real server: itself, restored with other keys, and behind a network that breaks what passes."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.connection.examining import Aim, World, examine
from kiosk.findings import Level
from kiosk.texts import translator
from sync.watch import Limits
from tests.faults.proxy import BrokenNetwork, Fault, Kind
from tests.stage.programs import Server

pytestmark = pytest.mark.endtoend

HASTY, PATIENT = World(limits=Limits(0.5, 0.5, 0.8)), World(limits=Limits(10, 10, 20))
ENDS_WITHIN = 10.0  # seconds: two steps, and a busy machine
KINDS: list[Kind] = [
    "refuse", "black hole", "reset in request", "reset in reply", "half-close of reply", "flip in reply", "drip", "delay", "duplicate",
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as running:
        yield running


def levels(aim: Aim, world: World) -> dict[str, str]:
    return {finding.check: finding.level.value for finding in examine(aim, translator("vi"), world)}


def test_the_server_itself_is_well(server: Server) -> None:
    assert levels(Aim(server.address), PATIENT) == {"reach": "ok", "server": "ok", "clock": "ok"}


def test_a_server_with_another_key_is_not_the_one_that_was_meant(server: Server, tmp_path: Path) -> None:
    made = tmp_path / "folder"
    counter = server.demo().counter("Quầy 3")["id"]
    server.command("provision", counter, "--server", server.address, "--out", str(made))
    [line] = [line for line in (made / counter / "kiosk.toml").read_text().splitlines() if line.startswith("signing_key")]
    key = line.split('"')[1]
    assert levels(Aim(server.address, key=key), PATIENT)["server"] == "ok"
    assert levels(Aim(server.address, key="0" * 64), PATIENT)["server"] == "bad"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [0, 30, 200])
def test_whatever_the_network_does_the_test_ends_soon_and_says_something(server: Server, kind: Kind, at: int) -> None:
    with BrokenNetwork(int(server.address.rpartition(":")[2])) as network:
        network.set(Fault(kind, at))
        began = time.monotonic()
        findings = list(examine(Aim(f"http://127.0.0.1:{network.port}"), translator("vi"), HASTY))
        assert time.monotonic() - began < ENDS_WITHIN
    last = findings[-1]
    if kind in ("refuse", "black hole", "reset in reply", "drip", "delay"):
        assert last.level is Level.BAD
    assert bool(last.mend) is (last.level is not Level.OK)
