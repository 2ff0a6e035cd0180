"""Changes, reasons and comments: kept with their vote, or waiting for it; one of each a vote."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.devices.models import Device
from server.intake.models import Change, Comment, Reasons, Vote, Waiting
from sync import entries
from tests.server.kiosk import Counted, Kiosk, counted, enrolled, quarantined

SEALED, KEY = "5" * 64, "ab" * 8


def test_a_change_moves_the_tally_by_one_from_the_one_side_to_the_other(kiosk: Kiosk) -> None:
    kiosk.open().votes(3).vote("dissatisfied")
    kiosk.say(entries.Change, vote=kiosk.last_id(), rating="satisfied", after=4.0).send()
    assert counted(kiosk.unit) == Counted(4, 0)
    change = Change.objects.get()
    assert (change.seq, change.satisfied) == (6, True)


def test_a_change_in_a_later_batch_finds_its_vote_in_the_archive(kiosk: Kiosk) -> None:
    kiosk.open().votes(2)
    kiosk.send()
    kiosk.say(entries.Change, vote=kiosk.last_id(), rating="dissatisfied", after=9.5).send(4)
    assert counted(kiosk.unit) == Counted(1, 1)


def test_a_change_to_the_same_rating_moves_nothing_but_is_the_votes_one_change(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.say(entries.Change, vote=vote, rating="satisfied").say(entries.Change, vote=vote, rating="dissatisfied").send()
    assert counted(kiosk.unit) == Counted(1, 0)
    assert quarantined(kiosk.unit) == {4: "second-change"}


@pytest.mark.parametrize("later", [False, True], ids=["in-one-batch", "in-two"])
def test_a_second_change_is_quarantined(kiosk: Kiosk, later: bool) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.say(entries.Change, vote=vote, rating="dissatisfied")
    if later:
        kiosk.send()
    kiosk.say(entries.Change, vote=vote, rating="satisfied").send(4 if later else 1)
    assert counted(kiosk.unit) == Counted(0, 1)
    assert quarantined(kiosk.unit) == {4: "second-change"}


@pytest.mark.parametrize("said", [{"after": 10.1}, {"boot": "another"}, {"up": 100.5}], ids=["after-10-s", "another-boot", "before"])
def test_a_change_of_another_boot_or_too_late_is_quarantined(kiosk: Kiosk, said: dict[str, object]) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.say(entries.Change, vote=vote, rating="dissatisfied", **said).send()  # type: ignore[arg-type]
    assert counted(kiosk.unit) == Counted(1, 0)
    assert quarantined(kiosk.unit) == {3: "late-change"}


def test_reasons_and_comments_are_kept_with_their_vote(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote("dissatisfied").last_id()
    kiosk.say(entries.Reasons, vote=vote, reasons=["r-slow", "r-\N{LATIN SMALL LETTER D WITH STROKE}"])
    kiosk.say(entries.Comment, vote=vote, sealed=SEALED, key=KEY).send()
    assert Reasons.objects.get().reasons == ["r-slow", "r-đ"]
    comment = Comment.objects.get()
    assert (comment.unit_id, comment.vote, comment.sealed, comment.key) == (kiosk.unit.id, vote, SEALED, KEY)
    assert comment.at > Vote.objects.get().at
    assert counted(kiosk.unit) == Counted(0, 1)


def test_reasons_with_a_character_that_the_database_cannot_hold_are_quarantined(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.say(entries.Reasons, vote=vote, reasons=["r-\0"]).vote().send()
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(2, 0), {3: "malformed"})


def test_second_reasons_and_comments_are_quarantined(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    for _ in range(2):
        kiosk.say(entries.Reasons, vote=vote, reasons=["r-slow"]).say(entries.Comment, vote=vote, sealed=SEALED, key=KEY)
    kiosk.send()
    assert quarantined(kiosk.unit) == {5: "second-reasons", 6: "second-comment"}


def follow_ups(kiosk: Kiosk, vote: UUID) -> list[bytes]:
    """A change, reasons and a comment about the vote written last."""
    kiosk.say(entries.Change, vote=vote, rating="dissatisfied").say(entries.Reasons, vote=vote, reasons=["r-slow"])
    kiosk.say(entries.Comment, vote=vote, sealed=SEALED, key=KEY)
    return kiosk.lines[-3:]


def test_what_comes_before_its_vote_waits_for_it_even_in_another_ledger_of_another_device(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    about = follow_ups(kiosk, vote)
    del kiosk.lines[2:]
    other = enrolled(kiosk.unit).open()
    other.lines += about
    other.send()
    assert Waiting.objects.count() == 3
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(0, 0), {})
    kiosk.send()
    assert counted(kiosk.unit) == Counted(0, 1)
    assert (Waiting.objects.count(), Reasons.objects.count(), Comment.objects.count()) == (0, 1, 1)
    assert Change.objects.get().ledger == other.ledger


def test_a_late_or_second_change_that_waited_is_quarantined_where_it_stands(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    other = enrolled(kiosk.unit).open()
    other.up = kiosk.up
    for _ in range(2):
        other.say(entries.Change, vote=vote, rating="dissatisfied")
    other.say(entries.Change, vote=vote, rating="satisfied", after=20).send()
    kiosk.send()
    assert counted(kiosk.unit) == Counted(0, 1)
    assert quarantined(kiosk.unit) == {3: "second-change", 4: "late-change"}


def test_the_same_lines_carried_into_another_ledger_count_once_waiting_or_not(kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    about = follow_ups(kiosk, vote)
    for _ in range(2):
        other = enrolled(kiosk.unit).open()
        other.lines += about + about
        other.send()
    kiosk.send()
    other = enrolled(kiosk.unit).open()
    other.lines += about
    other.send()
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(0, 1), {})


@pytest.mark.parametrize("waiting", [False, True], ids=["kept", "waiting"])
def test_other_bytes_under_the_id_of_a_change_are_quarantined_and_flag_the_device(kiosk: Kiosk, waiting: bool) -> None:
    vote, known = kiosk.open().vote().last_id(), entries.uuid7()
    if waiting:
        vote = entries.uuid7()
    kiosk.say(entries.Change, id=known, vote=vote, rating="satisfied").say(entries.Change, id=known, vote=vote, rating="dissatisfied")
    kiosk.send()
    assert quarantined(kiosk.unit) == {4: "id-reused"}
    assert Device.objects.get(pk=kiosk.device).flag == "id-reused"


def test_duty_started_and_closed_are_accepted_and_count_nothing(kiosk: Kiosk) -> None:
    kiosk.open().say(entries.Started, version="1").say(entries.Duty, officer="o-NOBODY").say(entries.Duty, officer=None).say(entries.Closed)
    assert kiosk.send().receipt.ledgers[0].acked == 5
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(0, 0), {})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["vote", "change", "reasons", "comment"]), min_size=1, max_size=25), st.data())
def test_in_whatever_order_entries_about_votes_come_the_count_is_the_same(said: list[str], data: st.DataObject) -> None:
    kiosk = enrolled().open().vote()
    vote, rating, expected, done = kiosk.last_id(), True, [], set[str]()
    for kind in said:
        if kind == "vote":
            expected.append(rating)
            vote, rating, done = kiosk.vote().last_id(), True, set()
        elif kind not in done:
            done.add(kind)
            if kind == "change":
                kiosk.say(entries.Change, vote=vote, rating="dissatisfied", after=0.1)
                rating = False
            elif kind == "reasons":
                kiosk.say(entries.Reasons, vote=vote, reasons=["r-slow"], after=0.1)
            else:
                kiosk.say(entries.Comment, vote=vote, sealed=SEALED, key=KEY, after=0.1)
    expected.append(rating)
    lines = data.draw(st.permutations(kiosk.lines[1:]), label="order")
    kiosk.lines[1:] = lines
    at = 1
    while at <= len(kiosk.lines):
        size = data.draw(st.integers(1, 8), label="batch")
        kiosk.send(at, at + size - 1)
        at += size
    assert counted(kiosk.unit) == Counted(expected.count(True), expected.count(False))
    assert quarantined(kiosk.unit) == {}
    assert not Waiting.objects.filter(unit_id=kiosk.unit.id).exists()
