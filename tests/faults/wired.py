"""A kiosk without a window, towards a real server: real ledger, courier and client; and what must hold whatever the network did."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from nacl.signing import SigningKey

from kiosk.clocks import Clocks, Moment
from kiosk.storage.ledger import Binding, Ledger
from sync.backoff import LONGEST_RETRY_AFTER_SECONDS
from sync.client import Client, enrol
from sync.courier import Courier, Step
from sync.entries import Vote, uuid7
from sync.http import Wire
from sync.wire import Clock, Enrolment, Health, sha256
from tests.stage.programs import Server

LONGEST_WAIT = LONGEST_RETRY_AFTER_SECONDS * 1.2
SLACK_SECONDS = 20.0  # what a busy machine may add to a deadline; without one an exchange would last for ever


class Tablet:
    """What the courier asks of the kiosk besides its ledgers."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self.config: bytes | None = None

    def clock(self) -> Clock:
        now = self._clocks.now()
        return Clock(now.at, now.up, now.boot)

    def health(self) -> Health:
        return Health("0.1.0", 0, 0)

    def config_digest(self) -> str | None:
        return None if self.config is None else sha256(self.config)

    def store_config(self, config: bytes) -> None:
        self.config = config


@dataclass(frozen=True)
class Place:
    """A running server, and a device that is enrolled there."""

    server: Server
    key: SigningKey
    enrolment: Enrolment

    @property
    def port(self) -> int:
        return int(self.server.address.rpartition(":")[2])

    @property
    def database(self) -> Path:
        return self.server.log.parent / "data" / "hailong.sqlite3"


@contextmanager
def a_place(folder: Path) -> Iterator[Place]:
    """A server process of its own on the embedded database, and a device at one of the demo commune's counters."""
    with Server(folder / "server") as server:
        key = SigningKey.generate()
        wire = Wire(server.address)
        enrolment = enrol(wire, key, server.demo().counters[0]["code"], "0.1.0")
        wire.close()
        yield Place(server, key, enrolment)


class WiredKiosk:
    """A kiosk with a ledger of its own in a folder."""

    def __init__(self, folder: Path, place: Place, clocks: Clocks | None = None) -> None:
        self.place = place
        self._folder = folder
        clocks = clocks or Clocks()
        self.ledger = Ledger(folder, clocks)
        enrolment = place.enrolment
        self.ledger.bind(Binding(place.key.verify_key.encode().hex(), enrolment.unit.id, enrolment.counter.id))
        self.name = self.ledger.held()[0].ledger
        self.cast: list[UUID] = []
        self.tablet = Tablet(clocks)

    def towards(self, client: Client) -> None:
        """From now on its courier goes this way."""
        self._courier = Courier(self.ledger, client, self.tablet, lambda step: None)

    def vote(self, times: int = 1) -> None:
        """So many citizens, every fifth of them dissatisfied."""
        for _ in range(times):
            self.cast.append(uuid7())
            self.ledger.append(self._vote)

    def _vote(self, now: Moment) -> Vote:
        rating: Literal["satisfied", "dissatisfied"] = "satisfied" if len(self.cast) % 5 else "dissatisfied"
        return Vote(id=self.cast[-1], at=now.at, up=now.up, boot=now.boot, officer=None, rating=rating)

    def exchange(self, deadline_seconds: float) -> Step:
        """One round of the courier, which must end by its deadline and ask for a bearable wait."""
        began = time.monotonic()
        step = self._courier.run_once()
        assert time.monotonic() - began < deadline_seconds + SLACK_SECONDS, "the exchange does not end"
        assert 0 <= step.wait_seconds <= LONGEST_WAIT, step
        return step

    def drain(self, deadline_seconds: float) -> None:
        """Exchange until nothing waits."""
        for _ in range(50):
            if not self.ledger.waiting():
                return
            step = self.exchange(deadline_seconds)
        raise AssertionError(f"does not drain: {step}")

    def look(self) -> None:
        """I1, I6: nothing of the kiosk's is gone, and nothing counts as arrived that has not."""
        [held] = self.ledger.held()
        assert (held.floor, held.last) == (0, len(self.cast) + 1), "I6: entries are gone, or a ledger was begun without need"
        seq = next((seq for (seq,) in self.ask("SELECT seq FROM intake_head WHERE ledger = ?", self.name)), 0)
        assert held.acked <= seq, f"I1: {held.acked} entries are taken for received, the server has {seq}"

    def look_at_all(self) -> tuple[int, int]:
        """I2, I3, I4, once everything was sent: how many votes were lost, how many doubled; the rest is asserted."""
        self.look()
        ids = [UUID(one) for (one,) in self.ask("SELECT id FROM intake_vote WHERE ledger = ? ORDER BY seq", self.name)]
        lost, doubled = len(set(self.cast) - set(ids)), len(ids) - len(set(ids))
        assert not set(ids) - set(self.cast), "I3: what was not cast counts"
        assert [one for one in self.cast if one in set(ids)] == list(dict.fromkeys(ids)), "the order of seq is not kept"
        [(digest,)] = self.ask("SELECT digest FROM intake_head WHERE ledger = ?", self.name)
        assert digest == self.journal()[-1][1], "I4: the chains differ"
        assert self.ask("SELECT reason FROM intake_quarantine WHERE ledger = ?", self.name) == []
        return lost, doubled

    def journal(self) -> list[tuple[bytes, str]]:
        """Every entry's line, and its digest, as an auditor reads them."""
        files = sorted((self._folder / "journal" / self.name).glob("*.tsv"), key=lambda file: int(file.stem))
        rows = [row.split(b"\t") for file in files for row in file.read_bytes().splitlines()]
        return [(line, digest.decode()) for _, line, digest in rows]

    def ask(self, sql: str, *values: object) -> list[Any]:
        """Rows of the server's database."""
        with closing(sqlite3.connect(f"file:{self.place.database}?mode=ro", uri=True, timeout=20)) as connection:
            return connection.execute(sql, values).fetchall()


def tallies_are_votes(kiosk: WiredKiosk) -> bool:
    """I2: of everything that the server has, votes and both tallies say the same."""
    votes = kiosk.ask("SELECT count(*), coalesce(sum(satisfied), 0) FROM intake_vote")
    days = kiosk.ask("SELECT sum(satisfied + dissatisfied), sum(satisfied) FROM intake_officerday")
    hours = kiosk.ask("SELECT sum(satisfied + dissatisfied), sum(satisfied) FROM intake_unithour")
    return votes == days == hours
