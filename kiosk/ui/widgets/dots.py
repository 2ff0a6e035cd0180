"""How many digits of a PIN were typed, and not which."""

from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.kv import load_beside
from kiosk.ui.panel import Panel
from sync.pins import FEWEST_DIGITS, MOST_DIGITS_OF_A_TECHNICIAN

SIDE, STEP = 32, 56


class Dots(Widget):
    """count: digits typed. A PIN has at least so many as there are dots without any. unit: as of the theme, in pixels."""

    count = NumericProperty(0)
    unit = NumericProperty(1)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._dots = [Panel() for _place in range(MOST_DIGITS_OF_A_TECHNICIAN)]
        for dot in self._dots:
            self.canvas.add(dot)
        self.bind(count=self._draw, unit=self._draw, pos=self._draw, size=self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        side = SIDE * self.unit
        for place, dot in enumerate(self._dots):
            colour = theme.INK if place < self.count else theme.RING if place < FEWEST_DIGITS else theme.GROUND
            dot.pos, dot.size = (self.x + place * STEP * self.unit, self.center_y - side / 2), (side, side)
            dot.look = side / 2, colour, colour, 0


load_beside(__file__)
