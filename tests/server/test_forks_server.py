"""A cloned or rolled-back disk: the server says where the ledgers are still the same. And kiosks that move: what counts where."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.devices.models import Device, DevicePlace
from server.intake import receive
from server.intake.models import Batch, Head
from server.places.models import Officer
from server.places.roster import roster_of
from sync import entries, wire
from tests.server.kiosk import Answer, Counted, Kiosk, counted, enrolled, quarantined


def flag(kiosk: Kiosk) -> str:
    return Device.objects.get(pk=kiosk.device).flag


def forked_at(answer: Answer) -> wire.Acked:
    assert (answer.status, answer.problem.code) == (409, "forked")
    assert answer.problem.at is not None
    return answer.problem.at


def diverge(kiosk: Kiosk, after: int) -> None:
    """Roll the kiosk back, and let it go on differently."""
    del kiosk.lines[after:]
    kiosk.votes(0, 9)


@pytest.mark.parametrize(("first", "last", "common"), [(1, 3, 2), (2, 8, 2), (3, 6, 2), (3, 3, 2), (4, 5, 0), (7, 8, 4)])
def test_a_fork_is_answered_with_the_highest_seq_that_is_surely_the_same(kiosk: Kiosk, first: int, last: int, common: int) -> None:
    kiosk.open().votes(5)
    kiosk.send(1, 4)
    kiosk.send(5, 6)
    held = {seq: kiosk.digest(seq) for seq in range(7)}
    diverge(kiosk, 2)
    assert forked_at(kiosk.send(first, last)) == wire.Acked(kiosk.ledger, common, held[common])
    assert flag(kiosk) == "forked"
    assert counted(kiosk.unit) == Counted(5, 0)
    assert Batch.objects.count() == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 6), min_size=1, max_size=6), st.data())
def test_a_kiosk_that_asks_lower_and_lower_arrives_where_it_is_the_same(sizes: list[int], data: st.DataObject) -> None:
    kiosk = enrolled().open()
    sent = 0
    for size in sizes:
        kiosk.votes(sent + size - len(kiosk.lines))
        kiosk.send(sent + 1, sent + size)
        sent += size
    held = {seq: kiosk.digest(seq) for seq in range(sent + 1)}
    same = data.draw(st.integers(1, sent), label="same up to")
    diverge(kiosk, same)
    first = data.draw(st.integers(1, sent + 1), label="first")
    at = forked_at(kiosk.send(first)) if same < sent else wire.Acked(kiosk.ledger, sent, held[sent])
    asked = 0
    while kiosk.digest(at.acked) != at.digest:
        assert at.digest == held[at.acked]
        lower = forked_at(kiosk.send(at.acked + 1, at.acked))
        assert lower.acked < at.acked
        at = lower
        asked += 1
    assert at.acked <= same
    assert asked <= len(sizes)


def test_a_hello_after_other_entries_is_a_fork_too(kiosk: Kiosk) -> None:
    kiosk.open().votes(5)
    kiosk.send(1, 4)
    kiosk.send(5, 6)
    held = kiosk.digest(4)
    diverge(kiosk, 5)
    assert kiosk.send(6, 5).receipt.ledgers[0].acked == 6
    assert flag(kiosk) == ""
    assert forked_at(kiosk.send(7, 6)) == wire.Acked(kiosk.ledger, 4, held)
    assert flag(kiosk) == "forked"


def test_a_hello_beyond_the_head_is_told_the_head(kiosk: Kiosk) -> None:
    kiosk.open().votes(5)
    kiosk.send(1, 4)
    assert kiosk.send(7).receipt.ledgers == [wire.Acked(kiosk.ledger, 4, kiosk.digest(4))]


def test_a_clone_that_branches_and_carries_its_votes_has_each_of_them_counted_once(kiosk: Kiosk) -> None:
    kiosk.open().votes(3)
    kiosk.send()
    clone = Kiosk(kiosk.key, kiosk.device, kiosk.unit, kiosk.counter, kiosk.officers, kiosk.ledger, [*kiosk.lines], kiosk.up)
    kiosk.votes(2)
    kiosk.send(5)
    clone.votes(0, 4)
    at = forked_at(clone.send(5))
    assert at == wire.Acked(clone.ledger, 4, clone.digest(4))
    carried = clone.lines[2:]  # lower than needed
    parent = entries.Parent(clone.ledger, 2, clone.digest(2))
    clone.ledger, clone.lines = "l-branch", []
    clone.open(parent=parent, reason="forked")
    clone.lines += carried
    assert clone.send().receipt.ledgers[0].acked == 7
    assert counted(kiosk.unit) == Counted(5, 4)
    assert quarantined(kiosk.unit) == {}


def test_a_fork_that_only_the_kiosk_found_flags_the_device_when_its_new_ledger_comes(kiosk: Kiosk) -> None:
    kiosk.open().votes(3).send()
    branch = Kiosk(kiosk.key, kiosk.device, kiosk.unit, kiosk.counter, kiosk.officers, "l-branch")
    branch.open(parent=entries.Parent(kiosk.ledger, 2, kiosk.digest(2)), reason="forked").send()
    assert flag(kiosk) == "forked"


def test_another_devices_ledger_is_a_fork_from_the_beginning_with_entries_or_without(kiosk: Kiosk) -> None:
    kiosk.open().votes(2)
    kiosk.send()
    clone = enrolled(kiosk.unit, ledger=kiosk.ledger)
    clone.lines = [*kiosk.lines]
    beginning = wire.Acked(kiosk.ledger, 0, entries.GENESIS)
    assert forked_at(clone.vote().send(4)) == beginning
    assert forked_at(clone.send(5)) == beginning
    hello = clone.send(5, ledger="l-own", ledgers=[wire.Held(kiosk.ledger, 0, 4, 3)])
    assert beginning in hello.receipt.ledgers
    assert (flag(clone), flag(kiosk)) == ("forked", "")
    assert counted(kiosk.unit) == Counted(2, 0)


def moved(kiosk: Kiosk, other: Kiosk) -> None:
    device = Device.objects.get(pk=kiosk.device)
    device.unit, device.counter = other.unit, other.counter
    device.save()


def test_the_votes_of_a_ledger_stay_where_it_was_opened_when_the_kiosk_moves(kiosk: Kiosk) -> None:
    kiosk.open().vote()
    kiosk.send()
    other = enrolled()
    moved(kiosk, other)
    receipt = kiosk.vote().send(3).receipt
    assert receipt.config == roster_of(other.counter).digest
    assert counted(kiosk.unit) == Counted(2, 0)
    assert counted(other.unit) == Counted(0, 0)


def test_a_ledger_that_comes_only_after_the_kiosk_moved_counts_at_its_former_place(kiosk: Kiosk) -> None:
    other, third = enrolled(), enrolled()
    moved(kiosk, other)
    moved(kiosk, third)
    Officer.objects.filter(unit=kiosk.unit).update(active=False)
    kiosk.open().votes(2, 1).send()
    assert counted(kiosk.unit) == Counted(2, 1)
    assert (counted(other.unit), counted(third.unit)) == (Counted(0, 0), Counted(0, 0))
    head = Head.objects.get(pk=kiosk.ledger)
    assert (head.unit_id, head.counter_id) == (kiosk.unit.id, kiosk.counter.id)
    assert Batch.objects.get().counter_id == kiosk.counter.id
    assert quarantined(kiosk.unit) == {}


def test_a_ledger_opened_where_the_device_never_stood_counts_nothing(kiosk: Kiosk) -> None:
    other = enrolled()
    kiosk.open(unit=other.unit.id, counter=other.counter.id).votes(2).send()
    assert (counted(kiosk.unit), counted(other.unit)) == (Counted(0, 0), Counted(0, 0))
    assert quarantined(kiosk.unit) == {1: "wrong-opened", 2: "ledger-not-opened", 3: "ledger-not-opened"}


def test_saving_a_device_that_did_not_move_keeps_one_place(kiosk: Kiosk) -> None:
    device = Device.objects.get(pk=kiosk.device)
    device.save()
    assert [place.counter_id for place in DevicePlace.objects.filter(device=device)] == [kiosk.counter.id]


def test_control_without_the_comparison_a_clones_votes_are_taken_for_known_and_lost(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_number_only(header: wire.BatchHeader, digests: list[str], head: int, *_: object) -> int:
        return min(header.first + len(digests) - 1, head) - header.first + 1

    monkeypatch.setattr(receive, "known_lines", by_number_only)
    kiosk.open().votes(3)
    kiosk.send()
    diverge(kiosk, 2)
    assert kiosk.send(3, 4).status == 200
    assert counted(kiosk.unit) == Counted(3, 0)
