"""The sign-in screen in a real window, touched by a real pointer."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT

NAME, LEAVE, SIGN_OUT, MORE = (210, 255), (210, 682), (640, 682), (1070, 682)
DELETE, ZERO, DONE = (752, 682), (949, 682), (1147, 682)
DIGITS = {"2": (949, 117), "5": (949, 307), "8": (949, 493)}


@contextmanager
def shown(name: str, said: Path) -> Iterator[VirtualDisplay]:
    with VirtualDisplay() as display, said.open("w") as output:
        window = subprocess.Popen([sys.executable, "-m", "tests.stage.gallery", name], cwd=ROOT, env=display.environment, stdout=output)
        try:
            wait_until(lambda: display.pixel(1279, 799) != (0, 0, 0), "the screen is shown")
            display.wait_until_still()
            yield display
        finally:
            window.terminate()
            window.wait(10)


def heard(said: Path, line: str) -> None:
    wait_until(lambda: line in said.read_text().splitlines(), f"it says {line!r}", 10)


def test_a_name_then_the_digits_then_done_tells_whose_pin_it_is(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with shown("sign-in", said) as display:
        display.tap(*NAME)
        heard(said, "on_choose o-1")
        display.wait_until_still()
        for place in (DIGITS["2"], DIGITS["5"], DIGITS["5"], DELETE, DONE, DIGITS["8"], ZERO, DONE):
            display.tap(*place)
        heard(said, "on_pin o-1 2580")
        assert said.read_text().count("on_pin") == 1, "fewer than four digits are no PIN"


def test_signing_out_and_leaving_are_told_and_a_finger_that_slid_off_is_not(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with shown("sign-in", said) as display:
        display.press(*LEAVE)
        display.release(*MORE)
        display.tap(*SIGN_OUT)
        heard(said, "on_sign_out")
        assert "on_leave" not in said.read_text()
        display.tap(*LEAVE)
        heard(said, "on_leave")


def test_more_names_than_fit_have_further_pages(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with shown("sign-in", said) as display:
        display.tap(*MORE)
        display.wait_until_still()
        display.tap(*NAME)
        heard(said, "on_choose o-7")
