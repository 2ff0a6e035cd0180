"""What is heard during a visit, and from which file. Nothing here plays it: `kiosk.ui.speaker` does."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from kiosk.texts import ASSETS
from kiosk.touch import Control, Press
from kiosk.visit import Screen, Visit

SOUNDS = ASSETS / "sound"


class Sound(Enum):
    """TOUCH: a finger went down on something, whatever it is. KEY: on a key, softer, for there come many. THANKS: the turn is over.
    QUESTION: the question is asked aloud. loudness: 0 to 1, of the volume that is set.
    """

    TOUCH = ("touch", 1.0)
    KEY = ("touch", 0.35)
    THANKS = ("thanks", 1.0)
    QUESTION = ("question", 1.0)

    @property
    def loudness(self) -> float:
        return self.value[1]


class Files:
    """recorded: a folder of the technician's, whose touch.wav, thanks.wav and question.LANGUAGE.wav come before those we bring."""

    def __init__(self, recorded: Path | None = None) -> None:
        self._recorded = recorded

    def tone(self, sound: Sound) -> Path:
        """The file of a tone."""
        name = f"{sound.value[0]}.wav"
        return self._of_the_technician(name) or SOUNDS / name

    def question(self, language: str, *, our_words: bool) -> Path | None:
        """The file that asks the question in a language, or None. our_words: whether it is shown as we word it, for our file says that."""
        name = f"question.{language}.wav"
        if recorded := self._of_the_technician(name):
            return recorded
        ours = SOUNDS / name
        return ours if our_words and ours.is_file() else None

    def _of_the_technician(self, name: str) -> Path | None:
        file = self._recorded / name if self._recorded else None
        return file if file and file.is_file() else None


class Heard:
    """Tells by the visit what is to be heard: never which answer was given. play: is called with it, and must return at once."""

    def __init__(self, visit: Visit, play: Callable[[Sound], None]) -> None:
        self._visit = visit
        self._play = play
        self._press: Press | None = None
        self._screen = visit.screen

    def look(self) -> None:
        """To be called whenever the visit may have moved on."""
        visit, press, screen = self._visit, self._press, self._screen
        self._press, self._screen = visit.press, visit.screen
        if visit.press is not None and visit.press is not press and visit.press.target is not Control.OFFICER:
            self._play(Sound.QUESTION if visit.press.target is Control.QUESTION else Sound.TOUCH)
        if visit.screen is Screen.THANKS and screen is not Screen.THANKS:
            self._play(Sound.THANKS)
