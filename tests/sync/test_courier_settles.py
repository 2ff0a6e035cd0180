"""Whatever became of disks, backups and places: every entry reaches the server, and none is lost on the way."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Binding, Ledger
from sync.entries import GENESIS, Parent, chain, encode_entry
from sync.errors import Disagreed
from sync.settle import MOST_UNPROVED, Question, Settler
from sync.wire import Acked, Batch, Receipt, decode_batch
from tests.kiosk.conftest import BINDING, a_vote
from tests.sync.conftest import MEMORY, Bench
from tests.sync.memory_server import MemoryServer
from tests.sync.town import Town

ACTIONS = ["vote", "exchange", "restart", "move", "clone", "image", "roll_back", "restore", "prune"]
Schedule = list[tuple[str, int]]


@pytest.fixture(autouse=True, scope="module")
def small_files() -> Iterator[None]:
    """Journals of a few entries a file, so that some are pruned."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kiosk.storage.journal.ENTRIES_PER_FILE", 4)
        patched.setattr("kiosk.storage.retention.ENTRIES_PER_FILE", 4)
        yield


def play(town: Town, schedule: Schedule) -> None:
    try:
        for action, number in schedule:
            getattr(town, action)(number)
        town.check()
    finally:
        town.close()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*ACTIONS, "vote", "exchange"]), st.integers(0, 20)), max_size=25))
def test_whatever_happens_the_server_ends_with_every_entry_and_the_kiosks_lose_none(schedule: Schedule) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        play(Town(Path(name), MemoryServer()), schedule)


# --- controls: with one rule broken the same promise must not hold ---------------------------------------------------


class Credulous(MemoryServer):
    """Takes whatever goes beyond its head, without a look at what lies before."""

    def _take(self, batch: Batch) -> None:
        held = self.lines.setdefault(batch.header.ledger, [])
        held.extend(batch.lines[len(held) - batch.header.first + 1 :])


def never_down(monkeypatch: pytest.MonkeyPatch) -> None:
    acknowledge = Ledger.acknowledge

    def upwards(self: Ledger, at: Acked, day: object = None) -> bool:
        down = any(held.ledger == at.ledger and at.acked < held.acked for held in self.held())
        return down or acknowledge(self, at)

    monkeypatch.setattr(Ledger, "acknowledge", upwards)


def only_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    def newest(self: Settler, most: int) -> Question:
        held = self._store.held()
        pending = self._store.pending(most, held[-1].ledger)
        return Question(pending, held, urgent=bool(pending.lines))

    monkeypatch.setattr(Settler, "question", newest)


def no_fork_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryServer, "_take", Credulous._take)


CONTROLS: list[tuple[Callable[[pytest.MonkeyPatch], None], Schedule]] = [
    (no_fork_check, [("image", 0), ("vote", 5), ("exchange", 0), ("roll_back", 0), ("vote", 2), ("exchange", 0)]),
    (never_down, [("vote", 5), ("exchange", 0), ("restore", 0)]),
    (only_the_newest, [("vote", 5), ("move", 1), ("vote", 2)]),
]


@pytest.mark.parametrize(("broken", "schedule"), CONTROLS)
def test_with_a_rule_broken_entries_are_missing_which_are_not_with_the_rule(
    broken: Callable[[pytest.MonkeyPatch], None], schedule: Schedule, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(Town(folder / "whole", MemoryServer()), schedule)
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="the server lacks"):
        play(Town(folder / "broken", MemoryServer()), schedule)


# --- forks -----------------------------------------------------------------------------------------------------------


def put_in(server: MemoryServer, ledger: str, after: int, times: int) -> None:
    """A clone of the disk was here before: behind that entry the server has the clone's."""
    server.restore(ledger, after)
    now = Clocks().now()
    server.lines[ledger] += [encode_entry(a_vote(now)) for _ in range(times)]
    server.ends[ledger].append(after + times)


