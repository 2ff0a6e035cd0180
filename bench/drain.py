"""A year's backlog: 20,000 votes from the real ledger, by the real courier, to the real server on loopback; beside it PouchDB
replicating 20,000 like documents to express-pouchdb, LevelDB on both ends.
"""

import random
import shutil
import signal
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from bench.figures import Table, median
from kiosk.clocks import Clocks, Moment
from kiosk.enrolment import device_key
from kiosk.facts import Facts
from kiosk.roster import Roster
from kiosk.storage.ledger import Binding, Ledger
from sync.client import Client, enrol
from sync.courier import Courier
from sync.entries import Vote, encode_entry, to_the_millisecond, uuid7
from sync.http import Wire
from sync.wire import Receipt
from tests.stage.programs import ROOT, Demo, Server

ROUNDS = 3
VOTES = 20_000
SECONDS_BETWEEN_VOTES = 480.0  # 60 votes in a day of eight hours
PEER = ROOT / "bench" / "pouchdb"


class Drained(NamedTuple):
    """One round. size: bytes a vote on the wire, of requests."""

    seconds: float
    size: float


class CountingClient:
    """The client, with a count of the bytes of its batches."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.sent = 0

    def send(self, body: bytes) -> Receipt:
        self.sent += len(body)
        return self._client.send(body)

    def config(self, digest: str) -> bytes:
        return self._client.config(digest)


def a_year(officers: list[str], seed: int) -> list[Vote]:
    """Votes at random times of the past year, as a kiosk that was never switched off would have recorded them."""
    chance = random.Random(seed)
    at, up, boot = datetime.now(UTC) - timedelta(days=365), 100.0, str(uuid7())
    votes = []
    for _ in range(VOTES):
        passed = chance.expovariate(1 / SECONDS_BETWEEN_VOTES)
        at, up = at + timedelta(seconds=passed), up + passed
        votes.append(
            Vote(
                id=_uuid7_of(at),
                at=to_the_millisecond(at),
                up=round(up, 3),
                boot=boot,
                officer=chance.choice(officers),
                rating="satisfied" if chance.random() < 0.95 else "dissatisfied",
            )
        )
    return votes


def _uuid7_of(at: datetime) -> UUID:
    return UUID(int=uuid7().int & ((1 << 80) - 1) | int(at.timestamp() * 1000) << 80)


def ours(folder: Path, votes: list[Vote], server: Server, demo: Demo, counter: dict[str, str]) -> Drained:
    """A new kiosk enrols, records the votes without a network, and then sends them."""
    key = device_key(folder)
    wire = Wire(server.address)
    enrolment = enrol(wire, key, counter["code"], "0.1.0")
    clocks = Clocks()
    ledger = Ledger(folder, clocks)
    ledger.bind(Binding(key.verify_key.encode().hex(), demo.unit, counter["id"]))
    for vote in votes:
        _record(ledger, vote)
    client = CountingClient(Client(wire, enrolment.device, key, enrolment.signing_key))
    facts = Facts(folder, clocks, ledger, Roster(folder, enrolment.unit, enrolment.counter), lambda: None)
    courier = Courier(ledger, client, facts, lambda step: None)
    began = time.perf_counter()
    while ledger.waiting():
        step = courier.run_once()
        assert step.outcome == "received", step
    seconds = time.perf_counter() - began
    ledger.close()
    wire.close()
    return Drained(seconds, client.sent / len(votes))


def _record(ledger: Ledger, vote: Vote) -> None:
    def make(_: Moment) -> Vote:
        return vote

    ledger.append(make)


def pouchdb(folder: Path, installed: Path, votes: Path) -> Drained:
    """The peer: fill, then replicate."""
    (folder / "server").mkdir()
    server = subprocess.Popen(["node", "server.js", str(folder / "server")], cwd=installed, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        words = ["node", "replicate.js", str(folder / "client"), str(votes), f"http://127.0.0.1:{port}/votes"]
        done = subprocess.run(words, cwd=installed, stdout=subprocess.PIPE, text=True, check=True)
        seconds = float(done.stdout)
    finally:
        server.send_signal(signal.SIGTERM)
        received, _ = server.communicate(timeout=30)
    return Drained(seconds, int(received.split()[-1]) / VOTES)


def measure() -> list[Table]:
    """The table of draining. Raises AssertionError where a promise of ours does not hold, FileNotFoundError without npm."""
    if shutil.which("npm") is None:
        raise FileNotFoundError("npm: install Node.js with npm, on Debian: apt-get install npm")
    scratch = ROOT / ".bench"
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        installed = folder / "pouchdb"
        shutil.copytree(PEER, installed, ignore=shutil.ignore_patterns("node_modules"))
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"], cwd=installed, check=True)
        kept: dict[str, list[Drained]] = {"ours": [], "theirs": []}
        with Server(folder / "server") as server:
            for number in range(ROUNDS):
                demo = server.demo()
                counter = demo.counters[number % len(demo.counters)]
                votes = a_year([counter["officer"]], seed=number)
                lines = folder / f"votes-{number}.ndjson"
                with lines.open("wb") as file:
                    file.writelines(encode_entry(vote) + b"\n" for vote in votes)
                print(f"  round {number + 1} of {ROUNDS}: our kiosk", flush=True)
                (folder / f"ours-{number}").mkdir()
                kept["ours"].append(ours(folder / f"ours-{number}", votes, server, demo, counter))
                print(f"  round {number + 1} of {ROUNDS}: PouchDB", flush=True)
                (folder / f"theirs-{number}").mkdir()
                kept["theirs"].append(pouchdb(folder / f"theirs-{number}", installed, lines))
    return [_table(kept["ours"], kept["theirs"])]


def _table(ours: list[Drained], theirs: list[Drained]) -> Table:
    ratios = [their.seconds / our.seconds for our, their in zip(ours, theirs, strict=True)]
    table = Table(
        "Draining a year's backlog",
        [f"{VOTES:,} votes, on loopback", "votes/s (median)", "bytes a vote on the wire"],
        f"Ours is {median(ratios):.1f} times as fast ({min(ratios):.1f} – {max(ratios):.1f} in {ROUNDS} interleaved rounds; wanted: at "
        "least 10), durable at both ends after each batch. Ours are the bytes of the request bodies (wanted: at most 45 a vote), "
        "PouchDB's all that its server received.",
    )
    for name, rounds in (
        ("our courier and server (SQLite at both ends)", ours),
        ("PouchDB to express-pouchdb (LevelDB at both ends)", theirs),
    ):
        rate = VOTES / median([one.seconds for one in rounds])
        table.rows.append([name, f"{rate:,.0f}", f"{median([one.size for one in rounds]):.1f}"])
    print(table)
    assert median(ratios) >= 10, "draining is too slow"
    assert max(one.size for one in ours) <= 45, "too many bytes a vote"
    return table
