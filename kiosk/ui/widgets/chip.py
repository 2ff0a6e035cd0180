"""A reason that can be touched: its icon and its words."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.icon  # noqa: F401 its kv class is used in ours
from kiosk.ui.kv import load_beside


class ReasonChip(BoxLayout):
    """reason: its id. icon: the name of one. radius: as of an `Answer`. stands: the icon above the words instead of beside them."""

    touchable = "button"
    radius = 28
    stands = BooleanProperty(False)
    above = NumericProperty(0)
    beside = NumericProperty(0)
    reason = StringProperty()
    icon = StringProperty()
    words = StringProperty()


load_beside(__file__)
