"""A kiosk without a window: the real ledger and the real courier, towards a server in memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Binding, Ledger
from sync.courier import Courier, Step
from sync.entries import Opened, decode_entry
from sync.store import Exchange
from sync.wire import Clock, Health, sha256
from tests.kiosk.conftest import BINDING, a_vote
from tests.sync.memory_server import NOW, MemoryServer

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 each test makes a folder of its own there


class Tablet:
    """What the courier asks of the kiosk besides its ledgers."""

    def __init__(self) -> None:
        self.config: bytes | None = None
        self.up = 1.0

    def clock(self) -> Clock:
        return Clock(NOW, self.up, "boot")

    def health(self) -> Health:
        return Health("0.1.0", 0, 0)

    def config_digest(self) -> str | None:
        return None if self.config is None else sha256(self.config)

    def store_config(self, config: bytes) -> None:
        self.config = config


class Bench:
    """One kiosk. Its random waits are always the longest possible."""

    def __init__(self, folder: Path, server: MemoryServer, binding: Binding = BINDING) -> None:
        self.folder = folder
        self.server = server
        self.exchange: Exchange = server
        self.tablet = Tablet()
        self.steps: list[Step] = []
        self.binding = binding
        self.start()

    def start(self) -> None:
        self.ledger = Ledger(self.folder, Clocks())
        self.ledger.bind(self.binding)
        self.courier = Courier(self.ledger, self.exchange, self.tablet, self.steps.append, lambda low, high: high)

    def restart(self) -> None:
        self.ledger.close()
        self.start()

    def vote(self, times: int = 1) -> None:
        for _ in range(times):
            self.ledger.append(a_vote)

    def run(self, most: int = 100) -> Step:
        """Exchange until the courier pauses; it must do so within that many rounds."""
        for _ in range(most):
            step = self.courier.run_once()
            if step.wait_seconds > 0:
                return step
        raise AssertionError(f"still asking at once after {most} rounds: {step}")

    def names(self) -> list[str]:
        return [held.ledger for held in self.ledger.held()]

    def lines(self) -> list[bytes]:
        """Every entry on the disk, carried ones as often as they are there."""
        return [line.encode() for (line,) in self.ledger._connection.execute("SELECT line FROM entries ORDER BY number, seq")]

    def opened(self, ledger: str) -> Opened:
        row = self.ledger._connection.execute(
            "SELECT line FROM entries JOIN ledgers USING (number) WHERE ledger = ? AND seq = 1", (ledger,)
        )
        opened = decode_entry(row.fetchone()["line"].encode())
        assert isinstance(opened, Opened)
        return opened


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: these tests write much, and none is about the disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture
def bench(folder: Path, server: MemoryServer) -> Iterator[Bench]:
    """A kiosk with three votes."""
    bench = Bench(folder / "kiosk", server)
    bench.vote(3)
    yield bench
    bench.ledger.close()
