"""The display's own light."""

from pathlib import Path

import pytest

from kiosk.backlight import Backlight


@pytest.fixture
def light(tmp_path: Path) -> Path:
    """A light as Linux shows it, at 600 of 1000."""
    folder = tmp_path / "lights" / "panel"
    folder.mkdir(parents=True)
    (folder / "max_brightness").write_text("1000\n")
    (folder / "brightness").write_text("600\n")
    return folder


def brightness(light: Path) -> int:
    return int((light / "brightness").read_text())


def test_it_is_darker_never_dark_and_then_as_bright_as_before(light: Path, tmp_path: Path) -> None:
    backlight = Backlight(tmp_path, light.parent)
    assert backlight.dim()
    assert brightness(light) == 120
    backlight.restore()
    assert brightness(light) == 600
    assert not (tmp_path / "backlight.json").exists()


def test_a_light_of_few_steps_never_goes_out(light: Path, tmp_path: Path) -> None:
    (light / "max_brightness").write_text("3\n")
    (light / "brightness").write_text("3\n")
    Backlight(tmp_path, light.parent).dim()
    assert brightness(light) == 1


def test_one_that_is_darker_already_stays_as_it_is(light: Path, tmp_path: Path) -> None:
    (light / "brightness").write_text("40\n")
    Backlight(tmp_path, light.parent).dim()
    assert brightness(light) == 40


def test_after_a_crash_in_the_dark_the_next_start_is_bright(light: Path, tmp_path: Path) -> None:
    Backlight(tmp_path, light.parent).dim()
    Backlight(tmp_path, light.parent)
    assert brightness(light) == 600


def test_what_a_technician_sets_while_it_is_bright_is_kept(light: Path, tmp_path: Path) -> None:
    backlight = Backlight(tmp_path, light.parent)
    (light / "brightness").write_text("900\n")
    backlight.restore()
    assert brightness(light) == 900


@pytest.mark.parametrize("lights", ["nowhere", "empty"])
def test_without_a_light_that_can_be_changed_it_says_so(lights: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert not Backlight(tmp_path, tmp_path / lights).dim()
    assert not (tmp_path / "backlight.json").exists()


@pytest.mark.parametrize("found", [b"", b"[]", b'{"panel": "x"}', b"\xff"])
def test_a_spoilt_note_of_the_former_brightness_stops_nothing(found: bytes, light: Path, tmp_path: Path) -> None:
    (tmp_path / "backlight.json").write_bytes(found)
    Backlight(tmp_path, light.parent)
    assert brightness(light) == 600
    assert not (tmp_path / "backlight.json").exists()
