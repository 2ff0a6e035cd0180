"""T19: PostgreSQL crashes and the server is killed, before the commit, between commit and answer, and under load."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from nacl.signing import SigningKey

from sync.client import Client, enrol
from sync.courier import Step
from sync.http import Wire
from sync.watch import Limits, Watch
from tests.faults import scale
from tests.faults.broken import never_down
from tests.faults.proxy import BrokenNetwork, Fault
from tests.faults.report import report
from tests.faults.wired import Place, WiredKiosk
from tests.postgres import Cluster, private_cluster
from tests.stage.display import wait_until
from tests.stage.programs import Server

LIMITS = Limits(2, 2, 4)
WHO = ("server", "PostgreSQL", "both")
SECONDS_TO_DRAIN = 60.0
HOLD = """
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
    CREATE TRIGGER hold AFTER INSERT ON intake_batch EXECUTE FUNCTION hold();
"""
LET_GO = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep';
    DROP TRIGGER hold ON intake_batch;
    DROP FUNCTION hold();
"""


class Counted(WiredKiosk):
    """A kiosk whose server keeps its things in PostgreSQL."""

    def ask(self, sql: str, *values: object) -> list[Any]:
        assert self.place.server.database is not None
        with psycopg.connect(self.place.server.database) as connection:
            rows = connection.execute(sql.replace("?", "%s").encode(), values).fetchall()
        return [tuple(str(value) if isinstance(value, UUID) else value for value in row) for row in rows]


class Machine:
    """A server and its PostgreSQL, which can both go at once, and a kiosk that speaks to them through a network of ours."""

    def __init__(self, folder: Path, cluster: Cluster, server: Server, network: BrokenNetwork) -> None:
        self.cluster = cluster
        self.server = server
        self.network = network
        key = SigningKey.generate()
        self._wire = Wire(f"http://127.0.0.1:{network.port}", watch=Watch(LIMITS))
        enrolment = enrol(self._wire, key, server.demo().counters[0]["code"], "0.1.0")
        self.kiosk = Counted(folder / "kiosk", Place(server, key, enrolment))
        self.kiosk.towards(Client(self._wire, enrolment.device, key, enrolment.signing_key))
        self._courier = ThreadPoolExecutor(1)

    def close(self) -> None:
        self._courier.shutdown()
        self._wire.close()
        self.kiosk.ledger.close()

    def strike_before_the_commit(self, who: str, chance: random.Random) -> None:
        """It goes when everything is written, and nothing committed."""
        self.kiosk.vote(chance.randint(1, 20))
        self._sql(HOLD)
        exchange = self._exchanging()
        wait_until(lambda: bool(self.kiosk.ask("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")), "the transaction is held")
        self._goes(who)
        assert exchange.result().outcome == "failed"
        self._comes_back()
        self._sql(LET_GO)

    def strike_before_the_answer(self, who: str, chance: random.Random) -> None:
        """It goes when everything is committed, and the kiosk does not know it."""
        self.kiosk.vote(chance.randint(1, 20))
        before = self._head()
        self.network.set(Fault("delay"))
        exchange = self._exchanging()
        wait_until(lambda: self._head() > before, "the batch is committed")
        self._goes(who)
        assert exchange.result().outcome == "failed"
        self.network.set(Fault("none"))
        self._comes_back()
        assert self._head() > before, "I1: what was committed is gone"

    def strike_under_load(self, who: str, chance: random.Random) -> None:
        """It goes at any moment, while votes are taken and sent all the time."""
        until = time.monotonic() + 1.5

        def go_on() -> None:
            while time.monotonic() < until:
                self.kiosk.vote(3)
                self.kiosk.exchange(LIMITS.whole_seconds)

        load = self._courier.submit(go_on)
        time.sleep(chance.uniform(0.02, 1.2))
        self._goes(who)
        load.result()
        self._comes_back()

    def after_a_strike(self) -> tuple[int, int]:
        """How many votes are lost and doubled once everything was sent; whatever a receipt covered must be there even before."""
        self.kiosk.look()
        until = time.monotonic() + SECONDS_TO_DRAIN
        while self.kiosk.ledger.waiting():
            assert time.monotonic() < until, f"does not drain: {self.kiosk.exchange(LIMITS.whole_seconds)}"
            if self.kiosk.exchange(LIMITS.whole_seconds).outcome == "failed":
                time.sleep(0.1)
        lost, doubled = self.kiosk.look_at_all()
        tallied = self.kiosk.ask("SELECT sum(satisfied + dissatisfied) FROM intake_officerday")
        tallied += self.kiosk.ask("SELECT sum(satisfied + dissatisfied) FROM intake_unithour")
        return lost, doubled + sum(abs(int(count) - len(self.kiosk.cast)) for (count,) in tallied)

    def forgets(self) -> None:
        """Everything goes right after an answer."""
        self.kiosk.vote(3)
        assert self.kiosk.exchange(LIMITS.whole_seconds).outcome == "received"
        self._goes("both")
        self._comes_back()

    def lost(self) -> int:
        """How many votes the server does not have."""
        ids = {UUID(one) for (one,) in self.kiosk.ask("SELECT id FROM intake_vote")}
        return len(set(self.kiosk.cast) - ids)

    def set_up(self, *settings: str) -> None:
        """Change PostgreSQL's configuration, and restart everything."""
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            for setting in settings:
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        self._goes("both")
        self._comes_back()

    def _exchanging(self) -> "Future[Step]":
        return self._courier.submit(self.kiosk.exchange, LIMITS.whole_seconds)

    def _goes(self, who: str) -> None:
        if who != "PostgreSQL":
            self.server.stop(signal.SIGKILL)
        if who != "server":
            self.cluster.crash()
            self._crashed = True

    def _comes_back(self) -> None:
        if self._crashed:
            self.cluster.start()
            self._crashed = False
        if not self.server.runs:
            self.server.start()

    def _head(self) -> int:
        return next((int(seq) for (seq,) in self.kiosk.ask("SELECT seq FROM intake_head WHERE ledger = ?", self.kiosk.name)), 0)

    def _sql(self, statements: str) -> None:
        with psycopg.connect(self.cluster.url) as connection:
            connection.execute(statements.encode())

    _crashed = False


