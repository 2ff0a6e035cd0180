"""A button of ours: outlined, or filled for what most people will want next."""

from kivy.properties import BooleanProperty
from kivy.uix.label import Label

from kiosk.ui import theme
from kiosk.ui.kv import load_beside
from kiosk.ui.panel import NOTHING


class Push(Label):
    """filled: ink with white words. room_for_ring: beside the words. radius: as of an `Answer`. pressed: set from outside, where the
    button is not part of a picture. covered: whether something hides it.
    """

    touchable = "button"
    radius = 32
    filled = BooleanProperty(False)
    pressed = BooleanProperty(False)
    covered = BooleanProperty(False)
    room_for_ring = BooleanProperty(False)

    @staticmethod
    def inside(filled: bool, pressed: bool) -> theme.Colour:
        """The colour of its ground."""
        if filled:
            return theme.PRESSED if pressed else theme.INK
        return theme.SELECTED if pressed else NOTHING


load_beside(__file__)
