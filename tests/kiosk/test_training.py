"""Training keeps nothing, and ends by itself."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from kiosk.doors import Doors
from kiosk.hours import LOCAL
from kiosk.training import LONGEST_SECONDS, NO_REFERENCE, Training
from kiosk.visit import Pace, Screen, Visit
from kiosk.vote import Rating
from sync.crockford import ALPHABET
from sync.shown import Hours, Span
from sync.wire import KioskConfig, Place

YES = Rating.SATISFIED


class Real:
    """The records that must hear nothing of training."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def vote(self, rating: Rating) -> "Future[UUID]":
        return self._take("vote", uuid4())

    def change(self, vote: UUID, rating: Rating) -> "Future[None]":
        return self._take("change", None)

    def reasons(self, vote: UUID, reasons: Sequence[str]) -> "Future[None]":
        return self._take("reasons", None)

    def comment(self, vote: UUID, text: str, contact: object, language: str) -> "Future[str]":
        return self._take("comment", "AB12-CD34")

    def link(self, vote: UUID) -> "Future[str]":
        return self._take("link", "HTTPS://A.VN/G/1/2")

    def _take(self, what: str, result: object) -> "Future[Any]":
        self.said.append(what)
        future: Future[Any] = Future()
        future.set_result(result)
        return future


class Room:
    """A training that can be told what time it is, and whether the unit opens soon."""

    def __init__(self) -> None:
        self.real, self.up, self.opens_soon = Real(), 1000.0, False
        self.training = Training(self.real, lambda: self.up, lambda: self.opens_soon)

    def all_of_a_turn(self, vote: UUID) -> str:
        self.training.change(vote, YES).result()
        self.training.reasons(vote, ["late"]).result()
        return self.training.comment(vote, "x", None, "vi").result()


@pytest.fixture
def room() -> Room:
    return Room()


def test_nothing_of_a_turn_in_training_is_recorded(room: Room) -> None:
    room.training.begin()
    assert room.all_of_a_turn(room.training.vote(YES).result()) == NO_REFERENCE
    assert room.real.said == []


def test_nothing_of_it_is_recorded_after_training_has_ended_either(room: Room) -> None:
    room.training.begin()
    vote = room.training.vote(YES).result()
    room.training.end()
    room.all_of_a_turn(vote)
    assert room.real.said == []


def test_a_turn_that_began_before_training_is_recorded_to_its_end(room: Room) -> None:
    vote = room.training.vote(YES).result()
    room.training.begin()
    assert room.all_of_a_turn(vote) == "AB12-CD34"
    assert room.real.said == ["vote", "change", "reasons", "comment"]


def test_a_number_of_training_is_no_comments(room: Room) -> None:
    assert not set(NO_REFERENCE.replace("-", "")) <= set(ALPHABET)


def test_it_ends_after_a_quarter_of_an_hour(room: Room) -> None:
    room.training.begin()
    room.up += LONGEST_SECONDS - 0.1
    room.training.look()
    assert room.training.on
    room.up += 0.1
    room.training.look()
    assert not room.training.on
    room.training.vote(YES)
    assert room.real.said == ["vote"]


def test_it_does_not_end_between_two_looks_for_the_screen_still_says_so(room: Room) -> None:
    room.training.begin()
    room.up += LONGEST_SECONDS + 100
    room.training.vote(YES)
    assert room.real.said == []


def test_it_ends_before_the_unit_opens(room: Room) -> None:
    room.training.begin()
    room.opens_soon = True
    room.training.look()
    assert not room.training.on


def test_begun_again_it_lasts_another_quarter_of_an_hour(room: Room) -> None:
    room.training.begin()
    room.up += LONGEST_SECONDS - 1
    room.training.begin()
    room.up += LONGEST_SECONDS - 1
    room.training.look()
    assert room.training.on


def test_a_visit_in_training_goes_through_its_screens(room: Room) -> None:
    room.training.begin()
    visit = Visit(room.training, ["vi"], Pace())
    visit.touch_down(1, YES)
    visit.touch_up(1, YES)
    visit.tick(1)
    assert visit.screen is Screen.WHY
    visit.leave()
    assert visit.shown.screen is Screen.THANKS
    assert room.real.said == []


@pytest.mark.parametrize(
    ("at", "soon"),
    [
        ("06:00:00", False),
        ("07:28:59", False),
        ("07:29:00", True),
        ("07:29:59", True),
        ("07:30:00", False),  # open: whoever begins it now does so before everybody
        ("11:29:30", False),
        ("13:29:30", True),
    ],
)
def test_the_unit_opens_soon_in_the_minute_before(at: str, soon: bool) -> None:
    hours = Hours(weekdays=[[Span("07:30", "11:30"), Span("13:30", "17:00")]] * 7)
    config = KioskConfig(unit=Place("u", "U"), counter=Place("c", "C"), officers=[], on_duty=None, hours=hours)
    now = datetime.fromisoformat(f"2026-11-25 {at}").replace(tzinfo=LOCAL)
    assert Doors(lambda: config, lambda: now).opens_within(timedelta(minutes=1)) is soon


def test_where_the_time_is_not_known_nothing_opens_soon() -> None:
    hours = Hours(weekdays=[[Span("07:30", "11:30")]] * 7)
    config = KioskConfig(unit=Place("u", "U"), counter=Place("c", "C"), officers=[], on_duty=None, hours=hours)
    assert not Doors(lambda: config, lambda: None).opens_within(timedelta(minutes=1))
