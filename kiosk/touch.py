"""What a finger can be on during a visit."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import NamedTuple

from kiosk.vote import Rating


class Control(Enum):
    """What can be touched beside answers and reasons: the other language, the officer's card (which is held), the loudspeaker that asks
    the question aloud, “Xem thêm” (further reasons), “Viết góp ý”, “Bấm nhầm?”, “Xong”.
    """

    LANGUAGE = auto()
    OFFICER = auto()
    MORE = auto()
    QUESTION = auto()
    WRITE = auto()
    MISTAKEN = auto()
    DONE = auto()


class Chip(NamedTuple):
    """A reason that can be touched, by its id."""

    reason: str


Target = Rating | Control | Chip


Place = tuple[float, float]  # on the screen, in pixels of a display of 1280 × 800
FAR: Place = (-inf, -inf)


@dataclass(frozen=True)
class Press:
    """The finger that is down, what is under it, and where it came down."""

    touch: Hashable
    target: Target
    place: Place = FAR
