"""The courier between a real ledger and a server of the contract, in memory."""

import threading
from collections.abc import Callable

import pytest

from sync.courier import Courier, Step
from sync.entries import GENESIS
from sync.errors import Disagreed, Refused, TryLater
from sync.wire import MAX_BATCH_LINES, Acked, Health
from tests.sync.conftest import Bench
from tests.sync.memory_server import NOW


def only(bench: Bench) -> list[bytes]:
    """The lines of the one ledger that the server has."""
    [lines] = bench.server.lines.values()
    return lines


def test_what_is_pending_arrives_and_is_acknowledged(bench: Bench) -> None:
    lines = list(bench.ledger.pending().lines)
    step = bench.courier.run_once()
    assert (step.outcome, step.wait_seconds, step.server_time) == ("received", 60, NOW)
    assert only(bench) == lines
    assert bench.ledger.waiting() == 0


def test_with_nothing_pending_it_says_hello(bench: Bench) -> None:
    bench.courier.run_once()
    assert bench.courier.run_once().outcome == "received"
    assert len(only(bench)) == 4


def test_while_more_waits_it_goes_on_at_once(bench: Bench) -> None:
    bench.vote(MAX_BATCH_LINES + 100)
    assert bench.courier.run_once().wait_seconds == 0
    assert bench.courier.run_once().wait_seconds == 60
    assert len(only(bench)) == MAX_BATCH_LINES + 104


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_request_or_reply_changes_nothing(bench: Bench, after: bool) -> None:
    lines = list(bench.ledger.pending().lines)
    bench.server.fail_with, bench.server.after = TryLater("unreachable"), after
    assert bench.courier.run_once().outcome == "failed"
    assert bench.ledger.waiting() == 4
    bench.courier.run_once()
    assert only(bench) == lines
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
    assert only(bench) == lines


def test_a_server_behind_a_gap_is_filled_from_there(bench: Bench) -> None:
    bench.courier.run_once()
    lines = only(bench)
    whole = list(lines)
    del lines[2:]
    bench.vote()
    assert bench.courier.run_once().outcome == "received"
    bench.courier.run_once()
    assert only(bench)[:4] == whole
    assert len(only(bench)) == 5


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
    assert len(bench.server.batches) == 1
