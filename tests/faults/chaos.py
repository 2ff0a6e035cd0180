"""Everything fails at random: kiosks, server, PostgreSQL, disks, network. What must be right again is looked at afterwards."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from kiosk.enrolment import device_key, store_enrolment
from kiosk.roster import Roster
from sync.client import Client, enrol
from sync.entries import Vote, decode_entry
from sync.http import Wire
from tests.faults.proxy import KINDS, BrokenNetwork, Fault
from tests.postgres import Cluster, private_cluster
from tests.stage.programs import Program, Server

SMALL_DISK_BYTES = 16 << 20
SECONDS_BETWEEN_FAULTS = 0.4
SECONDS_TO_HEAL = 180.0
LATE_KINDS = ("refuse", "drip")  # `refuse` hangs up on all at once and `drip` lasts: a server that is down does the first anyway


@dataclass
class Counter:
    """A kiosk process, restarted like a supervisor would."""

    folder: Path
    said: Path
    program: Program
    again_at: float = 0.0
    kills: int = 0
    words: dict[str, set[UUID]] = field(default_factory=dict)

    def tend(self) -> None:
        """Start it again when its time has come."""
        if not self.program.runs and time.monotonic() >= self.again_at:
            self.program.start()

    def kill(self, until: float) -> None:
        """kill -9, and off until then."""
        self.program.stop(signal.SIGKILL)
        self.again_at = until
        self.kills += 1

    def listen(self) -> None:
        """Read what it said: ids by word."""
        self.words = {"cast": set(), "thanked": set(), "sorry": set()}
        for line in self.said.read_text("ascii").splitlines():
            word, _, vote = line.partition(" ")
            self.words[word].add(UUID(vote))

    def recorded(self) -> list[UUID]:
        """The votes that its database has, over all its ledgers; a line that was carried over is the same vote."""
        with closing(sqlite3.connect(self.folder / "ledger.db")) as connection:
            entries = [decode_entry(line.encode()) for (line,) in connection.execute("SELECT DISTINCT line FROM entries")]
        return [entry.id for entry in entries if isinstance(entry, Vote)]


@dataclass(frozen=True)
class Outcome:
    """cast, thanked: votes. lost: thanked and not on the server. doubled: tallied more than once. wrong: what else must not be."""

    cast: int
    thanked: int
    faults: dict[str, int]
    lost: int
    doubled: int
    wrong: list[str]


def run(folder: Path, *, kiosks: int, seconds: float, chance: random.Random, broken: tuple[str, ...] = ()) -> Outcome:
    """So many kiosks vote for so long while everything fails; then all is put right, and counted. broken: what every kiosk does."""
    with ExitStack() as stack:
        cluster = stack.enter_context(private_cluster())
        server = stack.enter_context(Server(folder / "server", database=cluster.url))
        network = stack.enter_context(BrokenNetwork(int(server.address.rpartition(":")[2])))
        disks = [stack.enter_context(_small_disk(folder / f"disk-{number}")) for number in range(max(1, kiosks // 4))]
        counters = _enrolled(server, network, disks, kiosks, folder, broken)
        chaos = Chaos(counters, server, cluster, network, disks, chance)
        try:
            chaos.rage(seconds)
            chaos.heal()
        finally:
            for counter in counters:
                counter.program.stop(signal.SIGKILL)
        return _judge(chaos)


class Chaos:
    """What can fail, and what did."""

    def __init__(
        self, counters: list[Counter], server: Server, cluster: Cluster, network: BrokenNetwork, disks: list[Path], chance: random.Random
    ) -> None:
        self.counters = counters
        self.cluster = cluster
        self.faults: dict[str, int] = {}
        self._server = server
        self._network = network
        self._disks = disks
        self._chance = chance
        self._mend: dict[str, tuple[float, object]] = {}

    def rage(self, seconds: float) -> None:
        """Let something fail every moment, and come back a little later."""
        faults = {
            "kiosk killed": (6, self._kill_a_kiosk),
            "server killed": (1, self._kill_the_server),
            "PostgreSQL crashed": (1, self._crash_postgresql),
            "network broken": (6, self._break_the_network),
        } | ({"disk full": (2, self._fill_a_disk)} if _can_mount() else {})
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            [(name, (_, fail))] = self._chance.choices(list(faults.items()), [weight for weight, _ in faults.values()])
            if fail():
                self.faults[name] = self.faults.get(name, 0) + 1
            self._tend()
            time.sleep(self._chance.expovariate(1 / SECONDS_BETWEEN_FAULTS))

    def heal(self) -> None:
        """Put everything right, let the kiosks finish, and wait until the last has."""
        self._mend = {name: (0.0, mend) for name, (_, mend) in self._mend.items()}
        self._tend()
        self._network.set(Fault("none"))
        for counter in self.counters:
            counter.said.with_suffix(".stop").touch()
            counter.again_at = 0.0
            counter.tend()
        until = time.monotonic() + SECONDS_TO_HEAL
        while any(counter.program.runs for counter in self.counters):
            assert time.monotonic() < until, f"not everything arrived within {SECONDS_TO_HEAL:.0f} s after everything was put right"
            time.sleep(0.2)
        for counter in self.counters:
            assert counter.program.stop() == 0, f"a kiosk ended badly:\n{counter.program.log.read_text()[-2000:]}"

    def _tend(self) -> None:
        now = time.monotonic()
        for name, (at, mend) in list(self._mend.items()):
            if now >= at:
                del self._mend[name]
                mend()  # type: ignore[operator]
        for counter in self.counters:
            counter.tend()

    def _for_a_while(self, name: str, longest: float, mend: object) -> None:
        self._mend[name] = (time.monotonic() + self._chance.uniform(0.1, longest), mend)

    def _kill_a_kiosk(self) -> bool:
        counter = self._chance.choice(self.counters)
        if not counter.program.runs:
            return False
        counter.kill(time.monotonic() + self._chance.uniform(0, 2))
        return True

    def _kill_the_server(self) -> bool:
        if "server" in self._mend or "PostgreSQL" in self._mend:  # a server without its database would not start
            return False
        self._server.stop(signal.SIGKILL)
        self._for_a_while("server", 2, self._server.start)
        return True

    def _crash_postgresql(self) -> bool:
        if "server" in self._mend or "PostgreSQL" in self._mend:
            return False
        self.cluster.crash()
        self._for_a_while("PostgreSQL", 2, self.cluster.start)
        return True

    def _break_the_network(self) -> bool:
        kinds = [kind for kind in KINDS if kind not in LATE_KINDS]
        self._network.set(Fault(self._chance.choice(kinds), self._chance.randrange(2000)))
        self._for_a_while("network", 1, lambda: self._network.set(Fault("none")))
        return True

    def _fill_a_disk(self) -> bool:
        disk = self._chance.choice(self._disks)
        if str(disk) in self._mend:
            return False
        filler = disk / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while file.write(b"\0" * 65536):
                file.flush()
        self._for_a_while(str(disk), 3, lambda: filler.unlink(missing_ok=True))
        return True


def _can_mount() -> bool:
    return os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A disk that can be filled; where nothing may be mounted, a plain folder (and no disk is filled)."""
    folder.mkdir()
    if not _can_mount():
        yield folder
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _enrolled(
    server: Server, network: BrokenNetwork, disks: list[Path], kiosks: int, folder: Path, broken: tuple[str, ...]
) -> list[Counter]:
    codes: list[str] = []
    while len(codes) < kiosks:
        codes += [counter["code"] for counter in server.demo().counters]
    wire = Wire(server.address)
    counters = []
    for number, code in enumerate(codes[:kiosks]):
        data, said = disks[number % len(disks)] / f"kiosk-{number}", folder / f"said-{number}"
        said.touch()
        key = device_key(data)
        enrolment = enrol(wire, key, code, "0.1.0")
        store_enrolment(data, enrolment)
        client = Client(wire, enrolment.device, key, enrolment.signing_key)
        Roster(data, enrolment.unit, enrolment.counter).store(client.config(enrolment.config))
        options = [word for name in broken for word in ("--broken", name)]
        words = ["tests.faults.counter", str(data), f"http://127.0.0.1:{network.port}", str(said), *options]
        counters.append(Counter(data, said, Program(words, dict(os.environ), folder / f"kiosk-{number}.log")))
    wire.close()
    return counters


