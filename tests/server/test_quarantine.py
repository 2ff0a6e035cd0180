"""Quarantine: a person decides, and what was accepted is folded in as soon as it can be."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from server.devices.models import Device
from server.intake.models import Decision, Quarantine, Vote
from server.places.models import Officer, Unit
from sync import entries
from tests.server.kiosk import Counted, Kiosk, counted, enrolled, quarantined


def quarantine(*words: str) -> str:
    output = io.StringIO()
    call_command("quarantine", *words, stdout=output)
    return output.getvalue()


def newcomer(kiosk: Kiosk, name: str = "o-NEWCOMER") -> Officer:
    return Officer.objects.create(id=name, unit=kiosk.unit, name="Phạm Thu Thảo", title="Công chức")


def test_the_list_names_each_line_with_reason_and_bytes(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER")
    kiosk.lines.append(b'{"kind":"dance"}\xff\x1b[31m')
    kiosk.send()
    listed = quarantine()
    assert f"{kiosk.ledger}:2" in listed
    assert "unknown-officer" in listed
    assert '{"kind":"dance"}\\xff' in listed
    assert "\x1b" not in listed
    assert "2 in quarantine" in listed


def test_an_accepted_vote_is_counted_once_its_officer_is_known(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").vote().send()
    at = Quarantine.objects.get().at
    assert "1 accepted, and not to be interpreted yet" in quarantine("--accept", f"{kiosk.ledger}:2", "--who", "Hạnh")
    assert counted(kiosk.unit) == Counted(1, 0)
    newcomer(kiosk)
    assert f"{kiosk.ledger}:2  folded in" in quarantine("--refold")
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(2, 0), {})
    vote = Vote.objects.get(officer_id="o-NEWCOMER")
    assert (vote.seq, vote.counter_id, round(vote.at.timestamp() * 1000)) == (2, kiosk.counter.id, at)
    decisions = Decision.objects.order_by("number").values_list("verdict", "who")
    assert list(decisions) == [("accept", "Hạnh"), ("folded", "refold")]


def test_nothing_is_folded_in_that_nobody_accepted(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    newcomer(kiosk)
    assert quarantine("--refold") == ""
    assert counted(kiosk.unit) == Counted(0, 0)


def test_a_rejected_line_stays_out_and_out_of_the_list_until_it_is_accepted_after_all(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    newcomer(kiosk)
    quarantine("--reject", f"{kiosk.ledger}:2")
    assert quarantine() == "0 in quarantine\n"
    assert "[reject]" in quarantine("--all")
    assert counted(kiosk.unit) == Counted(0, 0)
    quarantine("--accept", f"{kiosk.ledger}:2")
    assert counted(kiosk.unit) == Counted(1, 0)


def test_what_is_not_in_quarantine_cannot_be_decided(kiosk: Kiosk) -> None:
    kiosk.open().vote().send()
    for line in (f"{kiosk.ledger}:2", "l-nobody:1"):
        with pytest.raises(CommandError, match="Not in quarantine"):
            quarantine("--reject", line)
    with pytest.raises(CommandError, match="expected LEDGER:SEQ"):
        quarantine("--accept", "nonsense")
    assert not Decision.objects.exists()


def test_a_change_that_waited_for_a_quarantined_vote_is_folded_in_with_it(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote(officer="o-NEWCOMER").last_id()
    kiosk.say(entries.Change, vote=vote, rating="dissatisfied").send()
    newcomer(kiosk)
    quarantine("--accept", f"{kiosk.ledger}:2")
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(0, 1), {})


def test_the_votes_of_a_ledger_without_opened_count_without_a_counter_when_a_person_accepts_them(kiosk: Kiosk) -> None:
    kiosk.vote().vote(officer=None).send()
    quarantine("--accept", f"{kiosk.ledger}:1", f"{kiosk.ledger}:2")
    assert counted(kiosk.unit) == Counted(2, 0)
    assert set(Vote.objects.values_list("counter_id", flat=True)) == {""}


def test_a_contradiction_stays_in_quarantine_even_when_accepted(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.say(entries.Change, vote=vote, rating="dissatisfied").say(entries.Change, vote=vote, rating="satisfied").vote(id=vote).send()
    quarantine("--accept", f"{kiosk.ledger}:4", f"{kiosk.ledger}:5")
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(0, 1), {4: "second-change", 5: "id-reused"})


def test_an_accepted_line_whose_id_was_counted_elsewhere_meanwhile_counts_once(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    newcomer(kiosk)
    other = enrolled(kiosk.unit).open()
    other.lines.append(kiosk.lines[1])
    other.send()
    quarantine("--accept", f"{kiosk.ledger}:2")
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(1, 0), {})


def test_reasons_that_the_database_cannot_hold_stay_in_quarantine_even_when_accepted(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.say(entries.Reasons, vote=vote, reasons=["r-\0"]).send()
    quarantine("--accept", f"{kiosk.ledger}:3")
    assert quarantined(kiosk.unit) == {3: "malformed"}


def without_its_key(kiosk: Kiosk) -> Kiosk:
    """A kiosk whose data were kept and whose key was lost, so that it was enrolled as another device, at another counter of the unit;
    it sends on, in a ledger that branched off at its first counter, where the new device never stood.
    """
    other = enrolled(kiosk.unit)
    other.officers = kiosk.officers
    parent = entries.Parent(kiosk.ledger, 1, kiosk.digest(1))
    return other.open(counter=kiosk.counter.id, parent=parent, reason="forked")


def test_what_a_kiosk_without_its_key_sends_from_a_counter_where_the_new_device_never_stood_waits_for_a_person(kiosk: Kiosk) -> None:
    kiosk.open().send()
    again = without_its_key(kiosk).votes(2)
    vote = again.last_id()
    again.say(entries.Change, vote=vote, rating="dissatisfied").send()
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (
        Counted(0, 0),
        {1: "wrong-opened", 2: "ledger-not-opened", 3: "ledger-not-opened", 4: "ledger-not-opened"},
    )
    quarantine("--accept", *(f"{again.ledger}:{seq}" for seq in (2, 3, 4)))
    for _ in range(2):
        assert counted(kiosk.unit) == Counted(1, 1)
        assert set(Vote.objects.values_list("counter_id", flat=True)) == {kiosk.counter.id}
        assert quarantined(kiosk.unit) == {1: "wrong-opened"}
        call_command("rebuild")


def test_where_the_new_device_was_enrolled_at_that_counter_first_nothing_waits(kiosk: Kiosk) -> None:
    kiosk.open().send()
    again = without_its_key(kiosk).votes(2)
    Device.objects.get(pk=again.device).places.create(unit=kiosk.unit, counter=kiosk.counter, since=timezone.now())
    again.send()
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(2, 0), {})


def test_accepted_lines_of_a_ledger_that_names_a_counter_of_another_unit_count_at_none(kiosk: Kiosk) -> None:
    elsewhere = enrolled(Unit.objects.create(name="Phường Tân An", kind=Unit.Kind.COMMUNE))
    kiosk.open(counter=elsewhere.counter.id).votes(1).send()
    quarantine("--accept", f"{kiosk.ledger}:2")
    assert counted(kiosk.unit) == Counted(1, 0)
    assert Vote.objects.get().counter_id == ""


def clone_in_another_unit(kiosk: Kiosk) -> Kiosk:
    """A clone that was enrolled anew in another unit, and carries on, in a ledger of its own, all that it was cloned with."""
    clone = enrolled(Unit.objects.create(name="Phường Tân An", kind=Unit.Kind.COMMUNE))
    parent = entries.Parent(kiosk.ledger, 1, kiosk.digest(1))
    clone.open(unit=kiosk.unit.id, counter=kiosk.counter.id, parent=parent, reason="forked")
    clone.lines += kiosk.lines[1:]
    return clone


@pytest.mark.parametrize("first", ["the original", "the clone"])
def test_what_a_clone_carries_into_another_unit_counts_once_and_where_it_was_recorded(kiosk: Kiosk, first: str) -> None:
    vote = kiosk.open().votes(3).last_id()
    kiosk.say(entries.Change, vote=vote, rating="dissatisfied")
    clone = clone_in_another_unit(kiosk)
    for sender in (kiosk, clone) if first == "the original" else (clone, kiosk):
        sender.send()
        if sender is clone:
            quarantine("--accept", *(f"{clone.ledger}:{seq}" for seq in (2, 3, 4, 5)))
            assert (counted(kiosk.unit), set(Vote.objects.values_list("counter_id", flat=True))) == (Counted(2, 1), {kiosk.counter.id})
    for _ in range(2):
        assert (counted(kiosk.unit), counted(clone.unit)) == (Counted(2, 1), Counted(0, 0))
        assert (quarantined(kiosk.unit), quarantined(clone.unit)) == ({}, {1: "wrong-opened"})
        call_command("rebuild")


def test_other_bytes_that_a_clone_carries_under_a_known_id_stay_in_quarantine_where_they_would_count(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    clone = clone_in_another_unit(kiosk)
    clone.lines.pop()
    clone.vote("dissatisfied", id=vote, officer=kiosk.officers[0].id).send()
    kiosk.send()
    quarantine("--accept", f"{clone.ledger}:2")
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(1, 0), {2: "id-reused"})
