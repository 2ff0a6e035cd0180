"""Colours and sizes by name. Sizes are drawn for 1280×800 (or 800×1280) on 10.1 inches, and grow and shrink with the window, but never
to what an eye or a finger is too large or too small for.
"""

from collections.abc import Sequence
from math import ceil, hypot

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, NumericProperty
from kivy.utils import get_color_from_hex

from kiosk.texts import ASSETS
from kiosk.ui.millimetres import MILLIMETRES_PER_INCH, guessed_inches
from kiosk.ui.sizes import TOUCH_MM

Colour = Sequence[float]  # red, green, blue, opacity: 0 to 1

INK = get_color_from_hex("#12263F")
GROUND = get_color_from_hex("#F6F4EE")
SURFACE = get_color_from_hex("#FFFFFF")
SOFT_INK = get_color_from_hex("#3B4A5F")
SATISFIED = get_color_from_hex("#7CCFC9")
DISSATISFIED = get_color_from_hex("#F4B266")
PORTRAIT_GROUND = get_color_from_hex("#DCE4EB")
PORTRAIT_SHAPE = get_color_from_hex("#8FA3B5")
SELECTED = get_color_from_hex("#E7EDF3")
PRESSED = get_color_from_hex("#0B5D66")
TINT = [0.06, 0.3, 0.53, 0.1]  # over white it makes SELECTED
LIGHT_TINT = [1, 1, 1, 0.2]  # over ink, where a dark one is not seen
RING = get_color_from_hex("#C9CED6")
KEY_EDGE = get_color_from_hex("#A3AEBB")
LOTUS_LIGHT = get_color_from_hex("#F7D3DA")
LOTUS_DEEP = get_color_from_hex("#F2B8C4")
REST_SOFT = get_color_from_hex("#C7D2DE")
TRIAL = get_color_from_hex("#7A2E5D")
TRIAL_OVER = get_color_from_hex("#B65A924C")
SHADOW = [0.07, 0.15, 0.25, 0.13]

DRAWN_LONG, DRAWN_SHORT = 1280, 800
STAGE_LONG, STAGE_SHORT = 1560, 960  # how much of a large display a screen takes, in drawn pixels
LEAST_DRAWN_MM = 0.1105  # a pixel of the drawing: the smallest text, 26 of them, has lines of 3.6 mm
MOST_DRAWN_MM = 0.25  # half as large again as on 10 inches, which is 0.17: a large display gets space, not giants
DRAWN_BUTTON, SMALL_FROM = 118, 140
LOW_HEIGHT, LOW_HEIGHT_UPRIGHT = 780, 1280  # drawn pixels that every screen manages with


class Theme(EventDispatcher):
    """What the whole window shares, in pixels.

    unit: one pixel of the drawing at 1280×800. mm: one millimetre. upright: portrait. touch: the least side of anything touchable
    (20 mm); button: the height of a button. small: a display on which fingers need more room than the drawing gives them (7 inches).
    left, top, right, bottom: the space around a screen on a large display; with the low layout the top takes all, so that what is
    touched is within a child's reach, and from a wheelchair.
    """

    unit = NumericProperty(1.0)
    mm = NumericProperty(5.9)
    upright = BooleanProperty(False)
    touch = NumericProperty(118.0)
    button = NumericProperty(118.0)
    small = BooleanProperty(False)
    left = NumericProperty(0.0)
    top = NumericProperty(0.0)
    right = NumericProperty(0.0)
    bottom = NumericProperty(0.0)

    def __init__(self) -> None:
        super().__init__()
        self.inches: float | None = None
        self.low = False

    def fit(self, width: float, height: float) -> None:
        """Adapt to a window of this size in pixels. Its diagonal is `inches`, else the usual one of such a display."""
        inches = self.inches or guessed_inches(width, height)
        self.mm = hypot(width, height) / (inches * MILLIMETRES_PER_INCH)
        self.upright = height > width
        long, short = max(width, height), min(width, height)
        by_window = min(long / DRAWN_LONG, short / DRAWN_SHORT)
        self.unit = min(max(by_window, LEAST_DRAWN_MM * self.mm), MOST_DRAWN_MM * self.mm)
        self.touch = ceil(TOUCH_MM * self.mm)
        self.button = max(DRAWN_BUTTON * self.unit, self.touch)
        self.small = self.touch > SMALL_FROM * self.unit
        self._surround(width, height)

    def stage(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Where a screen stands in a window of this size: left, bottom, width, height."""
        return self.left, self.bottom, width - self.left - self.right, height - self.top - self.bottom

    def _surround(self, width: float, height: float) -> None:
        wide, high = (STAGE_SHORT, STAGE_LONG) if self.upright else (STAGE_LONG, STAGE_SHORT)
        if self.low:
            high = LOW_HEIGHT_UPRIGHT if self.upright else LOW_HEIGHT
        beside = max(0.0, width - wide * self.unit)
        above = max(0.0, height - high * self.unit)
        self.left, self.right = beside // 2, beside - beside // 2
        self.bottom = 0.0 if self.low else above // 2
        self.top = above - self.bottom


theme = Theme()


def register_fonts() -> None:
    """Make Be Vietnam Pro known to labels, and one pixel mean one pixel."""
    Metrics.density = 1.0
    Metrics.fontscale = 1.0
    for name, file in (("regular", "Regular"), ("semibold", "SemiBold"), ("bold", "Bold")):
        LabelBase.register(name, str(ASSETS / "fonts" / f"BeVietnamPro-{file}.ttf"))