STRIKES: tuple[Callable[[Machine, str, random.Random], None], ...] = (
    Machine.strike_before_the_commit,
    Machine.strike_before_the_answer,
    Machine.strike_under_load,
)


@contextmanager
def a_machine(folder: Path) -> Iterator[Machine]:
    with ExitStack() as stack:
        cluster = stack.enter_context(private_cluster())
        server = stack.enter_context(Server(folder / "server", database=cluster.url))
        network = stack.enter_context(BrokenNetwork(int(server.address.rpartition(":")[2])))
        machine = Machine(folder, cluster, server, network)
        stack.callback(machine.close)
        yield machine


@pytest.mark.fault("T19")
def test_when_server_and_postgresql_crash_at_any_moment_every_vote_counts_once(tmp_path: Path) -> None:
    chance = scale.chance("T19")
    cases = scale.how_many(ci=5, long=200)
    lost = doubled = 0
    with a_machine(tmp_path) as machine:
        for case in scale.watched("T19", range(cases)):
            STRIKES[case % len(STRIKES)](machine, chance.choice(WHO), chance)
            lacking, twice = machine.after_a_strike()
            lost, doubled = lost + lacking, doubled + twice
    report("T19", cases=cases, lost=lost, doubled=doubled)
    assert (lost, doubled) == (0, 0)


@pytest.mark.fault("T19")
def test_control_where_commits_do_not_wait_for_the_disk_a_kiosk_whose_acked_only_goes_up_leaves_votes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_down(monkeypatch)
    with a_machine(tmp_path) as machine:
        machine.set_up("synchronous_commit = off", "wal_writer_delay = '10s'")
        machine.forgets()
        with pytest.raises(AssertionError, match="I1"):
            machine.kiosk.look()
        lost = machine.lost()
    report("T19", cases=0, lost=0, doubled=0, control=f"commit does not wait for the disk, acked only goes up: lost {lost} of 3")
    assert lost > 0
