"""A loudspeaker that writes: SDL's disk driver, and what was played by it."""

from array import array
from collections.abc import Mapping
from pathlib import Path

RATE = 22050
PAUSE = round(0.05 * RATE)  # as silent for so long, one sound has ended


def into(file: Path) -> Mapping[str, str]:
    """What a program's environment needs, to play into a file."""
    return {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(file)}


def played(file: Path) -> list[bytes]:
    """The sounds in the file: samples of 16 bit, without the silence between them."""
    data = file.read_bytes() if file.exists() else b""
    samples = array("h", data[: len(data) // 2 * 2])
    loud = [at for at, value in enumerate(samples) if value]
    sounds: list[tuple[int, int]] = []
    for at in loud:
        if sounds and at - sounds[-1][1] < PAUSE:
            sounds[-1] = (sounds[-1][0], at)
        else:
            sounds.append((at, at))
    return [samples[first : last + 1].tobytes() for first, last in sounds]
