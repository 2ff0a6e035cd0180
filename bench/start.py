"""The kiosk's start and its tap, with a year's ledger (20,000 entries, all on the server) and with 200,000 that wait for it."""

import random
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.figures import Table, median, percentile
from kiosk.clocks import Clocks, Moment
from kiosk.storage.branch import begin
from kiosk.storage.database import connect
from kiosk.storage.ledger import Binding, Ledger
from sync.entries import Opened, Vote, encode_entry, uuid7
from sync.wire import Acked
from tests.stage.programs import ROOT

BINDING = Binding("ab" * 32, "u-1", "c-1")
ROUNDS = 5
TAPS = 300
SIZES = ((1, "an empty ledger"), (20_000, "a year: 20,000 acknowledged"), (200_000, "200,000 that wait"))


def measure() -> list[Table]:
    """The table of starts and taps; the ledgers take turns, so that the machine's moods fall on all of them."""
    table = Table(
        "Start with a long ledger",
        ("ledger", "start, median", "start, slowest", "tap, median", "tap, 95 %"),
        "A start checks the pages, every digest, and that the journal is the same; a tap is the two durable writes, without the window.",
    )
    with tempfile.TemporaryDirectory(dir=ROOT / ".bench") as name:
        folders = [a_ledger(Path(name) / str(size), size, acknowledged=size == 20_000) for size, _ in SIZES]
        starts: list[list[float]] = [[] for _ in SIZES]
        taps: list[list[float]] = [[] for _ in SIZES]
        for _ in range(ROUNDS):
            for index, folder in enumerate(folders):
                start, tap = one_start(folder)
                starts[index].append(start)
                taps[index] += tap
    for (_, what), begun, tapped in zip(SIZES, starts, taps, strict=True):
        spent = (f"{median(begun):.2f} s", f"{max(begun):.2f} s")
        table.rows.append((what, *spent, f"{median(tapped) * 1000:.2f} ms", f"{percentile(tapped, 0.95) * 1000:.2f} ms"))
    print(table)
    return [table]


def a_ledger(folder: Path, entries: int, *, acknowledged: bool) -> Path:
    """A data folder with so many entries."""
    chance = random.Random(entries)
    now = Clocks().now()
    opened = Opened(
        id=uuid7(),
        at=now.at,
        up=now.up,
        boot=now.boot,
        ledger=f"l-{uuid7()}",
        device=BINDING.device,
        unit=BINDING.unit,
        counter=BINDING.counter,
        parent=None,
        reason="new",
    )
    folder.mkdir()
    with closing(connect(folder / "ledger.db")) as connection:
        begun = begin(connection, folder / "journal", opened, [encode_entry(_vote(now, chance)) for _ in range(entries - 1)])
        begun.journal.close()
    ledger = Ledger(folder, Clocks())
    ledger.bind(BINDING)
    if acknowledged:
        [held] = ledger.held()
        digest = ledger.digest_at(held.ledger, held.last)
        assert digest is not None
        assert ledger.acknowledge(Acked(held.ledger, held.last, digest))
    ledger.close()
    return folder


def one_start(folder: Path) -> tuple[float, list[float]]:
    """Seconds until votes can be taken, and for each tap."""
    began = time.perf_counter()
    ledger = Ledger(folder, Clocks())
    ledger.bind(BINDING)
    start = time.perf_counter() - began
    taps, chance = [], random.Random()
    for _ in range(TAPS // ROUNDS):
        began = time.perf_counter()
        ledger.append(lambda now: _vote(now, chance))
        taps.append(time.perf_counter() - began)
    ledger.close()
    return start, taps


def _vote(now: Moment, chance: random.Random) -> Vote:
    officer = f"o-{chance.randrange(8)}"
    return Vote(
        id=uuid7(),
        at=now.at,
        up=now.up,
        boot=now.boot,
        officer=officer,
        rating="satisfied" if chance.random() < 0.95 else "dissatisfied",
    )
