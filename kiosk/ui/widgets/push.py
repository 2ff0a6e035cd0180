"""A button of ours: outlined, or filled for what most people will want next."""

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_beside


class Push(Label):
    """filled: ink with white words. pressed: set from outside while a finger rests on it. left: 0 to 1, of a ring that runs out
    beside the words; below 0 there is no ring.
    """

    filled = BooleanProperty(False)
    pressed = BooleanProperty(False)
    left = NumericProperty(-1.0)


load_beside(__file__)
