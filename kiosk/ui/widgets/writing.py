"""Writing: what for, the text, the keyboard, and where to go from here."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.keyboard
import kiosk.ui.widgets.push
import kiosk.ui.widgets.qr
import kiosk.ui.widgets.text_field  # noqa: F401 their kv classes are used in ours
from kiosk.texts import Translate
from kiosk.typing import Typed, backspace, starts_sentence, type_key
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.key_rows import LETTERS

TOLD_WHEN_LEFT = 100


class Writing(Widget):
    """title: what is written. back, on: words of the two buttons. most: characters that are taken; how many are left is told near the
    end. may_be_empty: whether one may go on without a text; accepts: a function that says so of a text, or None. digits: only those.
    plain: as of a `Keyboard`: nothing Vietnamese is made of the keys; shape: a function that says how such a text is shown, or None.
    names: every word begins large. written: so far. may_go_on: whether the second button is there. link: what a QR picture beside the
    text says; there is none where it is empty. font_size: of what is written, in drawn pixels.
    """

    upright = BooleanProperty(False)
    touch = NumericProperty(119)
    gap = NumericProperty(12)
    side = NumericProperty(24)
    upper = NumericProperty(250)
    least_upper = NumericProperty(250)
    board_width = NumericProperty(1248)
    letters_height = NumericProperty(508)
    board_height = NumericProperty(508)
    spare = NumericProperty(0)
    roof = NumericProperty(0)
    beside = BooleanProperty(False)
    push_width = NumericProperty(268)
    qr_side = NumericProperty(0)
    link = StringProperty()
    title = StringProperty()
    hint = StringProperty()
    back = StringProperty()
    on = StringProperty()
    space = StringProperty()
    left = StringProperty()
    most = NumericProperty(1000)
    digits = BooleanProperty(False)
    plain = StringProperty()
    font_size = NumericProperty(34)
    accepts = ObjectProperty(None, allownone=True)
    shape = ObjectProperty(None, allownone=True)
    names = BooleanProperty(False)
    may_be_empty = BooleanProperty(False)
    written = StringProperty()
    may_go_on = BooleanProperty(False)

    def __init__(self, translate: Translate, **properties: object) -> None:
        self._left_words = translate("Còn {left} chữ")
        super().__init__(space=translate("dấu cách"), **properties)
        self.ids.keyboard.bind(on_key=self._key, on_backspace=self._backspace)
        self.write("")

    @property
    def text(self) -> str:
        """What was written, without spaces around it."""
        return str(self.written.strip())

    def write(self, text: str) -> None:
        """Begin with this text."""
        self.ids.keyboard.page = LETTERS
        self._show(Typed(text))

    def touchables(self) -> list[Widget]:
        """The buttons that can be touched now."""
        return [self.ids.back] + ([self.ids.on] if self.may_go_on else [])

    def _key(self, _: object, value: str) -> None:
        typed = Typed(self._shaped(self._typed.text + value)) if self.plain else type_key(self._typed, value)
        if len(typed.text) <= self.most:
            self._show(typed)

    def _backspace(self, _: object) -> None:
        typed = backspace(self._typed)
        self._show(Typed(self._shaped(typed.text)) if self.plain else typed)

    def _shaped(self, text: str) -> str:
        return str(self.shape(text)) if self.shape else text

    def _show(self, typed: Typed) -> None:
        self._typed, self.written = typed, typed.text
        self.may_go_on = self.may_be_empty or (bool(self.accepts(self.text)) if self.accepts else bool(self.text))
        self.ids.keyboard.capital = self._begins_large(typed.text)
        left = int(self.most) - len(typed.text)
        self.left = self._left_words.format(left=left) if self.most > TOLD_WHEN_LEFT >= left else ""

    def _begins_large(self, text: str) -> bool:
        if self.plain:
            return bool(self.plain == "code")
        return (not text or text[-1] == " ") if self.names else starts_sentence(text)


load_beside(__file__)
