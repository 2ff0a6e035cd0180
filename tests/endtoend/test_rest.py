"""The rest screen and the officer's photo in a real window, with a real pointer."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stage.display import Pixel, VirtualDisplay, wait_until
from tests.stage.programs import ROOT

pytestmark = pytest.mark.endtoend
INK: Pixel = (18, 38, 63)
SIZES = [(1280, 800), (1024, 600), (800, 1280)]


@contextmanager
def shown(name: str, display: VirtualDisplay, folder: Path) -> Iterator[Path]:
    """A screen of the gallery; the file of what it tells."""
    told = folder / "told"
    with told.open("wb") as output:
        words = [sys.executable, "-m", "tests.stage.gallery", name]
        process = subprocess.Popen(words, cwd=ROOT, env=display.environment, stdout=output, stderr=output)
    try:
        wait_until(lambda: display.pixel(5, 5) != (0, 0, 0), f"{name} is shown")
        display.wait_until_still()
        yield told
    finally:
        process.terminate()
        process.wait(10)


def luminance(pixel: object) -> float:
    """As WCAG 2.2 defines it, of red, green and blue."""
    assert isinstance(pixel, tuple)
    red, green, blue = (float(one / 255 / 12.92) if one <= 10 else float(((one / 255 + 0.055) / 1.055) ** 2.4) for one in pixel)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["rest", "rest-fullest"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_rest_screen_is_dark_not_black_and_nothing_of_it_touches_its_edges(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    with VirtualDisplay(*size) as display, shown(name, display, tmp_path):
        picture = display.picture()
        margin = 20
        edges = [
            (0, 0, size[0], margin),
            (0, size[1] - margin, size[0], size[1]),
            (0, 0, margin, size[1]),
            (size[0] - margin, 0, size[0], size[1]),
        ]
        assert all(picture.crop(edge).getcolors() == [((edge[2] - edge[0]) * (edge[3] - edge[1]), INK)] for edge in edges)
        ground, *inks = [colour for _, colour in sorted(picture.getcolors(1 << 24) or [], reverse=True)[:3]]
        assert ground == INK
        for colour in inks:
            assert (luminance(colour) + 0.05) / (luminance(INK) + 0.05) >= 7


def test_a_finger_wakes_it_wherever_it_goes_down(tmp_path: Path) -> None:
    with VirtualDisplay() as display, shown("rest", display, tmp_path) as told:
        display.press(40, 40)
        wait_until(lambda: b"on_wake" in told.read_bytes(), "it wakes")


def test_a_photo_is_shown_upright_and_round(tmp_path: Path) -> None:
    with VirtualDisplay() as display, shown("ask-photo", display, tmp_path):
        left, top, side = 48, 40, 124
        middle = left + side // 2
        wait_until(lambda: max(display.pixel(middle, top + 14)) < 60, "the photo is dark above")
        assert min(display.pixel(middle, top + side - 14)) > 200
        assert display.pixel(left + 3, top + 3) == (246, 244, 238)
