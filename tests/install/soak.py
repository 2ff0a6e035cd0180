"""The installed kiosk at work for long: `python -m tests.install.soak [--minutes 60] [--turns 10000] [--seed N] [--package FILE]`.

Turn after turn by a finger, while the network comes and goes and breaks what passes, and the program, its compositor and the whole
machine are killed at random. In the end the counts must be exact (every vote that was thanked for is on the disk and on the server, no
more than were tapped), memory and disk flat. Prints the table; --keep puts it into docs/performance.md, too. The exit code tells whether
it held.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Table, median
from bench.memory import memory
from bench.page import keep
from tests.faults.proxy import BrokenNetwork, Fault, Kind
from tests.install.kiosk import UNIT, InstalledKiosk, installed, package
from tests.install.machine import Failed
from tests.stage.display import wait_until
from tests.stage.programs import Server

NETWORKS: tuple[Kind, ...] = ("none", "none", "none", "refuse", "black hole", "reset in request", "reset in reply", "flip in reply")
EVERY_SECONDS = {"network": 15.0, "program": 90.0, "compositor": 150.0, "power": 240.0}  # at the mean
SETTLED_SECONDS = 60.0
SAMPLE_TURNS = 25
GROWTH_ALLOWED = 1.05
LOG_ALLOWED = 64e6  # of the system's log, for which the package sets a bound: each cut of the power leaves 8 MB, until that is reached
BYTES_A_VOTE = 4000  # two copies of a vote, its index, and what of the write-ahead log is not yet given back


@dataclass
class Seen:
    """What the finger and the scales saw. memory: MB, each with the turns taken by then; disk: bytes of the machine's /var without the
    system's log; log: bytes of that.
    """

    tapped: int = 0
    thanked: int = 0
    events: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EVERY_SECONDS, 0))
    back: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    disk: list[tuple[int, int]] = field(default_factory=list)
    log: int = 0


class Soak:
    """kiosk: installed, asking, and its server beyond the network."""

    def __init__(self, kiosk: InstalledKiosk, network: BrokenNetwork, chance: random.Random) -> None:
        self._kiosk, self._network, self._chance = kiosk, network, chance
        self.seen = Seen()
        self._started = time.monotonic()
        self._due = {event: self._soon(event) for event in EVERY_SECONDS}

    def run(self, turns: int, until: float) -> None:
        """Take turns, so many or until then (time.monotonic), whichever comes first."""
        while self.seen.thanked < turns and time.monotonic() < until:
            for event in [event for event, due in self._due.items() if time.monotonic() > due]:
                self._happen(event)
                self._due[event] = self._soon(event)
            self._turn()
            if self.seen.thanked % SAMPLE_TURNS == 0:
                self._weigh()
        self._network.set(Fault("none"))

    def _turn(self) -> None:
        self._kiosk.wait_for_question()
        self.seen.tapped += 1
        self._kiosk.display.tap(*(self._kiosk.satisfied if self._chance.random() < 0.9 else self._kiosk.dissatisfied))
        try:
            wait_until(self._kiosk.asks_why, "the answer is taken", 2)
        except TimeoutError:
            return  # the finger was too early, and the kiosk still asks
        self.seen.thanked += 1
        self._kiosk.finish()

    def _happen(self, event: str) -> None:
        self.seen.events[event] += 1
        if event == "network":
            self._network.set(Fault(self._chance.choice(NETWORKS), self._chance.randrange(400)))
            return
        if self._chance.random() < 0.5:  # in the middle of a turn
            self.seen.tapped += 1
            self._kiosk.display.tap(*self._kiosk.satisfied)
        began = time.monotonic()
        if event == "power":
            self._kiosk.machine.cut_power()
            self._kiosk.screen.close()
            self._kiosk.machine.boot()
        else:
            self._kiosk.end("cage" if event == "compositor" else "hailong-kiosk")
            wait_until(lambda: not self._kiosk.asks(), "the screen goes", 10)
        self._kiosk.wait_until_up(60)
        if event != "power":
            self.seen.back.append(time.monotonic() - began)
        self._started = time.monotonic()

    def _weigh(self) -> None:
        var = self._kiosk.machine.folder / "var"
        self.seen.log = _taken(var / "log/journal")
        self.seen.disk.append((self.seen.thanked, _taken(var) - self.seen.log))
        if time.monotonic() - self._started > SETTLED_SECONDS:
            self.seen.memory.append(memory(self._outside("hailong-kiosk")))

    def _outside(self, name: str) -> int:
        """The number of a process as this host knows it."""
        return self._kiosk.machine.outside(self._kiosk.process(name))

    def _soon(self, event: str) -> float:
        return time.monotonic() + self._chance.expovariate(1 / EVERY_SECONDS[event])


def _taken(folder: Path) -> int:
    """Bytes of a disk."""
    taken = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # gone meanwhile
            taken += path.lstat().st_blocks * 512
    return taken


def soak(folder: Path, deb: Path, turns: int, minutes: float, seed: int) -> tuple[Table, list[str]]:
    """The table of a run, and what did not hold. Raises whatever keeps it from running at all."""
    chance = random.Random(seed)
    with (
        Server(folder / "server") as server,
        BrokenNetwork(int(server.address.rpartition(":")[2])) as network,
        installed("hailong-soak", folder, deb, server, f"http://127.0.0.1:{network.port}") as kiosk,
    ):
        run = Soak(kiosk, network, chance)
        began = time.monotonic()
        try:
            run.run(turns, began + 60 * minutes)
        except (Failed, TimeoutError) as error:
            error.add_note(kiosk.machine.try_to("journalctl", "--no-pager", "-n", "60", "-u", UNIT).stdout)
            raise
        took = time.monotonic() - began
        kept = kiosk.votes_on_disk()
        received = _received(server, kept)
        server.command("verify")
    return _judged(run.seen, kept, received, took, seed)


def _received(server: Server, kept: int) -> int:
    """How many votes the server has, once nothing more comes."""

    def votes() -> int:
        return int(server.rows("SELECT count(*) FROM intake_vote")[0][0])

    with suppress(TimeoutError):
        wait_until(lambda: votes() >= kept, "the server has all votes", 300)
    return votes()


def _judged(seen: Seen, kept: int, received: int, took: float, seed: int) -> tuple[Table, list[str]]:
    third = max(1, len(seen.memory) // 3)
    first, last = median(seen.memory[:third] or [0.0]), median(seen.memory[-third:] or [0.0])
    (turns_then, disk_then), (turns_now, disk_now) = seen.disk[0], seen.disk[-1]
    a_vote = (disk_now - disk_then) / max(1, turns_now - turns_then)
    amiss = []
    if not seen.thanked <= kept <= seen.tapped:
        amiss.append(f"{kept} votes on the disk, {seen.thanked} thanked for, {seen.tapped} tapped")
    if kept != received:
        amiss.append(f"{kept} votes on the disk, {received} on the server")
    if last > first * GROWTH_ALLOWED:
        amiss.append(f"memory grew from {first:.0f} to {last:.0f} MB")
    if a_vote > BYTES_A_VOTE:
        amiss.append(f"the disk grew by {a_vote:.0f} bytes a vote")
    if seen.log > LOG_ALLOWED:
        amiss.append(f"the system's log takes {seen.log / 1e6:.0f} MB")
    table = Table("The installed kiosk at work", ("what", "figure"), f"Seed {seed}. {'It held.' if not amiss else '; '.join(amiss)}")
    table.rows += [
        ("minutes", f"{took / 60:.0f}"),
        ("turns: tapped, thanked for, on the disk, on the server", f"{seen.tapped:,}, {seen.thanked:,}, {kept:,}, {received:,}"),
        ("changes of the network", str(seen.events["network"])),
        ("killed: program, compositor, power", f"{seen.events['program']}, {seen.events['compositor']}, {seen.events['power']}"),
        ("asks again after a kill, s: median, slowest", f"{median(seen.back or [0.0]):.1f}, {max(seen.back, default=0.0):.1f}"),
        ("memory (PSS), MB: first third, last third", f"{first:.0f}, {last:.0f}"),
        ("/var without the system's log, bytes a vote; that log, MB", f"{a_vote:.0f}; {seen.log / 1e6:.0f}"),
    ]
    return table, amiss


def main() -> int:
    """Run it, print the table; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.install.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--package", type=Path, help="instead of building one")
    parser.add_argument("--keep", action="store_true", help="put the table into docs/performance.md")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hailong-soak-", dir="/var/tmp"))  # a disk is too large for memory
    try:
        table, amiss = soak(folder, given.package or package(folder / "package"), given.turns, given.minutes, given.seed)
    except (Failed, TimeoutError):
        sys.stderr.write(f"seed {given.seed}\n")
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{table}\n")
    if given.keep:
        keep(table)
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
