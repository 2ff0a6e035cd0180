"""The loop whole: from a citizen's words on the kiosk to the outcome on the public board, and then to nothing. All of it is real."""

from pathlib import Path

import pytest

from kiosk.ui.widgets.key_rows import DIGITS, LETTERS
from sync.reference import reference
from tests.endtoend.journal import said
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.hand import Hand
from tests.stage.programs import Kiosk, Server

pytestmark = [pytest.mark.endtoend, pytest.mark.xdist_group("loop")]

WORDS, NAME, PHONE = "Chờ rất lâu", "Lê An", "0912345678"
WAITING, WRITE, AFTER = (190, 560), (500, 700), (640, 700)  # places on a display of 1280 × 800
KEYBOARD = (660, 410)
WHITE = (255, 255, 255)


def complain(kiosk: Kiosk) -> str:
    """One citizen: is not satisfied, says why, writes, and leaves name and number; the reference number that they get."""
    kiosk.answer(satisfied=False)
    kiosk.display.tap(*WAITING)
    kiosk.display.tap(*WRITE)
    wait_until(lambda: kiosk.display.pixel(*KEYBOARD) == WHITE, "the keyboard is shown")
    hand = Hand(kiosk.display)
    hand.type(WORDS)
    hand.tap(hand.go_on)
    hand.tap(hand.tick)
    hand.tap(hand.name)
    hand.type(NAME.lower())
    hand.tap(hand.go_on)
    hand.tap(hand.phone)
    for digit in PHONE:
        hand.tap(hand.key(digit, DIGITS[LETTERS]))
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    wait_until(lambda: bool(said(kiosk, "comment")), "the comment is in the journal")
    kiosk.display.wait_until_still()
    kiosk.display.picture().save("/tmp/lab/number.png")
    kiosk.display.tap(*AFTER)
    kiosk.wait_for_question()
    [comment] = said(kiosk, "comment")
    return reference(comment["sealed"])


def test_x(tmp_path: Path, display: VirtualDisplay) -> None:
    with Server(tmp_path / "server") as server:
        demo = server.demo()
        kiosk = Kiosk(tmp_path / "kiosk", server.address, display, thanks_seconds=0.1)
        kiosk.enrol(demo.counter("Quầy 3")["code"])
        with kiosk:
            number = complain(kiosk)
            print(number)
            wait_until(lambda: server.rows("select count(*) from comments_sealedcomment") == [(1,)], "it comes", 60)
        print(
            server.command(
                "shell",
                "--no-imports",
                "-c",
                "from server.comments.models import SealedComment as S; from server.comments.opening import open_sealed; print(open_sealed(S.objects.get().sha256))",
            )
        )
        print(server.rows("select * from intake_reasons"))
