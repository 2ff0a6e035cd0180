"""The comment, in steps: the words; then, only if wanted, name, phone and address with consent; each of these is written like the words."""

from enum import Enum, auto
from typing import NamedTuple

from kivy.input import MotionEvent
from kivy.properties import StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.widgets.consent import Consent
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.going import Going
from kiosk.ui.widgets.writing import Writing
from kiosk.vote import ContactDetails
from sync.writing import MAX_COMMENT, MAX_WRITER_ADDRESS, MAX_WRITER_NAME, MAX_WRITER_PHONE


class Step(Enum):
    """What is shown: the words, the consent, or one of its fields."""

    WORDS = auto()
    CONSENT = auto()
    FIELD = auto()


class Field(NamedTuple):
    """How a field is written. most: characters that it takes."""

    label: str
    most: int
    digits: bool = False
    names: bool = False


class CommentScreen(FloatLayout, OneFinger):
    """Dispatches `on_send(text, contact)`, where contact is a `ContactDetails`, or None without consent; `on_back()` from the first
    step; `on_touched()` at every touch; `on_press()` and `on_key_press()` where it is on a button or a key. What was written stays
    until `clear`. link: where the same can be written on a telephone, or empty; it is shown as a QR picture. going: as of a `WhyScreen`;
    it is said over the title.
    """

    link = StringProperty()
    going = StringProperty()

    __events__: tuple[str, ...] = ("on_back", "on_key_press", "on_send", "on_touched")

    def __init__(self, translate: Translate, **properties: object) -> None:
        super().__init__(**properties)
        self._going = Going()
        self.fbind("going", self._going.setter("words"))
        done = translate("Xong")
        self._hints = {
            True: translate("Xin viết ở đây, hoặc quét mã bên cạnh để viết trên điện thoại của ông/bà"),
            False: translate("Xin viết ở đây"),
        }
        self._words = Writing(
            translate,
            title=translate("Góp ý của ông/bà"),
            hint=self._hints[False],
            back=translate("Quay lại"),
            on=translate("Tiếp tục"),
            most=MAX_COMMENT,
        )
        self._consent = Consent(translate)
        self._field = Writing(translate, back=translate("Bỏ qua"), on=done, may_be_empty=True)
        self._fields = {
            "name": Field(self._consent.name_label, MAX_WRITER_NAME, names=True),
            "phone": Field(self._consent.phone_label, MAX_WRITER_PHONE, digits=True),
            "address": Field(self._consent.address_label, MAX_WRITER_ADDRESS, names=True),
        }
        for writing in (self._words, self._field):
            writing.ids.keyboard.bind(on_press=lambda _: self.dispatch("on_key_press"))
        self._open = "name"
        self._show(Step.WORDS)

    def clear(self) -> None:
        """Forget everything, for the next citizen."""
        self._words.write("")
        self._field.write("")
        self.link = ""
        self._consent.ticked = False
        self._show(Step.WORDS)

    def on_link(self, _: object, link: str) -> None:
        self._words.link, self._words.hint = link, self._hints[bool(link)]

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self.dispatch("on_touched")
        return super().on_touch_down(touch)

    def under(self, x: float, y: float) -> Widget | None:
        return next((widget for widget in self._page.touchables() if widget.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        {Step.WORDS: self._act_on_words, Step.CONSENT: self._act_on_consent, Step.FIELD: self._act_on_field}[self._step](target)

    def on_back(self) -> None:
        """The citizen would rather not write."""

    def on_send(self, text: str, contact: ContactDetails | None) -> None:
        """The comment is finished."""

    def on_key_press(self) -> None:
        """A finger went down on a key."""

    def on_touched(self) -> None:
        """Somebody is here."""

    def _act_on_words(self, target: Widget) -> None:
        if target is self._words.ids.back:
            self.dispatch("on_back")
        else:
            self._show(Step.CONSENT)

    def _act_on_consent(self, target: Widget) -> None:
        consent = self._consent
        if target is consent.ids.tick:
            consent.ticked = not consent.ticked
        elif target is consent.ids.back:
            self._show(Step.WORDS)
        elif target is consent.ids.send:
            self.dispatch("on_send", self._words.text, self._contact())
        else:
            self._open = next(name for name in self._fields if consent.ids[name] is target)
            field = self._fields[self._open]
            self._field.title, self._field.most = field.label, field.most
            self._field.digits, self._field.names = field.digits, field.names
            self._field.write(getattr(consent, self._open))
            self._show(Step.FIELD)

    def _act_on_field(self, target: Widget) -> None:
        if target is self._field.ids.on:
            setattr(self._consent, self._open, self._field.text)
        self._show(Step.CONSENT)

    def _contact(self) -> ContactDetails | None:
        consent = self._consent
        if not consent.ticked or not (consent.name or consent.phone or consent.address):
            return None
        return ContactDetails(consent.name, consent.phone, consent.address, consent.sentence)

    def _show(self, step: Step) -> None:
        self.let_go()
        ahead.show_all()
        self._step = step
        pages: dict[Step, Writing | Consent] = {Step.WORDS: self._words, Step.CONSENT: self._consent, Step.FIELD: self._field}
        self._page = pages[step]
        self.clear_widgets()
        self.add_widget(self._page)
        self.add_widget(self._going)
