"""A screen that only says something: the thank-you, or that a vote could not be kept."""

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

import kiosk.ui.widgets.lotus
import kiosk.ui.widgets.still
import kiosk.ui.widgets.words  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside


class MessageScreen(AnchorLayout):
    """flower: whether the lotus is shown. headline, sentence: what is said. Touches do nothing."""

    flower = BooleanProperty(True)
    headline = StringProperty()
    sentence = StringProperty()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        return True


load_beside(__file__)
