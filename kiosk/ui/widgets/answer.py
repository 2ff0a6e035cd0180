"""The card of one answer: a face and its word, touchable all over."""

from kivy.properties import BooleanProperty, ColorProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.face  # noqa: F401 its kv class is used in ours
from kiosk.ui.kv import load_beside


class Answer(BoxLayout):
    """smiles: the mouth's shape. word: under the face. radius: of the corners, in pixels of a display of 1280 × 800."""

    radius = 36
    tinted = False  # so large a card would take most of a frame
    touchable = "answer"
    smiles = BooleanProperty(True)
    colour = ColorProperty()
    word = StringProperty()


load_beside(__file__)
