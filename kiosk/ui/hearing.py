"""Joins what is heard of a visit to the loudspeaker."""

from collections.abc import Mapping
from pathlib import Path

from kiosk.sounds import Files, Heard, Sound
from kiosk.ui.speaker import Speaker
from kiosk.visit import Visit


class Hearing:
    """Plays what the visit makes heard. files: which they are."""

    def __init__(self, visit: Visit, files: Files) -> None:
        self._visit = visit
        self._files = files
        self._questions: Mapping[str, Path | None] = {}
        self._speaker = Speaker()
        self._heard = Heard(visit, self.play)
        self.look = self._heard.look
        self.start = lambda: self._speaker.start(*map(files.tone, (Sound.TOUCH, Sound.THANKS)))
        self.close = self._speaker.close

    def say(self, volume: int, questions: Mapping[str, Path | None]) -> None:
        """volume: 0 to 100. questions: which file asks the question in a language, if any does. May be called from any thread."""
        self._speaker.volume = volume
        self._questions = questions

    def play(self, sound: Sound) -> None:
        """Play it soon."""
        file = self._questions.get(self._visit.language) if sound is Sound.QUESTION else self._files.tone(sound)
        if file is not None:
            self._speaker.play(file, sound.loudness)
