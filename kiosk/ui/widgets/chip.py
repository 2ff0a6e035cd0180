"""A reason that can be touched: its icon and its words."""

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.icon
import kiosk.ui.widgets.still  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside


class ReasonChip(BoxLayout):
    """reason: its id. chosen: whether it counts now. pressed: set from outside while a finger rests on it."""

    reason = StringProperty()
    icon = StringProperty()
    words = StringProperty()
    chosen = BooleanProperty(False)
    pressed = BooleanProperty(False)


load_beside(__file__)
