"""The first screen: the officer, the question, two answers."""

from kivy.input import MotionEvent
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.answer
import kiosk.ui.widgets.officer_card  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside
from kiosk.vote import Rating


class AskScreen(BoxLayout):
    """Tells of fingers that went down on an answer, and came up anywhere; what that means is for others to say.

    pressed: the answer that is to look pressed, or None.
    """

    officer_name = StringProperty()
    officer_title = StringProperty()
    counter = StringProperty()
    question = StringProperty()
    satisfied = StringProperty()
    dissatisfied = StringProperty()
    pressed = ObjectProperty(None, allownone=True)

    __events__ = ("on_finger_down", "on_finger_up")

    def on_touch_down(self, touch: MotionEvent) -> bool:
        rating = self._answer_under(touch)
        if rating is not None and getattr(touch, "button", "left") == "left":
            self.dispatch("on_finger_down", touch.uid, rating)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        self.dispatch("on_finger_up", touch.uid, self._answer_under(touch))
        return True

    def on_finger_down(self, touch: int, rating: Rating) -> None:
        """A finger went down on an answer."""

    def on_finger_up(self, touch: int, rating: Rating | None) -> None:
        """A finger came up, over an answer or beside both."""

    def _answer_under(self, touch: MotionEvent) -> Rating | None:
        if self.ids.satisfied.covers(touch):
            return Rating.SATISFIED
        if self.ids.dissatisfied.covers(touch):
            return Rating.DISSATISFIED
        return None


load_beside(__file__)
