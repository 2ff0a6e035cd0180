"""What the recorder notes of each widget of a screen, and what the rules read. Lengths are pixels from the window's top left corner."""

from dataclasses import dataclass
from typing import Literal

import msgspec

Colour = tuple[int, int, int]
Touchable = Literal["", "button", "key", "answer"]


class Box(msgspec.Struct, frozen=True):
    """left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def overlap(self, other: "Box") -> float:
        """How deep the two lie in each other; 0 or less where they do not."""
        return min(
            min(self.right, other.right) - max(self.left, other.left),
            min(self.bottom, other.bottom) - max(self.top, other.top),
        )

    def within(self, area: "Box") -> "Box":
        """The part of this that lies in the area; of no size, or less, where none does."""
        return Box(max(self.left, area.left), max(self.top, area.top), min(self.right, area.right), min(self.bottom, area.bottom))

    def sticks_out_of(self, other: "Box") -> float:
        """By how much at most this reaches over an edge of the other."""
        return max(other.left - self.left, other.top - self.top, self.right - other.right, self.bottom - other.bottom)


class Seen(msgspec.Struct, frozen=True):
    """A widget. inside: the numbers of the widgets that it is in. area: what may be seen of it: the window, or a scrolled part of it.

    ink: around the letters; None where there are none. texture: width and height of the drawn text. cut: letters at the upper or lower
    edge of their texture, or words left out. line: height of a line. ink_colour: of the letters' middles. ground: all colours around
    the letters, with their numbers of pixels.
    """

    number: int
    name: str
    box: Box
    inside: list[int]
    area: Box
    scrolled: bool = False
    touchable: Touchable = ""
    text: str = ""
    ink: Box | None = None
    texture: tuple[int, int] = (0, 0)
    cut: bool = False
    line: float = 0.0
    ink_colour: Colour | None = None
    ground: list[tuple[int, Colour]] = []

    @property
    def who(self) -> str:
        return f"{self.name} {self.text[:40]!r}" if self.text else self.name


class View(msgspec.Struct, frozen=True):
    """One screen in one language. mm: pixels in a millimetre. picture: the file of its photograph."""

    screen: str
    language: str
    inches: float
    mm: float
    window: Box
    widgets: list[Seen]
    picture: str


@dataclass(frozen=True)
class Tablet:
    """A display to look at the screens on. low: the layout for children and wheelchairs."""

    width: int
    height: int
    inches: float
    low: bool = False

    def __str__(self) -> str:
        return f"{self.width}x{self.height}-{self.inches:g}in{'-low' if self.low else ''}"


TABLETS = [
    Tablet(1024, 600, 7),
    Tablet(1280, 800, 10.1),
    Tablet(800, 1280, 10.1),
    Tablet(600, 1024, 7),
    Tablet(1920, 1080, 15.6),
    Tablet(1920, 1080, 24),
    Tablet(1080, 1920, 24, low=True),
]
