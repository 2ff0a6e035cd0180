"""What counts as holding the corner, and what does not."""

import pytest

from kiosk.holding import HOLD_SECONDS, Holding


@pytest.fixture
def held() -> Holding:
    holding = Holding()
    holding.went_down(1, 100.0, inside=True)
    return holding


LATER = 100.0 + HOLD_SECONDS


def test_five_seconds_in_the_corner_are_a_hold_and_it_is_told_once(held: Holding) -> None:
    assert HOLD_SECONDS == 5
    assert not held.is_long_enough(LATER - 0.01)
    assert held.is_long_enough(LATER)
    assert not held.is_long_enough(LATER + 1)


def test_a_finger_that_came_up_sooner_does_nothing(held: Holding) -> None:
    held.came_up(1)
    assert not held.is_long_enough(LATER)


def test_taps_do_not_add_up(held: Holding) -> None:
    for second in range(1, 6):
        held.came_up(1)
        held.went_down(1, 100.0 + second, inside=True)
    assert not held.is_long_enough(LATER)


def test_a_finger_that_trembles_holds_and_one_that_slides_away_does_not_even_if_it_comes_back(held: Holding) -> None:
    held.moved(inside=True)
    assert held.is_long_enough(LATER)
    held.came_up(1)
    held.went_down(1, 200.0, inside=True)
    held.moved(inside=False)
    held.moved(inside=True)
    assert not held.is_long_enough(300.0)


def test_a_finger_that_slid_into_the_corner_does_not_hold_it() -> None:
    holding = Holding()
    holding.went_down(1, 100.0, inside=False)
    holding.moved(inside=True)
    assert not holding.is_long_enough(LATER)


def test_a_second_finger_anywhere_ends_it_and_a_hand_that_leans_on_the_display_never_begins(held: Holding) -> None:
    held.went_down(2, 101.0, inside=False)
    assert not held.is_long_enough(LATER)
    held.came_up(1)
    held.went_down(3, 110.0, inside=True)
    assert not held.is_long_enough(120.0)
    held.came_up(2)
    held.came_up(3)
    held.went_down(4, 130.0, inside=True)
    assert held.is_long_enough(135.0)
