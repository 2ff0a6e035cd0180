"""Every screen of the gallery, in every language and in pseudo-long Vietnamese, on every display: the rules, in a real window."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from tests.screens.few import GALLERY
from tests.screens.rules import (
    RULES,
    Rule,
    broken,
    faces_differ_to_all_eyes,
    nothing_is_clipped,
    nothing_overlaps,
    text_is_dark_enough,
    text_is_large_enough,
    the_technicians_corner_is_free,
    touchables_are_large_enough,
)
from tests.screens.seen import TABLETS, Tablet, View
from tests.stage.display import VirtualDisplay
from tests.stage.programs import ROOT

pytestmark = pytest.mark.endtoend

RED = (255, 0, 0)
BROKEN, FEW = "tests.screens.broken", "tests.screens.few"
LARGE = 12.0  # inches, from which Vietnamese as it is has room if the pseudo-long has, which is the same words and more
Look = Callable[[str, Tablet], list[View]]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """What is to be seen of a gallery on a display; recorded once."""

    @cache
    def record(gallery: str, tablet: Tablet) -> list[View]:
        folder = tmp_path_factory.mktemp(str(tablet))
        languages = "vi" if gallery == BROKEN else "vi,en,long" if tablet.inches < LARGE else "en,long"
        _record(gallery, folder, tablet, languages, *["low"][: tablet.low])
        return msgspec.json.decode((folder / "views.json").read_bytes(), type=list[View])

    return record


def _record(gallery: str, folder: Path, tablet: Tablet, languages: str, *options: str) -> None:
    with VirtualDisplay(tablet.width, tablet.height) as display:
        words = [sys.executable, "-m", "tests.screens.recorder", gallery, str(folder), str(tablet.inches), languages, *options]
        subprocess.run(words, cwd=ROOT, env=display.environment, check=True, timeout=500)


@pytest.mark.long
@pytest.mark.parametrize("tablet", [pytest.param(tablet, marks=pytest.mark.xdist_group(str(tablet)), id=str(tablet)) for tablet in TABLETS])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_screen_keeps_the_rule(look: Look, tablet: Tablet, rule: Rule) -> None:
    assert [what for view in look("tests.stage.gallery", tablet) for what in broken(rule, view)] == []


@pytest.mark.xdist_group("controls")
def test_a_picture_that_is_copied_to_the_window_is_the_one_that_kivy_would_have_drawn_on_it(tmp_path: Path) -> None:
    for way in ("copied", "direct"):
        (tmp_path / way).mkdir()
        _record(FEW, tmp_path / way, TABLETS[1], "vi", way)
    names = [picture.name for picture in (tmp_path / "copied").glob("*.png")]
    assert len(names) == len(GALLERY)
    assert [name for name in names if (tmp_path / "copied" / name).read_bytes() != (tmp_path / "direct" / name).read_bytes()] == []


@pytest.mark.xdist_group("controls")
def test_what_is_drawn_ahead_is_as_in_the_whole_picture_and_nothing_else_is_drawn(tmp_path: Path) -> None:
    for way in ("copied", "parts"):
        (tmp_path / way).mkdir()
        _record(FEW, tmp_path / way, TABLETS[1], "vi", way)
    parts = msgspec.json.decode((tmp_path / "parts" / "parts.json").read_bytes(), type=dict[str, list[tuple[int, int, int, int]]])
    assert len(parts) == len(GALLERY)
    for name, boxes in parts.items():
        with Image.open(tmp_path / "copied" / name) as whole, Image.open(tmp_path / "parts" / name) as drawn:
            wanted = Image.new("RGB", whole.size, RED)
            for box in boxes:
                wanted.paste(whole.crop(box), box)
            assert drawn.tobytes() == wanted.tobytes(), name


@pytest.mark.xdist_group("controls")
@pytest.mark.parametrize(
    ("screen", "rule", "told"),
    [
        ("too-narrow", nothing_is_clipped, "larger than its widget"),
        ("cut-marks", nothing_is_clipped, "cut off"),
        ("too-many-lines", nothing_is_clipped, "cut off"),
        ("words-left-out", nothing_is_clipped, "cut off"),
        ("beside-the-window", nothing_is_clipped, "out of the window"),
        ("on-each-other", nothing_overlaps, "in each other"),
        ("words-under-a-button", nothing_overlaps, "in each other"),
        ("small-button", touchables_are_large_enough, "15.0×30.0 mm"),
        ("small-card", touchables_are_large_enough, "wanted 60×60"),
        ("small-key", touchables_are_large_enough, "wanted 18×12"),
        ("small-print", text_is_large_enough, "a line of"),
        ("pale", text_is_dark_enough, "contrast"),
        ("pale-on-a-picture", text_is_dark_enough, "contrast"),
        ("twins", faces_differ_to_all_eyes, "mouths"),
        ("one-skin", faces_differ_to_all_eyes, "skins"),
        ("in-the-corner", the_technicians_corner_is_free, "in the corner"),
    ],
)
def test_each_rule_finds_what_is_broken_on_purpose(look: Look, screen: str, rule: Rule, told: str) -> None:
    """The control: a rule that never fails proves nothing. The display is 1280×800 on 10.1 inches."""
    [view] = [view for view in look(BROKEN, TABLETS[1]) if (view.screen, view.language) == (screen, "vi")]
    assert any(told in what for what in rule(view)), list(rule(view))
    others = [other for other in RULES if other is not rule]
    assert [what for other in others for what in broken(other, view)] == []