def _judge(chaos: Chaos) -> Outcome:
    with psycopg.connect(chaos.cluster.url) as connection:
        rows = [row[0] for row in connection.execute("SELECT id FROM intake_vote").fetchall()]
        [(days,)] = connection.execute("SELECT coalesce(sum(satisfied + dissatisfied), 0) FROM intake_officerday").fetchall()
        [(hours,)] = connection.execute("SELECT coalesce(sum(satisfied + dissatisfied), 0) FROM intake_unithour").fetchall()
        quarantined = connection.execute("SELECT seq, reason FROM intake_quarantine").fetchall()
    wrong = [f"in quarantine: {row}" for row in quarantined]
    counted, kept, words = set(rows), set[UUID](), {"cast": set[UUID](), "thanked": set[UUID](), "sorry": set[UUID]()}
    for counter in chaos.counters:
        counter.listen()
        kept |= set(counter.recorded())
        for word, votes in counter.words.items():
            words[word] |= votes
        untold = set(counter.recorded()) - counter.words["thanked"]
        if len(untold) > counter.kills:
            wrong.append(f"{len(untold)} votes were recorded and nobody thanked for them; the kiosk was killed {counter.kills} times")
    wrong += [f"counted and never cast: {vote}" for vote in counted - words["cast"]]
    wrong += [f"counted although the citizen was sent to the paper box: {vote}" for vote in counted & words["sorry"]]
    if counted != kept:
        wrong.append(f"the kiosks have {len(kept)} votes, the server {len(counted)}")
    if days != hours:
        wrong.append(f"the tallies differ: {days} by day, {hours} by hour")
    doubled = abs(int(days) - len(counted)) + len(rows) - len(counted)
    return Outcome(len(words["cast"]), len(words["thanked"]), chaos.faults, len(words["thanked"] - counted), doubled, wrong)
