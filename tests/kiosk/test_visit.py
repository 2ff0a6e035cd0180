"""One citizen's turn."""

from concurrent.futures import Future

import pytest

from kiosk.visit import Screen, Visit
from kiosk.vote import Rating

YES, NO = Rating.SATISFIED, Rating.DISSATISFIED


class Disk:
    """Takes votes; `finish` makes the last one durable, `fail` loses it."""

    def __init__(self) -> None:
        self.cast: list[Rating] = []
        self._last: Future[None] = Future()

    def take(self, rating: Rating) -> Future[None]:
        self.cast.append(rating)
        self._last = Future()
        return self._last

    def finish(self) -> None:
        self._last.set_result(None)

    def fail(self) -> None:
        self._last.set_exception(OSError("full"))


@pytest.fixture
def disk() -> Disk:
    return Disk()


def shown(visit: Visit) -> Screen:
    """What is on the screen now."""
    return visit.screen


@pytest.fixture
def visit(disk: Disk) -> Visit:
    return Visit(disk.take, thanks_seconds=4)


def test_a_tap_is_a_vote(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, NO)
    visit.touch_up(1, NO)
    assert disk.cast == [NO]


def test_nobody_is_thanked_before_the_vote_is_durable(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, YES)
    visit.tick(60)
    assert shown(visit) is Screen.SAVING
    disk.finish()
    visit.tick(61)
    assert shown(visit) is Screen.THANKS


def test_a_vote_that_reached_no_disk_is_apologised_for(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, YES)
    disk.fail()
    visit.tick(1)
    assert shown(visit) is Screen.SORRY


def test_the_thanks_stay_as_long_as_set_and_the_question_returns(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, YES)
    disk.finish()
    visit.tick(10)
    visit.tick(13.9)
    assert shown(visit) is Screen.THANKS
    visit.tick(14)
    assert shown(visit) is Screen.ASK


def test_sliding_off_cancels(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, None)
    assert disk.cast == []
    assert visit.press is None


def test_sliding_to_the_other_answer_cancels(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, NO)
    assert disk.cast == []


def test_a_second_finger_does_nothing(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_down(2, NO)
    visit.touch_up(2, NO)
    assert disk.cast == []
    visit.touch_up(1, YES)
    assert disk.cast == [YES]


def test_the_same_touch_delivered_twice_counts_once(visit: Visit, disk: Disk) -> None:
    visit.touch_down("finger", YES)
    visit.touch_down("finger as mouse", YES)
    visit.touch_up("finger", YES)
    visit.touch_up("finger as mouse", YES)
    assert disk.cast == [YES]


def test_a_repeat_delivered_after_the_touch_counts_once(visit: Visit, disk: Disk) -> None:
    visit.touch_down("finger", YES)
    visit.touch_up("finger", YES)
    visit.touch_down("finger as mouse", YES)
    visit.touch_up("finger as mouse", YES)
    assert disk.cast == [YES]


def test_impatient_taps_while_saving_do_nothing(visit: Visit, disk: Disk) -> None:
    for touch in range(5):
        visit.touch_down(touch, YES)
        visit.touch_up(touch, YES)
    assert disk.cast == [YES]


def test_a_touch_that_began_on_the_thanks_does_not_act_on_the_question(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, YES)
    disk.finish()
    visit.tick(0)
    visit.touch_down(2, NO)
    visit.tick(4)
    assert shown(visit) is Screen.ASK
    visit.touch_up(2, NO)
    assert disk.cast == [YES]


def test_a_touch_that_began_on_the_question_does_not_act_after_the_next_citizen_began(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_down(2, NO)
    visit.touch_up(1, YES)
    disk.finish()
    visit.tick(0)
    visit.tick(4)
    visit.touch_up(2, NO)
    assert disk.cast == [YES]


def test_votes_in_quick_succession_are_all_kept(visit: Visit, disk: Disk) -> None:
    for turn in range(20):
        visit.touch_down(turn, YES)
        visit.touch_up(turn, YES)
        disk.finish()
        visit.tick(turn * 4)
        visit.tick(turn * 4 + 4)
    assert disk.cast == [YES] * 20


def test_the_pressed_answer_stays_pressed_until_the_thanks(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, NO)
    visit.touch_up(1, NO)
    assert visit.press is not None
    assert visit.press.rating is NO
    disk.finish()
    visit.tick(0)
    assert visit.press is None
