"""The addresses by which the kiosk reaches its server, and whether it would reach it there."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push  # noqa: F401 its kv class is used in ours
from kiosk.texts import Translate
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger


class AddressRow(BoxLayout):
    """label: which address. said: it, or that there is none. Touched to be changed."""

    touchable = "button"
    label = StringProperty()
    said = StringProperty()
    pressed = BooleanProperty(False)


class NetworkScreen(BoxLayout, OneFinger):
    """server, proxy: as typed. message: what went wrong, or empty. changed: whether an address is another than that in force, and could be
    kept. Events: `on_type_server`, `on_type_proxy`, `on_examine`, `on_keep`, `on_back`.
    """

    server = StringProperty()
    proxy = StringProperty()
    message = StringProperty()
    changed = BooleanProperty(False)
    abreast = BooleanProperty(False)
    row = NumericProperty(118)
    title = StringProperty()
    server_words = StringProperty()
    proxy_words = StringProperty()
    none_words = StringProperty()
    back_words = StringProperty()
    examine_words = StringProperty()
    keep_words = StringProperty()

    __events__ = ("on_type_server", "on_type_proxy", "on_examine", "on_keep", "on_back")

    def __init__(self, translate: Translate, **properties: object) -> None:
        super().__init__(
            title=translate("Địa chỉ mạng"),
            server_words=translate("Máy chủ (chạm để sửa)"),
            proxy_words=translate("Proxy (chạm để sửa)"),
            none_words=translate("không dùng"),
            back_words=translate("Trở về"),
            examine_words=translate("Thử kết nối"),
            keep_words=translate("Lưu và khởi động lại"),
            **properties,
        )

    def under(self, x: float, y: float) -> Widget | None:
        return next((widget for widget in self._events() if widget.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        self.dispatch(self._events()[target])

    def on_type_server(self) -> None:
        """The server's address is to be typed anew."""

    def on_type_proxy(self) -> None:
        """The proxy's is."""

    def on_examine(self) -> None:
        """Whether the kiosk would reach its server is to be looked at."""

    def on_keep(self) -> None:
        """The addresses are to be kept."""

    def on_back(self) -> None:
        """All stays as it was."""

    def _events(self) -> dict[Widget, str]:
        ids = self.ids
        events = {ids.server: "on_type_server", ids.proxy: "on_type_proxy", ids.back: "on_back", ids.examine: "on_examine"}
        return {**events, ids.keep: "on_keep"} if self.changed else events


load_beside(__file__)
