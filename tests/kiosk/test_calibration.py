"""Whether a touch screen is right, from touches of which the place is known."""

from collections.abc import Callable

import pytest

from kiosk.calibration import CROSSES, Place, in_words, judge, rule
from kiosk.texts import translator

WIDTH, HEIGHT = 217.0, 136.0  # millimetres: 10.1 inches


def told(screen: Callable[[float, float], Place]) -> list[Place]:
    """Where a screen says that the crosses were touched, each by a finger a little beside."""
    beside = ((0.005, -0.01), (-0.008, 0.006), (0.0, 0.01), (0.01, 0.0), (-0.004, -0.006))
    return [screen(x + dx, y + dy) for (x, y), (dx, dy) in zip(CROSSES, beside, strict=True)]


def test_a_finger_a_little_beside_the_crosses_is_exact() -> None:
    verdict = judge(told(lambda x, y: (x, y)), WIDTH, HEIGHT)
    assert verdict.is_good
    assert verdict.matrix is None
    assert "chính xác" in in_words(verdict, translator("vi"))


@pytest.mark.parametrize(
    ("screen", "numbers"),
    [
        (lambda x, y: (y, 1 - x), "0 -1 1 1 0 0"),
        (lambda x, y: (1 - x, 1 - y), "-1 0 1 0 -1 1"),
        (lambda x, y: (1 - y, x), "0 1 0 -1 0 1"),
        (lambda x, y: (1 - x, y), "-1 0 1 0 1 0"),
        (lambda x, y: (x, 1 - y), "1 0 0 0 -1 1"),
        (lambda x, y: (y, x), "0 1 0 1 0 0"),
    ],
)
def test_one_that_is_turned_or_mirrored_is_told_with_the_line_that_turns_it_back(
    screen: Callable[[float, float], Place], numbers: str
) -> None:
    verdict = judge(told(screen), WIDTH, HEIGHT)
    assert verdict.turned
    words = in_words(verdict, translator("vi"))
    assert f'ENV{{LIBINPUT_CALIBRATION_MATRIX}}="{numbers}"' in words
    assert "/etc/udev/rules.d/" in words


def test_one_that_is_moved_and_stretched_is_told_with_the_matrix_that_puts_it_right() -> None:
    places = [(0.9 * x + 0.08, 1.06 * y - 0.05) for x, y in CROSSES]
    verdict = judge(places, WIDTH, HEIGHT)
    assert not verdict.is_good
    assert not verdict.turned
    assert verdict.matrix is not None
    assert verdict.matrix == pytest.approx((1 / 0.9, 0, -0.08 / 0.9, 0, 1 / 1.06, 0.05 / 1.06))
    assert rule(verdict.matrix).endswith('"1.111 0 -0.089 0 0.943 0.047"')


def test_one_that_is_wrong_in_one_corner_only_is_for_a_cloth_or_a_screwdriver() -> None:
    places = [*CROSSES[:3], (0.3, 0.7), CROSSES[4]]
    verdict = judge(places, WIDTH, HEIGHT)
    assert not verdict.is_good
    assert verdict.matrix is None
    assert "thay màn hình" in in_words(verdict, translator("vi"))


def test_the_same_place_five_times_fits_nothing() -> None:
    assert judge([(0.5, 0.5)] * 5, WIDTH, HEIGHT).matrix is None
