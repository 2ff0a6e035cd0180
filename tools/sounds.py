"""Makes what the kiosk plays: `python -m tools.sounds tones` (kept in the repository) and `speech` (made for a bundle, with espeak-ng).

The tones are soft bars struck once: a fundamental and two overtones that die away sooner. They stay between 400 and 1600 Hz, because
hearing goes first above 2 kHz with age (ISO 7029).
"""

import argparse
import subprocess
import wave
from array import array
from collections.abc import Sequence
from math import cos, exp, pi, sin
from pathlib import Path

from kiosk.sounds import SOUNDS
from kiosk.texts import LANGUAGES, translator
from sync.choices import DEFAULT_SENTENCES

RATE = 22050
ATTACK_SECONDS, RELEASE_SECONDS = 0.006, 0.03
OVERTONES = ((1.0, 1.0, 1.0), (2.0, 0.22, 1.9), (3.93, 0.09, 4.0))  # times the fundamental, how loud, how much faster it dies away
Note = tuple[float, float, float, float]  # Hz, begins at, seconds until a third is left, loudness

TONES: dict[str, tuple[float, Sequence[Note]]] = {  # seconds, and what is struck
    "touch": (0.16, [(523.25, 0.0, 0.045, 0.5)]),
    "thanks": (1.3, [(392.0, 0.0, 0.3, 0.34), (523.25, 0.16, 0.32, 0.34), (659.25, 0.32, 0.36, 0.3)]),
}


def tone(seconds: float, notes: Sequence[Note]) -> "array[int]":
    """Samples of 16 bit at RATE."""
    length = round(seconds * RATE)
    mixed = [0.0] * length
    for pitch, begins, decay, loud in notes:
        first = round(begins * RATE)
        for at in range(first, length):
            since = (at - first) / RATE
            rise = 0.5 - 0.5 * cos(pi * min(1.0, since / ATTACK_SECONDS))
            strike = sum(part * exp(-since * faster / decay) * sin(2 * pi * pitch * times * since) for times, part, faster in OVERTONES)
            mixed[at] += loud * rise * strike
    fall = [min(1.0, (length - 1 - at) / RATE / RELEASE_SECONDS) for at in range(length)]
    return array("h", (round(32767 * value * down) for value, down in zip(mixed, fall, strict=True)))


def write_tones(folder: Path) -> None:
    """touch.wav and thanks.wav, always the same bytes."""
    for name, (seconds, notes) in TONES.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(tone(seconds, notes).tobytes())


def write_speech(folder: Path) -> None:
    """question.LANGUAGE.wav for each language that espeak-ng speaks. Raises OSError where there is no espeak-ng."""
    spoken = subprocess.run(["espeak-ng", "--voices"], capture_output=True, text=True, check=True).stdout
    voices = {line.split()[1] for line in spoken.splitlines()[1:]} | {"en"}
    for language in LANGUAGES:
        if language in voices:
            words = ["espeak-ng", "-v", language, "-s", "135", "-a", "75", "-w", str(folder / f"question.{language}.wav")]
            subprocess.run([*words, "--", translator(language)(DEFAULT_SENTENCES["question"])], check=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("what", choices=["tones", "speech"])
    arguments.add_argument("--folder", type=Path, default=SOUNDS)
    given = arguments.parse_args()
    {"tones": write_tones, "speech": write_speech}[given.what](given.folder)
