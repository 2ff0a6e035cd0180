"""A ring that runs out, for a thing that can be done only for a while."""

from kivy.graphics import Color, SmoothLine
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui.theme import INK, RING


class Ring(Widget):
    """left: of the time, 0 to 1; whole and gone it draws nothing."""

    left = NumericProperty(0.0)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(left=self._draw, pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not 0 < self.left < 1:
            return
        width = self.width / 19
        with self.canvas:
            for colour, left in ((RING, 1.0), (INK, self.left)):
                Color(rgba=colour)
                SmoothLine(circle=(self.x + self.width / 2, self.y + self.height / 2, self.width / 2 - width, 0, 360 * left), width=width)
