"""What the kiosk plays, as SDL hands it to a loudspeaker."""

import shutil
import time
import wave
from pathlib import Path

import pytest

from kiosk.sounds import SOUNDS
from tests.stage import loudspeaker
from tests.stage.programs import Kiosk

pytestmark = pytest.mark.endtoend

SPEAK = (1172, 240)  # on a display of 1280 × 800
LONGER_THAN_A_TOUCH, LONGER_THAN_THE_THANKS = 0.5, 1.8


def start(kiosk: Kiosk, settings: str = "", **environment: str) -> None:
    """Start it with these settings."""
    kiosk.settings.write_text(kiosk.settings.read_text() + settings)
    kiosk._environment.update(environment)
    kiosk.start()
    time.sleep(LONGER_THAN_A_TOUCH)


def samples(file: Path) -> bytes:
    with wave.open(str(file)) as opened:
        return bytes(opened.readframes(opened.getnframes()))


def test_either_answer_sounds_the_same(enrolled: Kiosk, tmp_path: Path) -> None:
    file = tmp_path / "played"
    start(enrolled, "volume = 100\n", **loudspeaker.into(file))
    for satisfied in (True, False):
        enrolled.answer(satisfied=satisfied)
        time.sleep(LONGER_THAN_A_TOUCH)
        enrolled.display.press(*enrolled.done)
        time.sleep(LONGER_THAN_A_TOUCH)
        enrolled.display.release(*enrolled.done)
        enrolled.wait_for_question()
        time.sleep(LONGER_THAN_THE_THANKS)
    enrolled.stop()
    touch, thanks = (samples(SOUNDS / name).strip(b"\0") for name in ("touch.wav", "thanks.wav"))
    assert [sound.strip(b"\0") for sound in loudspeaker.played(file)] == [touch, touch, thanks] * 2


def test_the_question_is_said_where_a_citizen_touches_the_loudspeaker(enrolled: Kiosk, tmp_path: Path) -> None:
    file, recorded = tmp_path / "played", tmp_path / "recorded"
    recorded.mkdir()
    shutil.copy(SOUNDS / "thanks.wav", recorded / "question.vi.wav")
    start(enrolled, f'volume = 100\nspoken_question = true\nsounds = "{recorded}"\n', **loudspeaker.into(file))
    enrolled.display.tap(*SPEAK)
    time.sleep(LONGER_THAN_THE_THANKS)
    enrolled.stop()
    assert [sound.strip(b"\0") for sound in loudspeaker.played(file)] == [samples(SOUNDS / "thanks.wav").strip(b"\0")]
    assert enrolled.votes_on_disk() == 0


def test_without_a_loudspeaker_all_else_is_as_ever_and_one_line_says_so(enrolled: Kiosk) -> None:
    start(enrolled, SDL_AUDIODRIVER="nonexistent")
    enrolled.vote(satisfied=True)
    enrolled.vote(satisfied=False)
    assert enrolled.votes_on_disk() == 2
    assert enrolled.log.read_text().count("no loudspeaker, so no sounds: Audio target 'nonexistent' not available") == 1
