"""How a key looks: its letter, its sign, or its tone on a dotted circle with the tone's name."""

from functools import lru_cache
from math import cos, pi, sin

from kivy.core.text import Label
from kivy.graphics import Canvas, Color, Rectangle, SmoothEllipse, SmoothLine
from kivy.graphics.texture import Texture

from kiosk.typing import ACUTE, DOT, GRAVE, HOOK, TILDE, TONES
from kiosk.ui import theme
from kiosk.ui.panel import Panel
from kiosk.ui.widgets.key_rows import BACKSPACE, LETTERS, SHIFT, SPACE, SYMBOLS, Place
from kiosk.ui.widgets.still import painted

Stroke = list[tuple[float, float]]

TONE_NAMES = {GRAVE: "huyền", ACUTE: "sắc", HOOK: "hỏi", TILDE: "ngã", DOT: "nặng"}
_TONE_STROKES: dict[str, Stroke] = {  # above a circle of radius 1 around (0, 0)
    GRAVE: [(-0.55, 1.95), (0.2, 1.35)],
    ACUTE: [(0.55, 1.95), (-0.2, 1.35)],
    HOOK: [(-0.3, 2.1), (0.05, 2.25), (0.35, 2.05), (0.3, 1.8), (0.05, 1.65), (0.05, 1.4)],
    TILDE: [(-0.6, 1.5), (-0.4, 1.8), (-0.1, 1.8), (0.15, 1.6), (0.4, 1.6), (0.6, 1.9)],
}
_BACKSPACE_STROKES: list[Stroke] = [
    [(-1.5, 0), (-0.7, 0.9), (1.5, 0.9), (1.5, -0.9), (-0.7, -0.9), (-1.5, 0)],
    [(0, 0.4), (0.8, -0.4)],
    [(0, -0.4), (0.8, 0.4)],
]
_SHIFT_STROKES: list[Stroke] = [
    [(0, 1.1), (-1.1, 0), (-0.5, 0), (-0.5, -0.95), (0.5, -0.95), (0.5, 0), (1.1, 0), (0, 1.1)],
]
_QUIET = frozenset({BACKSPACE, SHIFT, SYMBOLS, LETTERS, *TONES})
GAP, RADIUS, EDGE = 7, 14, 3
PAGES_KEPT = 16


@lru_cache(maxsize=PAGES_KEPT)
def painted_page(places: tuple[Place, ...], size: tuple[int, int], unit: float, capital: bool) -> Texture:
    """The picture of a page of keys, painted once for all keyboards of a size, in whatever language: nothing stands on the space bar.
    unit: the theme's. capital: as large letters.
    """
    keys = Canvas()
    with keys:
        for place in places:
            draw_key(place, capital, "", inked=capital and place.value == SHIFT)
    return painted(keys, size, theme.GROUND)


def draw_key(place: Place, capital: bool, space: str, inked: bool) -> None:
    """Add one key to the canvas that is open. space: what stands on the space bar. inked: white on ink, as while a finger rests on it."""
    unit = theme.theme.unit
    gap = GAP * unit
    x, y, width, height = place.x + gap / 2, place.y + gap / 2, place.width - gap, place.height - gap
    radius = min(RADIUS * unit, height / 4)
    ground = theme.INK if inked else theme.KEY_EDGE
    Panel((x, y), (width, height), (radius, ground, ground, 0))
    if not inked:
        edge, foot = max(1, unit), EDGE * unit
        face = theme.SELECTED if place.value in _QUIET else theme.SURFACE
        Panel((x + edge, y + foot), (width - 2 * edge, height - edge - foot), (radius, face, face, 0))
    draw_sign(place, capital, space, inked)


def draw_sign(place: Place, capital: bool, space: str, inked: bool) -> None:
    """Add what stands on a key, without the key."""
    unit, value = theme.theme.unit, place.value
    middle = (place.x + place.width / 2, place.y + place.height / 2 + EDGE * unit / 2)
    height = place.height - GAP * unit
    Color(rgba=theme.SURFACE if inked else theme.INK)
    if value in TONE_NAMES:
        _draw_tone(value, middle, height)
    elif value in (BACKSPACE, SHIFT):
        scale = 17 * unit
        for stroke in _BACKSPACE_STROKES if value == BACKSPACE else _SHIFT_STROKES:
            _draw_stroke(stroke, middle, scale, 2.2 * unit)
    elif value in (SPACE, SYMBOLS, LETTERS):
        words = {SPACE: space, SYMBOLS: "123 !", LETTERS: "a ă â"}[value]
        _draw_words(words, "semibold", 30 * unit, middle)
    else:
        _draw_words(value.upper() if capital and len(value) == 1 else value, "semibold", 40 * unit, middle)


def _draw_tone(tone: str, middle: tuple[float, float], height: float) -> None:
    """The circle above, the name below; the whole as high as the key allows."""
    unit = theme.theme.unit
    x, y = middle
    radius = min(13 * unit, height * 0.14)
    size = 26 * unit
    top = y + height * (0.2 if tone == DOT else 0.07)
    for step in range(12):
        angle = step * pi / 6
        dot = radius * 0.14
        SmoothEllipse(pos=(x + radius * cos(angle) - dot, top + radius * sin(angle) - dot), size=(2 * dot, 2 * dot))
    if tone == DOT:
        dot = radius * 0.27
        SmoothEllipse(pos=(x - dot, top - radius * 1.65 - dot), size=(2 * dot, 2 * dot))
    else:
        _draw_stroke(_TONE_STROKES[tone], (x, top), radius, 2.4 * unit)
    _draw_words(TONE_NAMES[tone], "regular", size, (x, y - height * 0.28))


def _draw_stroke(stroke: Stroke, middle: tuple[float, float], scale: float, width: float) -> None:
    points = [value for x, y in stroke for value in (middle[0] + x * scale, middle[1] + y * scale)]
    SmoothLine(points=points, width=max(1.0, width), overdraw_width=1.2)


def _draw_words(words: str, font: str, size: float, middle: tuple[float, float]) -> None:
    label = Label(text=words, font_name=font, font_size=size)
    label.refresh()
    width, height = label.texture.size
    Rectangle(texture=label.texture, pos=(round(middle[0] - width / 2), round(middle[1] - height / 2)), size=(width, height))