def test_a_fork_branches_behind_the_last_entry_that_both_have(bench: Bench) -> None:
    [old] = bench.names()
    lines = list(bench.ledger.pending().lines)
    bench.server.lines[old], bench.server.ends[old] = lines[:2], [2]
    put_in(bench.server, old, 2, 5)
    bench.run()
    new = bench.names()[1]
    assert bench.opened(new).parent == Parent(old, 2, chain(GENESIS, lines)[1])
    assert bench.server.lines[new][1:] == lines[2:]
    assert bench.ledger.waiting() == 0


def test_below_what_was_acknowledged_the_last_common_entry_is_searched_downwards(bench: Bench) -> None:
    [old] = bench.names()
    for _ in range(5):
        bench.vote(2)
        bench.run()
    lines = bench.lines()
    put_in(bench.server, old, 6, 1)
    bench.server.ends[old] = [2, 4, 6, 7]
    asked = len(bench.server.batches)
    bench.run()
    questions = [batch.header.first for batch in bench.server.batches[asked:] if batch.header.ledger == old]
    assert questions == [15, 8, 7], "at our end; at the server's head, which is answered by an end below it; whether that holds"
    new = bench.names()[1]
    parent = bench.opened(new).parent
    assert parent is not None
    assert parent.seq == 6
    assert bench.server.lines[new][1:] == lines[6:]


def test_a_kiosk_that_was_put_back_opens_another_ledger_before_it_collides(folder: Path) -> None:
    town = Town(folder, MemoryServer())
    for action in ("vote", "exchange", "image", "vote", "exchange", "roll_back", "exchange"):
        getattr(town, action)(0)
    old, new = town.kiosks[0].names()
    parent = town.kiosks[0].opened(new).parent
    assert parent is not None
    assert (parent.ledger, parent.seq) == (old, 2)
    town.close()


def test_another_devices_ledger_is_carried_whole(bench: Bench) -> None:
    [old] = bench.names()
    lines = list(bench.ledger.pending().lines)
    bench.server.fail_with = Disagreed(forked=True, at=Acked(old, 0, GENESIS))
    bench.run()
    assert old not in bench.server.lines
    assert bench.server.lines[bench.names()[1]][1:] == lines[1:]


def test_a_server_behind_the_floor_gets_all_that_is_left(folder: Path) -> None:
    town = Town(folder, MemoryServer())
    for action, number in (("vote", 4), ("exchange", 0), ("prune", 0), ("restore", 0), ("exchange", 0)):
        getattr(town, action)(number)
    old, new = town.kiosks[0].names()
    opened = town.kiosks[0].opened(new)
    assert opened.reason == "pruned"
    assert opened.parent is not None
    assert (opened.parent.ledger, opened.parent.seq) == (old, 4)
    town.check()
    assert town.kiosks[0].names() == [old, new], "once is enough"
    town.close()


def test_a_server_behind_the_floor_of_a_ledger_with_nothing_left_waits_for_the_next_entry(folder: Path) -> None:
    town = Town(folder, MemoryServer())
    for action, number in (("vote", 6), ("exchange", 0), ("prune", 0), ("restore", 0), ("exchange", 0)):
        getattr(town, action)(number)
    assert len(town.kiosks[0].names()) == 1
    town.vote(0)
    town.check()
    assert len(town.kiosks[0].names()) == 2
    town.close()


def test_a_gap_with_another_digest_is_a_fork_below_it(bench: Bench) -> None:
    [old] = bench.names()
    bench.run()
    lines = bench.lines()
    put_in(bench.server, old, 1, 1)
    bench.vote()
    bench.run()
    new = bench.names()[1]
    assert [*bench.server.lines[new][1:]][-1] == bench.lines()[-1]
    assert set(lines[1:]) <= set(bench.server.lines[new])


