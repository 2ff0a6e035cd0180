"""A QR picture (ISO/IEC 18004) of a text."""

import segno
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.theme import INK, SURFACE

QUIET = 4  # modules around it, as the standard wants


class QrPicture(Widget):
    """text: what the picture says; nothing is drawn for an empty one. It is as large as whole pixels for each module allow."""

    text = StringProperty()

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(text=self._draw, pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.text:
            return
        rows = [bytes(row) for row in segno.make_qr(self.text, error="m").matrix_iter(border=QUIET)]
        side = len(rows)
        texture = Texture.create(size=(side, side), colorfmt="luminance")
        texture.mag_filter = "nearest"
        dark, light = (bytes([round(255 * colour[0])]) for colour in (INK, SURFACE))
        texture.blit_buffer(b"".join(dark if module else light for row in reversed(rows) for module in row), colorfmt="luminance")
        drawn = side * max(1, int(min(self.width, self.height) // side))
        with self.canvas:
            Color(1, 1, 1, 1)
            corner = (round(self.x + (self.width - drawn) / 2), round(self.y + (self.height - drawn) / 2))
            Rectangle(texture=texture, pos=corner, size=(drawn, drawn))
