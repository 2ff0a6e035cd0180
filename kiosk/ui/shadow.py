"""A soft shadow as one small picture, stretched between its corners, and only around the shape: Kivy's own BoxShadow, which paints
behind the whole shape too, costs 4 ms a card without a GPU.
"""

from functools import lru_cache
from math import hypot

from kivy.graphics.texture import Texture

from kiosk.ui.nine import mirrored, vertices

REACH = 28
RADIUS = 36
BORDER = REACH + RADIUS + 1
SIDE = 2 * BORDER + 2


@lru_cache(maxsize=1)
def shadow_texture() -> Texture:
    """SIDE × SIDE pixels of white whose alpha is the shadow of a rounded square that ends REACH before the edges.

    The corners, BORDER wide, hold the whole curve, so a shadow of any size may be drawn from it.
    """
    return mirrored(SIDE, lambda x, y: bytes((255, 255, 255, round(255 * _density(x, y)))))


def frame(x: float, y: float, width: float, height: float, unit: float) -> list[float]:
    """The vertices of a shadow around a rectangle in pixels, for a Mesh with the indices `nine.FRAME`."""
    reach = REACH * unit
    return vertices(x - reach, y - reach, width + 2 * reach, height + 2 * reach, BORDER * unit, BORDER / SIDE)


def _density(x: float, y: float) -> float:
    """1 deep inside the shape, 0 REACH outside, smooth between (a cubic step over the distance to the edge)."""
    across, along = REACH + RADIUS - x, REACH + RADIUS - y
    distance = hypot(max(across, 0), max(along, 0)) + min(max(across, along), 0) - RADIUS
    t = min(max((REACH - distance) / (2 * REACH), 0), 1)
    return t * t * (3 - 2 * t)