@pytest.mark.parametrize("votes", [0, 1, 3])
def test_a_branch_that_was_cloned_before_its_first_receipt_branches_again(bench: Bench, folder: Path, votes: int) -> None:
    [old] = bench.names()
    lines = list(bench.ledger.pending().lines)
    bench.server.lines[old], bench.server.ends[old] = lines[:1], [1]
    put_in(bench.server, old, 1, 1)
    assert bench.courier.run_once().wait_seconds == 0
    branched = bench.names()[1]
    assert branched not in bench.server.lines
    shutil.copytree(bench.folder, folder / "clone")
    clone = Bench(folder / "clone", bench.server)
    clone.vote()
    clone.run()
    bench.vote(votes)
    for kiosk in (bench, clone):
        kiosk.run()
        assert kiosk.ledger.waiting() == 0
    parent = bench.opened(bench.names()[2]).parent
    assert parent is not None
    assert (parent.ledger, parent.seq) == (branched, 4)
    at_server = {line for lines in bench.server.lines.values() for line in lines}
    assert {*bench.lines()[1:], *clone.lines()[1:]} <= at_server
    clone.ledger.close()


class CallsAllForkedBehindTheFirst(MemoryServer):
    """Its fault: it says of every batch that only the first of its lines is common."""

    def send(self, body: bytes) -> Receipt:
        batch = decode_batch(body)
        self.batches.append(batch)
        at = Acked(batch.header.ledger, 1, chain(GENESIS, batch.lines[:1])[0]) if batch.lines else self.head(batch.header.ledger)
        raise Disagreed(forked=True, at=at)


def test_a_server_that_calls_all_but_the_first_line_forked_does_not_fill_the_disk_either(folder: Path) -> None:
    bench = Bench(folder, CallsAllForkedBehindTheFirst())
    bench.vote(3)
    for _ in range(3):
        assert bench.run().wait_seconds == 900
    assert len(bench.names()) <= 2 + MOST_UNPROVED
    bench.ledger.close()


class CallsAllForked(MemoryServer):
    """Its fault: it says of every batch with entries that another device holds the ledger."""

    def send(self, body: bytes) -> Receipt:
        batch = decode_batch(body)
        self.batches.append(batch)
        raise Disagreed(forked=True, at=Acked(batch.header.ledger, 0, GENESIS))


def test_a_server_that_calls_everything_forked_does_not_fill_the_disk(folder: Path) -> None:
    bench = Bench(folder, CallsAllForked())
    bench.vote(3)
    for _ in range(5):
        step = bench.run()
        assert (step.outcome, step.wait_seconds) == ("disagreed", 900)
    assert len(bench.names()) == 2
    bench.ledger.close()


def test_a_ledger_that_cannot_be_settled_does_not_hold_up_the_others(bench: Bench) -> None:
    [old] = bench.names()
    take = bench.server._take

    def stubborn(batch: Batch) -> None:
        if batch.header.ledger == old and batch.lines:
            raise Disagreed(forked=True, at=Acked(old, 3, "f" * 64))
        take(batch)

    bench.server._take = stubborn  # type: ignore[method-assign]
    bench.ledger.move(Binding(BINDING.device, BINDING.unit, "c-2"))
    bench.vote()
    bench.run()
    assert {held.ledger: held.last - held.acked for held in bench.ledger.held()} == {old: 5, bench.names()[1]: 0}


def test_an_answer_about_a_ledger_that_was_not_asked_about_moves_nothing(bench: Bench) -> None:
    before = bench.ledger.held()
    bench.server.fail_with = Disagreed(forked=True, at=Acked("l-unknown", 0, GENESIS))
    assert bench.courier.run_once().wait_seconds == 900
    assert bench.ledger.held() == before


def test_what_was_settled_once_is_not_asked_about_again(folder: Path) -> None:
    town = Town(folder, MemoryServer())
    for action in ("vote", "exchange", "image", "vote", "exchange", "roll_back", "exchange"):
        getattr(town, action)(0)
    asked = len(town.server.batches)
    town.exchange(0)
    assert len(town.server.batches) == asked + 1
    town.close()
