"""How many digits of a PIN were typed, and not which."""

from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.kv import load_beside
from kiosk.ui.panel import Panel

SIDE, STEP = 32, 56


class Dots(Widget):
    """count: digits typed. fewest: that a PIN has, so many dots are always there. most: that it may have. unit: of the theme, in pixels."""

    count = NumericProperty(0)
    fewest = NumericProperty(0)
    most = NumericProperty(0)
    unit = NumericProperty(1)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._dots: list[Panel] = []
        self.bind(count=self._draw, fewest=self._draw, most=self._draw, unit=self._draw, pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        while len(self._dots) < self.most:
            self._dots.append(Panel())
            self.canvas.add(self._dots[-1])
        side = SIDE * self.unit
        for place, dot in enumerate(self._dots):
            colour = theme.INK if place < self.count else theme.RING if place < self.fewest else theme.GROUND
            dot.pos, dot.size = (self.x + place * STEP * self.unit, self.center_y - side / 2), (side, side)
            dot.look = side / 2, colour, colour, 0


load_beside(__file__)
