"""Says over a full screen that it is about to go by itself."""

from kivy.properties import StringProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_beside


class Going(Label):
    """words: the sentence; empty while there is nothing to say. Touches go through it."""

    words = StringProperty()


load_beside(__file__)
