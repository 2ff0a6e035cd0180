"""Where an officer signs in and out at the counter: first a name is chosen, then the PIN is typed. It decides nothing."""

from collections.abc import Iterator
from functools import partial

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.dots
import kiosk.ui.widgets.pages
import kiosk.ui.widgets.push
import kiosk.ui.widgets.sentence  # noqa: F401 their kv classes are used in ours
from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger
from sync.pins import FEWEST_DIGITS, MOST_DIGITS


class OfficerRow(BoxLayout):
    """An officer to choose: id, name and title."""

    touchable = "button"
    officer = StringProperty()
    name = StringProperty()
    title = StringProperty()
    pressed = BooleanProperty(False)


class SignInScreen(BoxLayout, OneFinger):
    """officers: id, name and title of each who may sign in. serving: name of who is, or empty. message: what is to be said now, or empty.

    chosen: id of whose PIN is asked for, or empty while names are shown; set from outside, as an answer to `on_choose`. busy: while a
    PIN is looked at, and nothing can be touched. Events: `on_choose` (id, or empty: back to the names), `on_pin` (id, digits),
    `on_sign_out`, `on_leave`. most: digits that a PIN may have.
    """

    officers = ListProperty()
    serving = StringProperty()
    message = StringProperty()
    chosen = StringProperty()
    busy = BooleanProperty(False)
    fewest = FEWEST_DIGITS
    most = NumericProperty(MOST_DIGITS)
    digits = StringProperty()
    duty_sentence = StringProperty()
    chosen_name = StringProperty()
    chosen_title = StringProperty()
    close = BooleanProperty(False)

    __events__ = ("on_choose", "on_pin", "on_sign_out", "on_leave")

    def __init__(self, translate: Translate, **properties: object) -> None:
        self.words = {
            "title": translate("Cán bộ trực tại quầy"),
            "turning": translate("Xem tiếp ({page}/{pages})"),
            "back": translate("Trở về"),
            "sign_out": translate("Đăng xuất"),
            "pin": translate("Xin nhập mã PIN"),
            "delete": translate("Xóa"),
            "done": translate("Xong"),
            "busy": translate("Đang kiểm tra…"),
        }
        self._translate = translate
        super().__init__(**properties)
        self._parts = {True: self.ids.pad.__self__, False: self.ids.names.__self__}
        self.bind(officers=self._fill, serving=self._say_who, chosen=self._turn)
        self._fill()
        self._say_who()
        self._turn()

    def from_the_first_page(self) -> None:
        """Show the names that come first."""
        self.ids.rows.page = 0

    def under(self, x: float, y: float) -> Widget | None:
        return next((one for one in self._targets() if one.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        ids = self.ids
        if isinstance(target, OfficerRow):
            self.dispatch("on_choose", target.officer)
        elif target is ids.other:
            self.dispatch("on_choose", "")
        elif target is ids.leave:
            self.dispatch("on_leave")
        elif target is ids.sign_out:
            self.dispatch("on_sign_out")
        elif target is ids.more:
            ids.rows.turn()
        else:
            self._type(target)

    def on_choose(self, officer: str) -> None:
        """A name was chosen; empty: another is to be."""

    def on_pin(self, officer: str, digits: str) -> None:
        """A PIN was typed."""

    def on_sign_out(self) -> None:
        """Who is on duty goes."""

    def on_leave(self) -> None:
        """Back to the citizens."""

    def _targets(self) -> Iterator[Widget]:
        ids = self.ids
        if self.busy:
            return
        if self.chosen:
            yield from ids.keypad.children
            yield ids.other
            return
        yield from ids.rows.shown
        yield ids.leave
        if self.serving:
            yield ids.sign_out
        if ids.rows.words:
            yield ids.more

    def _type(self, key: Widget) -> None:
        if key is self.ids.delete.__self__:
            self.digits = self.digits[:-1]
        elif key is not self.ids.done.__self__:
            self.digits = (self.digits + key.text)[: self.most]
        elif len(self.digits) >= FEWEST_DIGITS:
            digits, self.digits = self.digits, ""
            self.dispatch("on_pin", self.chosen, digits)

    def on_digits(self, *_: object) -> None:
        ahead.show(self.ids.dots)

    def _fill(self, *_: object) -> None:
        self.ids.rows.items = [partial(OfficerRow, officer=officer, name=name, title=title) for officer, name, title in self.officers]

    def _say_who(self, *_: object) -> None:
        ahead.show_all()
        translate = self._translate
        if self.serving:
            self.duty_sentence = translate("Đang trực: {name}").format(name=self.serving)
        else:
            self.duty_sentence = translate("Chưa có ai trực. Xin chọn tên của mình.")

    def _turn(self, *_: object) -> None:
        """Names, or the pad."""
        self.let_go()
        ahead.show_all()
        self.digits = ""
        _id, self.chosen_name, self.chosen_title = next((one for one in self.officers if one[0] == self.chosen), ("", "", ""))
        self.clear_widgets()
        self.add_widget(self._parts[bool(self.chosen)])


load_beside(__file__)
