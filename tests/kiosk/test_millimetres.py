"""How large a display is, and what follows for the drawing."""

from pathlib import Path

import pytest

from kiosk.ui.millimetres import EDID_HEADER, edid_inches, guessed_inches, reported_inches
from kiosk.ui.sizes import answer_mm, key_mm


def edid(pixels: tuple[int, int], millimetres: tuple[int, int]) -> bytes:
    """An EDID whose first timing has so many pixels and millimetres."""
    (width, height), (wide, high) = pixels, millimetres
    timing = bytearray(18)
    timing[2], timing[4] = width & 0xFF, (width >> 8) << 4
    timing[5], timing[7] = height & 0xFF, (height >> 8) << 4
    timing[12], timing[13], timing[14] = wide & 0xFF, high & 0xFF, (wide >> 8) << 4 | high >> 8
    return EDID_HEADER + bytes(46) + bytes(timing) + bytes(56)


def connect(folder: Path, name: str, content: bytes, status: str = "connected") -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "status").write_text(status + "\n")
    (folder / name / "edid").write_bytes(content)


@pytest.mark.parametrize(
    ("size", "inches"),
    [((1024, 600), 7), ((1280, 800), 10.1), ((800, 1280), 10.1), ((1920, 1080), 15.6), ((1000, 700), 8.2), ((9999, 9999), 32)],
)
def test_a_display_that_reports_nothing_has_the_usual_size_of_its_pixels(size: tuple[int, int], inches: float) -> None:
    assert guessed_inches(*size) == pytest.approx(inches, abs=0.05)


def test_a_display_reports_its_millimetres(tmp_path: Path) -> None:
    connect(tmp_path, "card0-HDMI-A-1", edid((1920, 1080), (531, 299)))
    connect(tmp_path, "card0-DP-1", b"", "disconnected")
    assert reported_inches(1920, 1080, tmp_path) == pytest.approx(24.0, abs=0.02)
    assert reported_inches(1080, 1920, tmp_path) == pytest.approx(24.0, abs=0.02)


@pytest.mark.parametrize(
    "content",
    [
        edid((1920, 1080), (160, 90)),  # the aspect ratio in place of the size
        edid((1920, 1080), (0, 0)),
        edid((1920, 1080), (1600, 900)),
        edid((1920, 1080), (95, 54)),  # 4 inches
        edid((1920, 1080), (299, 299)),  # another shape than its pixels
        edid((1280, 800), (217, 136)),  # another display
        edid((1920, 1080), (531, 299))[:100],
        b"",
    ],
)
def test_what_cannot_be_is_not_believed(tmp_path: Path, content: bytes) -> None:
    connect(tmp_path, "card1-eDP-1", content)
    assert edid_inches(content, 1920, 1080) is None
    assert reported_inches(1920, 1080, tmp_path) is None


def test_of_two_displays_that_differ_none_is_believed(tmp_path: Path) -> None:
    connect(tmp_path, "card0-HDMI-A-1", edid((1920, 1080), (531, 299)))
    connect(tmp_path, "card0-DP-1", edid((1920, 1080), (344, 194)))
    assert reported_inches(1920, 1080, tmp_path) is None


def test_cards_and_keys_may_be_smaller_on_small_displays() -> None:
    assert [(answer_mm(inches), key_mm(inches)) for inches in (7, 10, 24)] == [(45, 12), (60, 18), (60, 18)]
