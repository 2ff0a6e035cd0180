"""Fingers that rest where the screen goes away under them."""

from pathlib import Path

import pytest

from sync.wire import KioskConfig, Place
from tests.endtoend.conftest import SEALING
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.pointer import Pointer
from tests.stage.touches import DOWN, UP, lay, wait_until_played
from tests.stage.watched import WatchedKiosk

pytestmark = pytest.mark.endtoend

CONFIG = KioskConfig(unit=Place("u-1", "Phường Thái Hòa"), counter=Place("c-1", "Quầy 3"), officers=[], on_duty=None)
LONGER_THAN_A_TURN = 3.0


def test_a_finger_that_rests_on_a_key_when_the_turn_ends_does_not_keep_the_next_citizen_from_writing(
    display: VirtualDisplay, tmp_path: Path
) -> None:
    with WatchedKiosk(tmp_path, display, CONFIG, SEALING.public_key.encode().hex(), "--hurried") as kiosk, Pointer(display.name) as pointer:

        def tap(name: str) -> None:
            pointer.move(*kiosk.spot(name))
            pointer.down()
            pointer.up()

        tap("satisfied")
        tap("write")
        key = kiosk.spot("a")
        lay(kiosk.touches, display, [(0, DOWN, 1, key), (LONGER_THAN_A_TURN, UP, 1, key)])
        kiosk.spot("satisfied")
        wait_until_played(kiosk.touches)
        for name in ("satisfied", "write", "b", "c", "Tiếp tục", "Gửi góp ý", "done"):
            tap(name)
        wait_until(lambda: len(list(kiosk.data.glob("sealed/*"))) == 1, "the comment is kept", 20)
