"""The first start: by which way this tablet becomes the kiosk of a counter."""

from enum import Enum

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.icon
import kiosk.ui.widgets.push  # noqa: F401 their kv classes are used in ours
from kiosk.texts import Translate
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger


class Way(Enum):
    """Its value is the icon."""

    STICK = "stick"
    CODE = "keys"
    SCAN = "qr"


class WayCard(BoxLayout):
    """A way to choose: an icon, what it is called, and what one needs for it."""

    touchable = "button"
    icon = StringProperty()
    name = StringProperty()
    words = StringProperty()
    pressed = BooleanProperty(False)


class WaysScreen(BoxLayout, OneFinger):
    """scans: whether a QR code can be read here. note: what is to be said of the sticks, or empty. Events: `on_way` (way), `on_leave`."""

    title = StringProperty()
    sentence = StringProperty()
    note = StringProperty()
    leave_words = StringProperty()

    __events__ = ("on_way", "on_leave")

    def __init__(self, translate: Translate, *, scans: bool, **properties: object) -> None:
        super().__init__(
            title=translate("Cài đặt kiosk"),
            sentence=translate("Máy này chưa thuộc quầy nào. Xin chọn một cách:"),
            leave_words=translate("Rời kiosk"),
            **properties,
        )
        words = {
            Way.STICK: (translate("Từ USB"), translate("Thư mục cấu hình do máy chủ tạo, cho một hay nhiều quầy.")),
            Way.CODE: (translate("Nhập mã"), translate("Địa chỉ máy chủ, và mã của quầy.")),
            Way.SCAN: (translate("Quét mã QR"), translate("Đưa mã của quầy ra trước máy ảnh của máy này.")),
        }
        self._ways: dict[Widget, Way] = {}
        for way, (name, needed) in words.items():
            if way is not Way.SCAN or scans:
                card = WayCard(icon=way.value, name=name, words=needed)
                self._ways[card] = way
                self.ids.cards.add_widget(card)

    def under(self, x: float, y: float) -> Widget | None:
        return next((target for target in (*self._ways, self.ids.leave) if target.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        if target in self._ways:
            self.dispatch("on_way", self._ways[target])
        else:
            self.dispatch("on_leave")

    def on_way(self, way: Way) -> None:
        """A way was chosen."""

    def on_leave(self) -> None:
        """The command line is wanted."""


load_beside(__file__)
