"""The courier between a real ledger and a server of the contract, in memory."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.ledger import Ledger
from sync.courier import Courier, Step
from sync.entries import GENESIS, chain
from sync.errors import Disagreed, ExchangeError, Refused, TryLater
from sync.wire import Acked, Clock, Health, Receipt, decode_batch, sha256
from tests.kiosk.conftest import BINDING, a_vote

NOW = datetime(2026, 11, 23, tzinfo=UTC)


class MemoryServer:
    """Takes batches as the contract says. `fail_with` is raised once: after storing when `after` is set, else before."""

    def __init__(self) -> None:
        self.lines: dict[str, list[bytes]] = {}
        self.fail_with: ExchangeError | None = None
        self.after = False
        self.config_bytes = b"{}"
        self.exchanges = 0

    def send(self, body: bytes) -> Receipt:
        self.exchanges += 1
        if self.fail_with is not None and not self.after:
            raise self._once()
        header, lines = (batch := decode_batch(body)).header, batch.lines
        held = self.lines.setdefault(header.ledger, [])
        if header.first > len(held) + 1:
            raise Disagreed(forked=False, at=self._acked(header.ledger))
        held.extend(lines[len(held) - header.first + 1 :])
        if self.fail_with is not None:
            raise self._once()
        return Receipt(
            request=sha256(body),
            nonce="n",
            time=NOW,
            ledgers=[self._acked(ledger.ledger) for ledger in header.ledgers],
            next_seconds=60,
            config=sha256(self.config_bytes),
        )

    def config(self, digest: str) -> bytes:
        assert digest == sha256(self.config_bytes)
        return self.config_bytes

    def _acked(self, ledger: str) -> Acked:
        lines = self.lines.get(ledger, [])
        return Acked(ledger, len(lines), ([GENESIS, *chain(GENESIS, lines)])[-1])

    def _once(self) -> ExchangeError:
        error, self.fail_with = self.fail_with, None
        assert error is not None
        return error


class Tablet:
    """What the courier asks of the kiosk."""

    def __init__(self) -> None:
        self.config: bytes | None = None

    def clock(self) -> Clock:
        return Clock(NOW, 1.0, "boot")

    def health(self) -> Health:
        return Health("0.1.0", 0, 0)

    def config_digest(self) -> str | None:
        return None if self.config is None else sha256(self.config)

    def store_config(self, config: bytes) -> None:
        self.config = config


class Bench:
    """Everything that a test needs."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder, Clocks())
        self.ledger.bind(BINDING)
        self.server = MemoryServer()
        self.tablet = Tablet()
        self.steps: list[Step] = []
        self.courier = Courier(self.ledger, self.server, self.tablet, self.steps.append, lambda low, high: high)

    def vote(self, times: int = 1) -> None:
        for _ in range(times):
            self.ledger.append(a_vote)

    def all_lines(self) -> list[bytes]:
        [(_, lines)] = self.server.lines.items()
        return lines


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.vote(3)
    return bench


def test_what_is_pending_arrives_and_is_acknowledged(bench: Bench) -> None:
    lines = list(bench.ledger.pending().lines)
    step = bench.courier.run_once()
    assert (step.outcome, step.wait_seconds, step.server_time) == ("received", 60, NOW)
    assert bench.all_lines() == lines
    assert bench.ledger.waiting() == 0


def test_with_nothing_pending_it_says_hello(bench: Bench) -> None:
    bench.courier.run_once()
    assert bench.courier.run_once().outcome == "received"
    assert len(bench.all_lines()) == 4


def test_while_more_waits_it_goes_on_at_once(bench: Bench) -> None:
    bench.vote(600)
    assert bench.courier.run_once().wait_seconds == 0
    assert bench.courier.run_once().wait_seconds == 60
    assert len(bench.all_lines()) == 604


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_request_or_reply_changes_nothing(bench: Bench, after: bool) -> None:
    lines = list(bench.ledger.pending().lines)
    bench.server.fail_with, bench.server.after = TryLater("unreachable"), after
    assert bench.courier.run_once().outcome == "failed"
    assert bench.ledger.waiting() == 4
    bench.courier.run_once()
    assert bench.all_lines() == lines
    assert bench.ledger.waiting() == 0


