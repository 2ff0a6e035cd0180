"""Memory over ten thousand turns: the real kiosk in one process, with a real pointer, as fast as its window allows.

Turns are not all alike: some citizens give reasons, mend their answer, change the language, or write a comment.
"""

import contextlib
import tempfile
import time
from pathlib import Path

from nacl.public import PrivateKey

from bench.figures import Table
from sync.wire import KioskConfig, Officer, Place
from tests.stage.display import VirtualDisplay
from tests.stage.pointer import Pointer
from tests.stage.programs import ROOT
from tests.stage.watched import WatchedKiosk

WEIGHED_AFTER = (100, 1000, 2500, 5000, 7500, 10_000)
GROWTH_ALLOWED = 1.05
SEALING = PrivateKey(bytes([7] * 32)).public_key.encode().hex()
CONFIG = KioskConfig(
    unit=Place("u-1", "Phường Thái Hòa"),
    counter=Place("c-1", "Quầy 3"),
    officers=[Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch")],
    on_duty="o-1",
)


def measure(weighed_after: tuple[int, ...] = WEIGHED_AFTER) -> list[Table]:
    """The table of weights. Raises AssertionError where it grew too much."""
    table = Table("Memory over ten thousand turns", ("turns", "memory (PSS), MB", "of that after the first row"))
    weights: list[float] = []
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(dir=ROOT / ".bench") as name,
        VirtualDisplay() as display,
        Pointer(display.name) as pointer,
        WatchedKiosk(Path(name), display, CONFIG, SEALING, "--hurried") as kiosk,
    ):
        for number in range(1, weighed_after[-1] + 1):
            turn(kiosk, pointer, number)
            if number in weighed_after:
                weights.append(memory(kiosk.process_id))
                table.rows.append((f"{number:,}", f"{weights[-1]:.1f}", f"{weights[-1] / weights[0]:.3f}"))
                print(f"  {number:,} turns: {weights[-1]:.1f} MB, {(time.monotonic() - began) / number:.3f} s a turn", flush=True)
        votes = kiosk.votes_on_disk()
    growth = weights[-1] / weights[0]
    table.note = (
        f"One process, touched by a real pointer (XTEST); after {weighed_after[-1]:,} turns it has {growth:.3f} of what it had after "
        f"{weighed_after[0]:,} (wanted: at most {GROWTH_ALLOWED}). The ledger has grown by {votes:,} votes meanwhile, none of them sent."
    )
    print(table)
    assert growth <= GROWTH_ALLOWED, "memory grows"
    return [table]


def turn(kiosk: WatchedKiosk, pointer: Pointer, number: int) -> None:
    """One citizen, from the question to the question."""

    def tap(name: str) -> None:
        pointer.move(*kiosk.spot(name))
        pointer.down()
        pointer.up()

    if number % 10 == 3:
        tap("language")
    tap("dissatisfied" if number % 5 == 2 else "satisfied")
    kiosk.spot("done")
    if number % 25 == 7:
        tap("mistaken")
    if number % 4 == 1:
        for reason in list(kiosk.spots)[:2]:
            tap(reason)
    if number % 50 == 10:
        for place in ("write", *"cho", "Tiếp tục", "Gửi góp ý"):
            tap(place)
    tap("done")
    kiosk.spot("satisfied")


def memory(process_id: int) -> float:
    """Proportional set size in MB of a process and all that it started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    family, total = [process_id], 0
    while family:
        process = family.pop()
        family += children.get(process, [])
        with contextlib.suppress(OSError, StopIteration):
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024
