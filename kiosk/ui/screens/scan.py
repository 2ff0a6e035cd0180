"""What the camera sees, until it has read the QR code of a counter."""

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push  # noqa: F401 its kv class is used in ours
from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger


class Seen(Widget):
    """picture: a `kiosk.setup.asked.Picture`, or None. It is shown as a mirror does, which is how one aims at one's own camera."""

    picture = ObjectProperty(None, allownone=True)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._texture: Texture | None = None
        self.bind(picture=self._draw, pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if self.picture is None:
            return
        size = (self.picture.width, self.picture.height)
        if self._texture is None or self._texture.size != size:
            self._texture = Texture.create(size=size, colorfmt="luminance")
            self._texture.uvpos, self._texture.uvsize = (1, 1), (-1, -1)  # rows come from the top
        self._texture.blit_buffer(self.picture.pixels, colorfmt="luminance")
        scale = min(self.width / size[0], self.height / size[1])
        drawn = (round(size[0] * scale), round(size[1] * scale))
        with self.canvas:
            Color(1, 1, 1, 1)
            place = round(self.x + (self.width - drawn[0]) / 2), round(self.y + (self.height - drawn[1]) / 2)
            Rectangle(texture=self._texture, pos=place, size=drawn)
        ahead.show(self)


class ScanScreen(BoxLayout, OneFinger):
    """picture: what the camera sees. note: what is to be said of it. Event: `on_back`."""

    picture = ObjectProperty(None, allownone=True)
    note = StringProperty()

    __events__ = ("on_back",)

    def __init__(self, translate: Translate, **properties: object) -> None:
        self.words = {
            "title": translate("Quét mã QR"),
            "sentence": translate("Đưa mã QR của quầy (trên giấy hoặc điện thoại) ra trước máy ảnh, cách khoảng 20 cm."),
            "back": translate("Trở về"),
        }
        super().__init__(**properties)

    def under(self, x: float, y: float) -> Widget | None:
        return self.ids.back if self.ids.back.collide_point(x, y) else None

    def act(self, target: Widget) -> None:
        self.dispatch("on_back")

    def on_back(self) -> None:
        """Another way."""


load_beside(__file__)
