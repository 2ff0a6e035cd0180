"""The comment's screen and its keyboard, in a real window with a real pointer."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk.qr import modules
from kiosk.ui.widgets.key_rows import BACKSPACE, DIGITS, LETTERS, SHIFT, SPACE
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.gallery import LINK
from tests.stage.hand import Hand, Spot
from tests.stage.programs import GROUND_COLOUR, ROOT
from tests.stage.touches import DOWN, UP, Touch, lay, wait_until_played

pytestmark = pytest.mark.endtoend

INK = (18, 38, 63)
WORDS = "Tôi đã phải đi lại ba lần. Xin giải thích rõ hơn!"
_GROUND = Image.new("RGB", (1, 1), GROUND_COLOUR).convert("L").tobytes()[0]


class Watched(Hand):
    """The screen alone in its window, which writes down what it is told."""

    def __init__(self, display: VirtualDisplay, told: Path, touches: Path) -> None:
        super().__init__(display)
        self._touches = touches
        self._told = told

    def fingers(self, *touches: Touch) -> None:
        """More than one."""
        lay(self._touches, self.display, touches)
        wait_until_played(self._touches)
        self.display.wait_until_still()

    def told(self) -> list[str]:
        """What the screen has told, a line each."""
        return self._told.read_text().splitlines()

    def wait_for(self, line: str) -> None:
        wait_until(lambda: line in self.told(), f"{line!r} is told; so far {self.told()}", 10)


@pytest.fixture(params=[(1280, 800), (800, 1280)], ids="{0[0]}x{0[1]}".format)
def hand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watched]:
    told, touches = tmp_path / "told", tmp_path / "touches.kvi"
    with VirtualDisplay(*request.param) as display, told.open("w") as output:
        words = [sys.executable, "-m", "tests.stage.gallery", "comment", "--touches", str(touches)]
        with subprocess.Popen(words, cwd=ROOT, env=display.environment, stdout=output) as process:
            wait_until(lambda: display.pixel(1, 1) == GROUND_COLOUR, "the window shows")
            display.wait_until_still()
            yield Watched(display, told, touches)
            process.terminate()


def test_words_are_typed_with_tones_and_signs_and_sent_without_a_name(hand: Watched) -> None:
    hand.type(WORDS)
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    hand.wait_for(f"on_send {WORDS!r} None")


def test_a_key_shows_at_once_types_where_the_finger_comes_up_on_it_and_sliding_off_cancels(hand: Watched) -> None:
    hand.type("a")
    x, y = hand.key("b")
    corner = (x - 35, y - 25)
    before = hand.display.pixel(*corner)
    hand.display.press(x, y)
    wait_until(lambda: hand.display.pixel(*corner) == INK, "the key is inked")
    hand.display.release(*hand.key("m"))
    wait_until(lambda: hand.display.pixel(*corner) == before, "the key is as before")
    hand.type("c")
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    hand.wait_for("on_send 'Ac' None")


def test_a_second_finger_does_nothing_while_one_is_on_a_key_or_a_button(hand: Watched) -> None:
    a, b, c = map(hand.key, "abc")
    hand.fingers((0, DOWN, 1, a), (0.05, DOWN, 2, b), (0.1, UP, 2, b), (0.15, UP, 1, a))
    hand.fingers((0, DOWN, 1, c), (0.05, DOWN, 2, b), (0.1, UP, 1, c), (0.15, UP, 2, b))
    hand.fingers((0, DOWN, 1, a), (0.05, DOWN, 2, hand.back), (0.1, UP, 2, hand.back), (0.15, UP, 1, b))
    hand.fingers((0, DOWN, 1, hand.go_on), (0.05, DOWN, 2, b), (0.1, UP, 2, b), (0.15, UP, 1, hand.go_on))
    hand.tap(hand.send)
    hand.wait_for("on_send 'Ac' None")


def test_backspace_takes_a_whole_letter_and_shift_is_for_one(hand: Watched) -> None:
    hand.type("đế")
    hand.tap(hand.key(BACKSPACE))
    hand.tap(hand.key(SHIFT))
    hand.type("ab")
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    hand.wait_for("on_send 'ĐAb' None")


def test_without_words_there_is_nothing_to_send(hand: Watched) -> None:
    hand.tap(hand.key(SPACE))
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    hand.tap(hand.back)
    hand.wait_for("on_back")
    assert hand.told() == ["on_back"]


def test_name_and_number_go_only_with_consent_and_are_forgotten_without_it(hand: Watched) -> None:
    hand.type("tốt")
    hand.tap(hand.go_on)
    hand.tap(hand.name)  # not there before the tick
    hand.tap(hand.tick)
    hand.tap(hand.name)
    hand.type("lê an")
    hand.tap(hand.go_on)
    hand.tap(hand.phone)
    for digit in "0912":
        hand.tap(hand.key(digit, DIGITS[LETTERS]))
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    wait_until(lambda: bool(hand.told()), "it is sent")
    assert hand.told()[0].startswith("on_send 'Tốt' ContactDetails(name='Lê An', phone='0912', address='', consent='Tôi đồng ý ")
    for _ in range(2):
        hand.tap(hand.tick)
    hand.tap(hand.send)
    wait_until(lambda: len(hand.told()) == 2, "it is sent again")
    assert hand.told()[1] == "on_send 'Tốt' None"


def test_the_link_is_shown_on_seven_inches_as_a_code_whose_modules_a_telephone_can_tell_apart() -> None:
    words = [sys.executable, "-m", "tests.stage.gallery", "comment-link"]
    with VirtualDisplay(1024, 600) as display, subprocess.Popen(words, cwd=ROOT, env=display.environment) as process:
        wait_until(lambda: display.pixel(1, 1) == GROUND_COLOUR, "the window shows")
        display.wait_until_still()
        picture = display.picture().convert("L")
        process.terminate()
    expected = modules(LINK)
    side = len(expected)
    found = [one for one in range(3, 9) if (place := _code_in(picture, side * one)) and _read(picture, place, one, side) == expected]
    assert found, "at least three pixels a module"


def _code_in(picture: Image.Image, width: int) -> Spot | None:
    """Where a white line of just this width begins that lies on the ground: the upper edge of a code with its quiet zone."""
    for y in range(picture.height // 4):
        row = picture.crop((0, y, picture.width, y + 1)).tobytes()
        at = row.find(bytes([_GROUND]) + b"\xff" * width + bytes([_GROUND]))
        if at >= 0:
            return at + 1, y
    return None


def _read(picture: Image.Image, place: Spot, pixels: int, side: int) -> tuple[bytes, ...]:
    """The modules, from the middle of each."""
    x, y = (start + pixels // 2 for start in place)
    seen, steps = picture.tobytes(), range(0, side * pixels, pixels)
    return tuple(bytes(seen[(y + down) * picture.width + x + right] < 128 for right in steps) for down in steps)