def test_failures_wait_longer_and_longer_and_success_begins_anew(bench: Bench) -> None:
    waits = []
    for _ in range(3):
        bench.server.fail_with = TryLater("unreachable")
        waits.append(bench.courier.run_once().wait_seconds)
    bench.courier.run_once()
    bench.server.fail_with = TryLater("unreachable")
    assert [*waits, bench.courier.run_once().wait_seconds] == [5, 10, 20, 5]


def test_a_servers_retry_after_is_honoured(bench: Bench) -> None:
    bench.server.fail_with = TryLater("busy", after_seconds=100)
    assert bench.courier.run_once().wait_seconds == 120


@pytest.mark.parametrize(("status", "seconds"), [(401, 3600), (403, 3600), (426, 3600), (400, 900), (422, 900)])
def test_a_refusal_keeps_everything_and_tries_seldom(bench: Bench, status: int, seconds: float) -> None:
    bench.server.fail_with = Refused(status, "code")
    step = bench.courier.run_once()
    assert (step.outcome, step.wait_seconds) == ("refused", seconds)
    assert bench.ledger.waiting() == 4


def test_a_server_that_forgot_is_filled_again(bench: Bench) -> None:
    lines = list(bench.ledger.pending().lines)
    bench.courier.run_once()
    bench.server.lines.clear()
    assert bench.courier.run_once().wait_seconds == 0
    bench.courier.run_once()
    assert bench.all_lines() == lines


def test_a_server_behind_a_gap_is_filled_from_there(bench: Bench) -> None:
    bench.courier.run_once()
    lines = bench.all_lines()
    whole = list(lines)
    del lines[2:]
    bench.vote()
    assert bench.courier.run_once().outcome == "received"
    bench.courier.run_once()
    assert bench.all_lines()[:4] == whole
    assert len(bench.all_lines()) == 5


def test_a_server_with_other_bytes_moves_nothing_and_is_not_hammered(bench: Bench) -> None:
    bench.courier.run_once()
    bench.all_lines()[2] = b"{}"
    step = bench.courier.run_once()
    assert (step.outcome, step.wait_seconds) == ("disagreed", 900)
    assert [held.acked for held in bench.ledger.held()] == [4]


def test_a_gap_that_is_none_is_not_answered_at_once(bench: Bench) -> None:
    ledger = bench.ledger.held()[0].ledger
    bench.server.fail_with = Disagreed(forked=False, at=Acked(ledger, 0, GENESIS))
    assert bench.courier.run_once().wait_seconds == 900


def test_a_new_configuration_is_fetched_once(bench: Bench) -> None:
    bench.server.config_bytes = b'{"new": 1}'
    bench.courier.run_once()
    assert bench.tablet.config == b'{"new": 1}'


def test_a_bug_of_ours_is_a_failed_exchange_and_no_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> Health:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.tablet, "health", break_down)
    assert bench.courier.run_once().outcome == "failed"


def test_the_loop_ends_when_it_is_told_to(bench: Bench) -> None:
    stop = threading.Event()
    report: Callable[[Step], None] = lambda step: stop.set()  # noqa: E731 a callback of one word
    Courier(bench.ledger, bench.server, bench.tablet, report).run(stop)
    assert bench.server.exchanges == 1


def test_every_receipt_goes_to_the_errands_after_its_ledgers_were_acknowledged(bench: Bench) -> None:
    waiting: list[int] = []
    courier = Courier(
        bench.ledger, bench.server, bench.tablet, bench.steps.append, errands=lambda receipt: waiting.append(bench.ledger.waiting())
    )
    courier.run_once()
    bench.server.fail_with = TryLater("unreachable")
    courier.run_once()
    assert waiting == [0]
