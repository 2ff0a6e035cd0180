"""Training in the real window: it looks and answers as ever, and nothing of it is on disk."""

from pathlib import Path

import pytest

from tests.endtoend.journal import said
from tests.stage.display import wait_until
from tests.stage.programs import SATISFIED_COLOUR, Kiosk

pytestmark = pytest.mark.endtoend

WRITE, KEY_H, GO_ON, SEND = (500, 700), (660, 410), (1020, 100), (850, 700)  # on a display of 1280 × 800


def kept(data: Path) -> dict[str, bytes]:
    """Every file of ledger, journal and sealed comments, with what is in it."""
    files = [*data.glob("ledger.db*"), *data.glob("journal/**/*"), *data.glob("sealed/**/*")]
    return {str(file.relative_to(data)): file.read_bytes() for file in files if file.is_file() and not file.name.endswith("-shm")}


def asks(kiosk: Kiosk) -> bool:
    return kiosk.display.pixel(*kiosk.forehead) == SATISFIED_COLOUR


def test_nothing_of_training_is_on_disk_and_it_is_over_with_the_next_start(enrolled: Kiosk) -> None:
    kiosk = enrolled
    kiosk._words.append("--training")
    kiosk.start_blindly()
    wait_until(lambda: kiosk.display.pixel(2, 2) == (122, 46, 93), "it says that this is training")
    wait_until(lambda: asks(kiosk), "it asks")
    before = kept(kiosk.data)
    for answer in (kiosk.satisfied, kiosk.dissatisfied):
        kiosk.display.tap(*answer)
        wait_until(lambda: kiosk.asks_why(), "the answer is taken")
        kiosk.display.tap(190, 420)
        kiosk.display.tap(*WRITE)
        wait_until(lambda: not kiosk.asks_why(), "the keyboard is shown")
        kiosk.display.wait_until_still()
        for place in (KEY_H, GO_ON, SEND):
            kiosk.display.tap(*place)
            kiosk.display.wait_until_still()
        kiosk.display.tap(640, 700)
        wait_until(lambda: asks(kiosk), "it asks the next citizen")
    assert kept(kiosk.data) == before
    kiosk.stop()
    kiosk._words.remove("--training")
    kiosk.start()
    kiosk.vote(satisfied=True)
    assert len(said(kiosk, "vote")) == 1
    assert said(kiosk, "comment") == said(kiosk, "reasons") == []
