"""Colours and sizes by name. Sizes are drawn for 1280×800 (or 800×1280), and grow and shrink with the window."""

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, NumericProperty
from kivy.utils import get_color_from_hex

from kiosk.texts import ASSETS

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
RING = get_color_from_hex("#C9CED6")
KEY_EDGE = get_color_from_hex("#A3AEBB")
LOTUS_LIGHT = get_color_from_hex("#F7D3DA")
LOTUS_DEEP = get_color_from_hex("#F2B8C4")
REST_SOFT = get_color_from_hex("#C7D2DE")
TRIAL = get_color_from_hex("#7A2E5D")
TRIAL_OVER = get_color_from_hex("#B65A924C")
SHADOW = [0.07, 0.15, 0.25, 0.13]

DRAWN_LONG, DRAWN_SHORT = 1280, 800


class Theme(EventDispatcher):
    """What the whole window shares. unit: pixels for one pixel of the drawing at 1280×800. upright: portrait."""

    unit = NumericProperty(1.0)
    upright = BooleanProperty(False)

    def fit(self, width: float, height: float) -> None:
        """Adapt to a window of this size in pixels."""
        self.upright = height > width
        long, short = max(width, height), min(width, height)
        self.unit = min(long / DRAWN_LONG, short / DRAWN_SHORT)


theme = Theme()


def register_fonts() -> None:
    """Make Be Vietnam Pro known to labels, and one pixel mean one pixel."""
    Metrics.density = 1.0
    Metrics.fontscale = 1.0
    for name, file in (("regular", "Regular"), ("semibold", "SemiBold"), ("bold", "Bold")):
        LabelBase.register(name, str(ASSETS / "fonts" / f"BeVietnamPro-{file}.ttf"))
