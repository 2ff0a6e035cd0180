"""The comment, in steps: the words; then, only if wanted, name, phone and address with consent; each of these is written like the words."""

from enum import Enum, auto
from typing import NamedTuple

from kivy.input import MotionEvent
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.texts import Translate
from kiosk.ui.widgets.consent import Consent
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.writing import Writing
from kiosk.vote import ContactDetails

MOST_CHARACTERS = 1000


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
    step; and `on_touched()` at every touch. What was written stays until `clear`.
    """

    __events__ = ("on_back", "on_send", "on_touched")

    def __init__(self, translate: Translate, **properties: object) -> None:
        super().__init__(**properties)
        done = translate("Xong")
        self._words = Writing(
            translate,
            title=translate("Góp ý của ông/bà"),
            hint=translate("Xin viết ở đây"),
            back=translate("Quay lại"),
            on=translate("Tiếp tục"),
            most=MOST_CHARACTERS,
        )
        self._consent = Consent(translate)
        self._field = Writing(translate, back=translate("Bỏ qua"), on=done, may_be_empty=True)
        self._fields = {
            "name": Field(self._consent.name_label, 80, names=True),
            "phone": Field(self._consent.phone_label, 15, digits=True),
            "address": Field(self._consent.address_label, 200, names=True),
        }
        self._open = "name"
        self._down: set[int] = set()
        self._show(Step.WORDS)

    def clear(self) -> None:
        """Forget everything, for the next citizen."""
        self._words.write("")
        self._field.write("")
        self._consent.ticked = False
        self._down.clear()
        self._show(Step.WORDS)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self.dispatch("on_touched")
        self._down.add(touch.uid)
        return True if len(self._down) > 1 else super().on_touch_down(touch)

    def on_touch_up(self, touch: MotionEvent) -> bool:
        self._down.discard(touch.uid)
        return super().on_touch_up(touch)

    def under(self, x: float, y: float) -> Widget | None:
        return next((widget for widget in self._page.touchables() if widget.collide_point(x, y)), None)

    def show_press(self, target: Widget | None) -> None:
        for widget in self._page.touchables():
            widget.pressed = widget is target

    def act(self, target: Widget) -> None:
        {Step.WORDS: self._act_on_words, Step.CONSENT: self._act_on_consent, Step.FIELD: self._act_on_field}[self._step](target)

    def on_back(self) -> None:
        """The citizen would rather not write."""

    def on_send(self, text: str, contact: ContactDetails | None) -> None:
        """The comment is finished."""

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
        self._step = step
        self._page: Widget = {Step.WORDS: self._words, Step.CONSENT: self._consent, Step.FIELD: self._field}[step]
        self.clear_widgets()
        self.add_widget(self._page)
