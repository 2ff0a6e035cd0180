"""The way in for the technician, and the only way out: a real window, touched by a real pointer."""

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.enrolment import device_key, store_enrolment
from kiosk.roster import Roster
from sync.pins import hash_pin
from sync.wire import Enrolment, KioskConfig, Officer, Place, sha256
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import GROUND_COLOUR, INK_COLOUR, Kiosk, free_port

pytestmark = pytest.mark.endtoend

CORNER = (60, 60)  # on the officer's card
HOLD_SECONDS = 5.0
DIGITS = {"2": (949, 117), "5": (949, 307), "8": (949, 493), "0": (949, 682)}
DONE = (1147, 682)
SYNC, RESTART, LEAVE = (746, 70), (1102, 497), (836, 695)
BACK, REALLY = (100, 712), (940, 712)
RESTART_EXIT = 75


@pytest.fixture
def kiosk(display: VirtualDisplay, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Kiosk]:
    """Somebody may sign in there, and a technician may come; its server is out of reach. The parameter: whether a PIN was set."""
    kiosk = Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}", display, thanks_seconds=0.5)
    unit, counter = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 3")
    officers = [Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch", pin=hash_pin("2580"))]
    pin = hash_pin("82550") if getattr(request, "param", True) else None
    config = msgspec.json.encode(KioskConfig(unit=unit, counter=counter, officers=officers, on_duty="o-1", technician=pin))
    device_key(kiosk.data)
    Roster(kiosk.data, unit, counter).store(config)
    keys = {"signing_key": "0" * 64, "sealing_key": "0" * 64}
    store_enrolment(kiosk.data, Enrolment(device="d-1", unit=unit, counter=counter, config=sha256(config), **keys))
    with kiosk:
        yield kiosk


def hold(kiosk: Kiosk) -> None:
    """The corner is held until something else than the question is shown."""
    kiosk.display.press(*CORNER)
    wait_until(lambda: not kiosk.asks(), "another screen is shown", HOLD_SECONDS + 5)
    kiosk.display.release(*CORNER)
    kiosk.display.wait_until_still()


def open_screen(kiosk: Kiosk) -> None:
    hold(kiosk)
    for digit in "82550":
        kiosk.display.tap(*DIGITS[digit])
    kiosk.display.tap(*DONE)
    wait_until(lambda: kiosk.display.pixel(*SYNC) == INK_COLOUR, "the technician's screen is shown", 60)
    kiosk.display.wait_until_still()


def test_only_who_holds_the_corner_for_five_seconds_and_knows_the_pin_gets_out_and_is_asked_whether_really(kiosk: Kiosk) -> None:
    display = kiosk.display
    display.press(*CORNER)
    time.sleep(HOLD_SECONDS - 1)
    assert kiosk.asks(), "neither the technician nor, although the card is held, an officer is asked for a PIN"
    display.release(*CORNER)
    display.press(*CORNER)
    display.release(640, 300)
    time.sleep(HOLD_SECONDS - 1)
    assert kiosk.asks()
    kiosk.vote(satisfied=True)
    kiosk.wait_for_question()
    open_screen(kiosk)
    display.tap(*LEAVE)
    wait_until(lambda: display.pixel(*BACK) == INK_COLOUR, "it asks whether really to leave", 60)
    assert kiosk.runs
    display.tap(*REALLY)
    wait_until(lambda: not kiosk.runs, "the kiosk ends", 60)
    assert kiosk.stop() == 0
    assert kiosk.votes_on_disk() == 1


def test_a_restart_ends_it_with_the_code_by_which_a_supervisor_starts_it_again(kiosk: Kiosk) -> None:
    open_screen(kiosk)
    kiosk.display.tap(*RESTART)
    wait_until(lambda: not kiosk.runs, "the kiosk ends", 60)
    assert kiosk.stop() == RESTART_EXIT


@pytest.mark.parametrize("kiosk", [False], indirect=True)
def test_where_no_pin_was_set_the_screen_does_not_open_and_the_way_back_leads_to_the_question(kiosk: Kiosk) -> None:
    hold(kiosk)
    assert kiosk.display.pixel(*DIGITS["5"]) == GROUND_COLOUR, "there is no pad"
    kiosk.display.tap(*BACK)
    kiosk.vote(satisfied=True)
