"""What a technician sets at the kiosk: how loud and how bright it is; and the ways to the touch test and to the addresses."""

from enum import Enum, auto

from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push
import kiosk.ui.widgets.scrolled  # noqa: F401 their kv classes are used in ours
from kiosk.texts import Translate
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger

STEP = 10


class Wish(Enum):
    """What a button asks for."""

    SOFTER = auto()
    LOUDER = auto()
    DARKER = auto()
    BRIGHTER = auto()
    TOUCH_TEST = auto()
    NETWORK = auto()
    BACK = auto()


class AmountRow(BoxLayout):
    """about: what it is. said: how much. less, more: on its buttons."""

    about = StringProperty()
    said = StringProperty()
    less = StringProperty()
    more = StringProperty()


class AdjustingScreen(BoxLayout, OneFinger):
    """volume, brightness: percent; brightness is None where it cannot be changed here. message: what went wrong, or empty.

    Event: `on_wish` (a `Wish`).
    """

    volume = NumericProperty(0)
    brightness = ObjectProperty(None, allownone=True)
    message = StringProperty()
    title = StringProperty()
    back_words = StringProperty()
    touch_test_words = StringProperty()
    network_words = StringProperty()

    __events__ = ("on_wish",)

    def __init__(self, translate: Translate, **properties: object) -> None:
        self._fixed = translate("Màn hình này chỉ chỉnh được độ sáng bằng nút bấm trên vỏ của nó.")
        self._light = translate("Độ sáng")
        self._silent = translate("im lặng")
        super().__init__(
            title=translate("Cài đặt máy"),
            back_words=translate("Trở về"),
            touch_test_words=translate("Thử màn hình cảm ứng"),
            network_words=translate("Địa chỉ mạng"),
            **properties,
        )
        volume, brightness = self.ids.volume, self.ids.brightness
        volume.about, volume.less, volume.more = translate("Âm lượng"), translate("Nhỏ hơn"), translate("To hơn")
        brightness.less, brightness.more = translate("Tối hơn"), translate("Sáng hơn")
        self.bind(volume=self._fill, brightness=self._fill)
        self._fill()

    def under(self, x: float, y: float) -> Widget | None:
        return next((push for push in self._wishes() if push.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        self.dispatch("on_wish", self._wishes()[target])

    def on_wish(self, wish: Wish) -> None:
        """A button was touched."""

    def _wishes(self) -> dict[Widget, Wish]:
        volume, brightness = self.ids.volume.ids, self.ids.brightness.ids
        light = {brightness.less: Wish.DARKER, brightness.more: Wish.BRIGHTER} if self.brightness is not None else {}
        return {
            volume.less: Wish.SOFTER,
            volume.more: Wish.LOUDER,
            **light,
            self.ids.touch_test: Wish.TOUCH_TEST,
            self.ids.network: Wish.NETWORK,
            self.ids.back: Wish.BACK,
        }

    def _fill(self, *_: object) -> None:
        self.ids.volume.said = f"{self.volume} %" if self.volume else self._silent
        light = self.ids.brightness
        light.said = "" if self.brightness is None else f"{self.brightness} %"
        for push in (light.ids.less, light.ids.more):
            push.opacity = 0 if self.brightness is None else 1
        light.about = self._fixed if self.brightness is None else self._light


load_beside(__file__)
