"""The courier between a real ledger and a server of the contract, in memory."""

import threading
from collections.abc import Callable

import pytest

from sync.courier import Courier, Step
from sync.entries import GENESIS
from sync.errors import Disagreed, Reason, Refused, TryLater
from sync.naming import named
from sync.store import Pending
from sync.wire import Acked, Health, Held, Receipt
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
    bench.vote(600)
    assert bench.courier.run_once().wait_seconds == 0
    assert bench.courier.run_once().wait_seconds == 60
    assert len(only(bench)) == 604


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


def test_every_receipt_goes_to_the_errands_after_its_ledgers_were_acknowledged(bench: Bench) -> None:
    waiting: list[int] = []
    courier = Courier(
        bench.ledger, bench.server, bench.tablet, bench.steps.append, errands=lambda receipt: waiting.append(bench.ledger.waiting())
    )
    courier.run_once()
    bench.server.fail_with = TryLater("unreachable")
    courier.run_once()
    assert waiting == [0]


class Counting:
    """A store that counts how often entries are read."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = 0
        pending = bench.ledger.pending

        def count(most: int, ledger: str | None = None) -> Pending:
            self.reads += 1
            return pending(most, ledger)

        monkeypatch.setattr(bench.ledger, "pending", count)


def test_no_batch_is_read_twice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.vote(1600)
    counting = Counting(bench, monkeypatch)
    bench.run()
    assert len(bench.server.batches) == 4
    assert counting.reads == 5, "four batches, and the look whether more waits"


# --- after an outage -------------------------------------------------------------------------------------------------


def fail(bench: Bench, reason: Reason) -> None:
    bench.server.fail_with = TryLater(reason)
    bench.courier.run_once()


def test_when_the_network_is_back_a_hello_goes_first_and_the_entries_follow_within_a_minute(bench: Bench) -> None:
    fail(bench, "unreachable")
    fail(bench, "unreachable")
    step = bench.courier.run_once()
    assert (step.outcome, step.wait_seconds) == ("received", 60)
    assert bench.ledger.waiting() == 4
    bench.courier.run_once()
    assert bench.ledger.waiting() == 0


@pytest.mark.parametrize("reasons", [["unreachable"], ["busy", "busy", "busy"], ["not-our-server", "unreachable"]])
def test_one_failure_or_a_busy_server_is_no_outage(bench: Bench, reasons: list[Reason]) -> None:
    for reason in reasons:
        fail(bench, reason)
    bench.courier.run_once()
    assert bench.ledger.waiting() == 0


# --- batches that are too large --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kibibytes", [1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128, 256])
def test_whatever_a_server_finds_too_large_all_entries_arrive(bench: Bench, kibibytes: int) -> None:
    bench.vote(1200)
    bench.server.most_bytes = kibibytes * 1024
    assert bench.run(most=2000).outcome == "received"
    assert len(only(bench)) == 1204


def test_a_smaller_batch_is_remembered_for_a_day(bench: Bench) -> None:
    bench.vote(600)
    bench.server.most_bytes = 8 * 1024
    bench.run()
    bench.server.most_bytes = None
    most = max(len(batch.lines) for batch in bench.server.batches)
    for up, expected in ((3600.0, most), (26 * 3600.0, 500)):
        bench.tablet.up = up
        bench.vote(600)
        begin = len(bench.server.batches)
        bench.run()
        assert max(len(batch.lines) for batch in bench.server.batches[begin:]) == expected


def test_one_entry_that_is_too_large_is_kept_and_tried_seldom(bench: Bench) -> None:
    bench.server.most_bytes = 10
    step = bench.run()
    assert (step.outcome, step.wait_seconds) == ("refused", 900)
    assert bench.ledger.waiting() == 4


# --- configuration and errands ---------------------------------------------------------------------------------------


def test_a_configuration_that_cannot_be_had_holds_up_no_entries(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def unreachable(digest: str) -> bytes:
        tries.append(digest)
        raise TryLater("cut-short")

    monkeypatch.setattr(bench.server, "config", unreachable)
    bench.vote(1600)
    step = bench.run()
    assert (step.outcome, bench.ledger.waiting()) == ("received", 0)
    assert len(tries) == 1, "once while entries go on at once"
    bench.run()
    assert len(tries) == 2


def test_errands_are_run_with_every_receipt(bench: Bench) -> None:
    receipts: list[Receipt] = []
    courier = Courier(bench.ledger, bench.server, bench.tablet, lambda step: None, errands=receipts.append)
    courier.run_once()
    bench.server.fail_with = TryLater("unreachable")
    courier.run_once()
    assert len(receipts) == 1


# --- more ledgers than a batch may name ------------------------------------------------------------------------------


def a_ledger(number: int, *, waiting: bool = False) -> Held:
    return Held(f"l-{number}", 0, 2, 1 if waiting else 2)


def test_all_ledgers_are_named_where_they_fit() -> None:
    held = [a_ledger(number) for number in range(200)]
    assert named(held, "l-7", 200, turn=3) == held


def test_of_too_many_ledgers_those_with_entries_are_always_named_and_each_other_one_in_turn() -> None:
    held = [a_ledger(number, waiting=number % 10 == 0) for number in range(500)]
    seen = set()
    for turn in range(6):
        some = named(held, "l-3", 200, turn)
        assert len(some) == 200
        assert some == [ledger for ledger in held if ledger in some], "the oldest first"
        assert {f"l-{number}" for number in range(0, 500, 10)} | {"l-3"} <= {ledger.ledger for ledger in some}
        seen |= {ledger.ledger for ledger in some}
    assert len(seen) == 500


def test_of_more_waiting_ledgers_than_fit_the_oldest_are_named_and_the_one_that_is_asked_about() -> None:
    held = [a_ledger(number, waiting=True) for number in range(300)]
    assert [ledger.ledger for ledger in named(held, "l-250", 3, turn=0)] == ["l-0", "l-1", "l-250"]
