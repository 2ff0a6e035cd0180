"""What is heard, and from which file."""

import shutil
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kiosk.sounds import SOUNDS, Files, Heard, Sound
from kiosk.touch import Chip, Control, Target
from kiosk.visit import Pace, Screen, Visit
from kiosk.vote import Rating
from tools.sounds import write_speech, write_tones


class Kept:
    """Keeps everything at once."""

    def vote(self, rating: Rating) -> "Future[UUID]":
        return self._done(UUID(int=1))

    def change(self, *_: object) -> "Future[None]":
        return self._done(None)

    def reasons(self, *_: object) -> "Future[None]":
        return self._done(None)

    def comment(self, *_: object) -> "Future[str]":
        return self._done("AB12-CD34")

    def link(self, *_: object) -> "Future[str]":
        return self._done("")

    def _done(self, result: object) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(result)
        return future


class Room:
    """A visit, and what is heard of it."""

    def __init__(self) -> None:
        self.visit = Visit(Kept(), ["vi", "en"], Pace())
        self.heard: list[Sound] = []
        self._heard = Heard(self.visit, self.heard.append)
        self._now = 0.0

    def tap(self, target: Target | None) -> None:
        self.pass_by(1)
        self.visit.touch_down("finger", target)
        self._heard.look()
        self.visit.touch_up("finger", target)
        self.pass_by(0)

    def pass_by(self, seconds: float) -> None:
        self._now += seconds
        self.visit.tick(self._now)
        self._heard.look()


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.mark.parametrize("rating", Rating)
def test_the_same_is_heard_of_a_turn_after_either_answer(room: Room, rating: Rating) -> None:
    room.tap(rating)
    room.tap(Chip("late"))
    room.tap(Control.DONE)
    room.pass_by(1)
    assert room.heard == [Sound.TOUCH, Sound.TOUCH, Sound.TOUCH, Sound.THANKS]


def test_a_finger_beside_everything_is_not_heard_nor_one_that_cannot_act(room: Room) -> None:
    room.tap(None)
    room.tap(Control.DONE)
    assert room.heard == []


def test_an_officer_who_holds_the_card_is_not_heard(room: Room) -> None:
    room.tap(Control.OFFICER)
    assert room.heard == []


def test_the_question_is_said_instead_of_the_tone_and_nothing_else_happens(room: Room) -> None:
    room.tap(Control.QUESTION)
    assert room.heard == [Sound.QUESTION]
    assert room.visit.screen is Screen.ASK
    room.tap(Rating.SATISFIED)
    room.tap(Control.QUESTION)
    assert room.heard == [Sound.QUESTION, Sound.TOUCH]


def test_thanks_are_heard_once_also_when_the_turn_ends_by_itself(room: Room) -> None:
    room.tap(Rating.DISSATISFIED)
    for _ in range(24):
        room.pass_by(1)
    assert room.heard == [Sound.TOUCH, Sound.THANKS]


def test_recordings_of_the_technician_come_first_and_any_may_be_missing(tmp_path: Path) -> None:
    shutil.copy(SOUNDS / "touch.wav", tmp_path / "thanks.wav")
    files = Files(tmp_path)
    assert files.tone(Sound.THANKS) == tmp_path / "thanks.wav"
    assert files.tone(Sound.TOUCH) == files.tone(Sound.KEY) == SOUNDS / "touch.wav"


def test_a_question_that_the_unit_words_itself_is_said_only_by_a_recording(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.question("vi", our_words=False) is None
    shutil.copy(SOUNDS / "touch.wav", tmp_path / "question.vi.wav")
    assert files.question("vi", our_words=False) == tmp_path / "question.vi.wav"
    assert files.question("en", our_words=False) is None


def test_the_tones_that_we_bring_are_those_of_the_tool(tmp_path: Path) -> None:
    write_tones(tmp_path)
    for name in ("touch.wav", "thanks.wav"):
        assert (tmp_path / name).read_bytes() == (SOUNDS / name).read_bytes()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed: only a bundle needs it")
def test_a_bundle_says_the_question_in_vietnamese_and_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_speech(tmp_path)
    monkeypatch.setattr("kiosk.sounds.SOUNDS", tmp_path)
    for language in ("vi", "en"):
        said = Files().question(language, our_words=True)
        assert said is not None
        assert said.stat().st_size > 22050 * 2
