"""A rectangle with round corners, with or without a line around it: nine parts of one small picture, each pixel of it counted out once.
Kivy's own smooth shapes are fans of slivers, which take three times as long where there is no GPU.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from math import ceil, hypot

from kivy.graphics import Color, InstructionGroup, Mesh
from kivy.graphics.texture import Texture

from kiosk.ui.nine import FRAME, WHOLE, mirrored, vertices
from kiosk.ui.theme import Colour

NOTHING = (0.0, 0.0, 0.0, 0.0)

Look = tuple[float, Colour, Colour, float]


class Panel(InstructionGroup):
    """An instruction for kv and for Python. pos, size: in pixels, taken as whole ones. look: radius of the corners, colour inside, colour
    of the line, width of the line.
    """

    def __init__(
        self,
        pos: Sequence[float] = (0, 0),
        size: Sequence[float] = (0, 0),
        look: Look = (0, NOTHING, NOTHING, 0),
        **options: object,
    ) -> None:
        super().__init__(**options)
        self._pos, self._size = pos, size
        self._mesh = Mesh(mode="triangles", noadd=True)
        self.add(Color(1, 1, 1, 1, noadd=True))
        self.add(self._mesh)
        self.look = look

    @property
    def pos(self) -> Sequence[float]:
        return self._pos

    @pos.setter
    def pos(self, pos: Sequence[float]) -> None:
        self._pos = pos
        self._place()

    @property
    def size(self) -> Sequence[float]:
        return self._size

    @size.setter
    def size(self, size: Sequence[float]) -> None:
        self._size = size
        self._place()

    @property
    def look(self) -> Look:
        return self._look

    @look.setter
    def look(self, look: Look) -> None:
        self._look = look
        radius, inside, line, edge = look
        self._mesh.texture = _picture(round(radius, 1), tuple(inside), tuple(line), round(edge, 1))
        self._mesh.indices = WHOLE if inside[3] else FRAME
        self._place()

    def _place(self) -> None:
        left, bottom = round(self._pos[0]), round(self._pos[1])
        width, height = round(self._pos[0] + self._size[0]) - left, round(self._pos[1] + self._size[1]) - bottom
        side = self._mesh.texture.width
        border = side // 2 - 1
        self._mesh.vertices = vertices(left, bottom, width, height, min(border, width / 2, height / 2), border / side)


@lru_cache(maxsize=64)
def _picture(radius: float, inside: Colour, line: Colour, edge: float) -> Texture:
    """The smallest rectangle of this look: four corners, and two pixels between them. Not in the display's order of colours: Mesa 22.3
    leaves out whole tiles where it stretches such a picture quickly.
    """
    border = max(1, ceil(max(radius, edge)))
    shade = cache(lambda deep: _shade(deep, inside, line, edge))  # most pixels are as deep as others
    texture = mirrored(2 * border + 2, lambda x, y: shade(min(max(_depth(radius, x, y), -0.5), edge + 0.5)))
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


def _depth(radius: float, x: float, y: float) -> float:
    """How far within the shape a point is, which is so far from the left and the lower side."""
    return radius - hypot(radius - x, radius - y) if max(x, y) < radius else min(x, y)


def _shade(deep: float, inside: Colour, line: Colour, edge: float) -> bytes:
    """Red, green, blue and opacity of the pixel whose middle is so deep."""
    covered = min(max(deep + 0.5, 0.0), 1.0)
    drawn = min(max(edge - deep + 0.5, 0.0), 1.0) * line[3] if edge else 0.0
    opacity = drawn + (1 - drawn) * inside[3]
    mixed = [
        (drawn * on + (1 - drawn) * inside[3] * under) / opacity if opacity else 0.0 for on, under in zip(line[:3], inside[:3], strict=True)
    ]
    return bytes(round(255 * value) for value in (*mixed, opacity * covered))
