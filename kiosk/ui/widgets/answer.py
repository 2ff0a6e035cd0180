"""The card of one answer: a face and its word, touchable all over."""

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.face
import kiosk.ui.widgets.still  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside


class Answer(BoxLayout):
    """word: under the face. pressed: set from outside while a finger rests on the card; sunk: by how many pixels."""

    touchable = "answer"
    smiles = BooleanProperty(True)
    colour = ColorProperty()
    word = StringProperty()
    pressed = BooleanProperty(False)
    sunk = NumericProperty(0)

    def covers(self, touch: MotionEvent) -> bool:
        """Whether the finger is over this card."""
        return bool(self.collide_point(*touch.pos))


load_beside(__file__)
