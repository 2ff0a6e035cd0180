"""How the courier paces itself: how much at a time, what first after an outage, and what must not hold up the entries."""

import pytest

from sync.errors import Reason, TryLater
from sync.ladder import Ladder
from sync.naming import named
from sync.store import Pending
from sync.wire import MAX_BATCH_LINES, Held
from tests.faults.report import report
from tests.sync.conftest import Bench


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
    bench.vote(3 * MAX_BATCH_LINES + 100)
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


@pytest.mark.fault("T18", cases=1)
@pytest.mark.parametrize("kibibytes", [1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128, 256])
def test_whatever_a_server_finds_too_large_all_entries_arrive(bench: Bench, kibibytes: int) -> None:
    bench.vote(1200)
    bench.server.most_bytes = kibibytes * 1024
    assert bench.run(most=2000).outcome == "received"
    [lines] = bench.server.lines.values()
    assert len(lines) == 1204


@pytest.mark.fault("T18")
def test_control_a_kiosk_that_sends_no_smaller_batches_never_drains(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ladder, "down", lambda *_: None)
    bench.vote(1200)
    bench.server.most_bytes = 8 * 1024
    for _ in range(10):
        bench.courier.run_once()
    waiting = bench.ledger.waiting()
    report("T18", cases=0, lost=0, doubled=0, control=f"no smaller batches: {waiting} of 1204 entries never arrive")
    assert waiting == 1204


def test_a_smaller_batch_is_remembered_for_a_day(bench: Bench) -> None:
    bench.vote(MAX_BATCH_LINES + 100)
    bench.server.most_bytes = 8 * 1024
    bench.run()
    bench.server.most_bytes = None
    most = max(len(batch.lines) for batch in bench.server.batches)
    for up, expected in ((3600.0, most), (26 * 3600.0, MAX_BATCH_LINES)):
        bench.tablet.up = up
        bench.vote(MAX_BATCH_LINES + 100)
        begin = len(bench.server.batches)
        bench.run()
        assert max(len(batch.lines) for batch in bench.server.batches[begin:]) == expected


def test_one_entry_that_is_too_large_is_kept_and_tried_seldom(bench: Bench) -> None:
    bench.server.most_bytes = 10
    step = bench.run()
    assert (step.outcome, step.wait_seconds) == ("refused", 900)
    assert bench.ledger.waiting() == 4


# --- configuration ---------------------------------------------------------------------------------------------------


def test_a_configuration_that_cannot_be_had_holds_up_no_entries(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def unreachable(digest: str) -> bytes:
        tries.append(digest)
        raise TryLater("cut-short")

    monkeypatch.setattr(bench.server, "config", unreachable)
    bench.vote(3 * MAX_BATCH_LINES + 100)
    step = bench.run()
    assert (step.outcome, bench.ledger.waiting()) == ("received", 0)
    assert len(tries) == 1, "once while entries go on at once"
    bench.run()
    assert len(tries) == 2


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
