"""The sign-in screen in a real window, touched by a real pointer."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from kiosk.enrolment import device_key, store_enrolment
from kiosk.roster import Roster
from sync.pins import hash_pin
from sync.wire import Enrolment, KioskConfig, Officer, Place, sha256
from tests.endtoend.journal import said as written
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Kiosk, free_port

pytestmark = pytest.mark.endtoend

CARD = (300, 100)
NAME, LEAVE, SIGN_OUT, MORE = (210, 255), (210, 682), (640, 682), (1070, 682)
DELETE, ZERO, DONE = (752, 682), (949, 682), (1147, 682)
DIGITS = {"1": (752, 117), "2": (949, 117), "3": (1147, 117), "0": ZERO, "5": (949, 307), "8": (949, 493)}


@contextmanager
def shown(words: str, said: Path) -> Iterator[VirtualDisplay]:
    """A window, by the words after `python -m`."""
    with VirtualDisplay() as display, said.open("w") as output:
        window = subprocess.Popen([sys.executable, "-m", *words.split()], cwd=ROOT, env=display.environment, stdout=output)
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
    with shown("tests.stage.gallery sign-in", said) as display:
        display.tap(*NAME)
        heard(said, "on_choose o-1")
        display.wait_until_still()
        for place in (DIGITS["2"], DIGITS["5"], DIGITS["5"], DELETE, DONE, DIGITS["8"], ZERO, DONE):
            display.tap(*place)
        heard(said, "on_pin o-1 2580")
        assert said.read_text().count("on_pin") == 1, "fewer than four digits are no PIN"


def test_signing_out_and_leaving_are_told_and_a_finger_that_slid_off_is_not(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with shown("tests.stage.gallery sign-in", said) as display:
        display.press(*LEAVE)
        display.release(*MORE)
        display.tap(*SIGN_OUT)
        heard(said, "on_sign_out")
        assert "on_leave" not in said.read_text()
        display.tap(*LEAVE)
        heard(said, "on_leave")


def test_more_names_than_fit_have_further_pages(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with shown("tests.stage.gallery sign-in", said) as display:
        display.tap(*MORE)
        display.wait_until_still()
        display.tap(*NAME)
        heard(said, "on_choose o-7")


def test_what_is_answered_to_a_pin_is_told_in_words_and_a_right_one_leads_back(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with shown("tests.endtoend.signing_window", said) as display:
        display.tap(*NAME)
        display.wait_until_still()
        for pin, told in {
            "1111": "message Mã PIN chưa đúng. Còn 1 lần thử.",
            "2222": "message Đã thử sai nhiều lần. Xin chờ 2 phút rồi thử lại.",
            "3333": "message Cán bộ này không còn đăng nhập được tại quầy. Xin liên hệ quản trị viên.",
            "1230": "message Máy chưa ghi được. Xin thử lại, hoặc báo cho kỹ thuật viên.",
            "0000": "on_leave",
        }.items():
            for digit in pin:
                display.tap(*DIGITS[digit])
            display.tap(*DONE)
            heard(said, told)


def test_who_holds_the_card_and_knows_a_pin_is_on_duty_for_the_votes_that_follow(display: VirtualDisplay, tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}", display, thanks_seconds=0.5)
    unit, counter = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 3")
    officers = [Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch", pin=hash_pin("2580"))]
    config = msgspec.json.encode(KioskConfig(unit=unit, counter=counter, officers=officers, on_duty=None))
    device_key(kiosk.data)
    Roster(kiosk.data, unit, counter).store(config)
    keys = {"signing_key": "0" * 64, "sealing_key": "0" * 64}
    store_enrolment(kiosk.data, Enrolment(device="d-1", unit=unit, counter=counter, config=sha256(config), **keys))
    with kiosk:
        kiosk.vote(satisfied=True)
        kiosk.wait_for_question()
        display.press(*CARD)
        wait_until(lambda: not kiosk.asks(), "the names are shown", 10)
        display.release(*CARD)
        display.wait_until_still()
        display.tap(*NAME)
        display.wait_until_still()
        for place in (DIGITS["2"], DIGITS["5"], DIGITS["8"], ZERO, DONE):
            display.tap(*place)
        kiosk.vote(satisfied=True)
        assert [duty["officer"] for duty in written(kiosk, "duty")] == ["o-1"]
        assert [vote["officer"] for vote in written(kiosk, "vote")] == [None, "o-1"]
