"""A reason that can be touched: its icon and its words."""

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.icon  # noqa: F401 its kv class is used in ours
from kiosk.ui.kv import load_beside


class ReasonChip(BoxLayout):
    """reason: its id. icon: the name of one. radius: as of an `Answer`."""

    radius = 28
    reason = StringProperty()
    icon = StringProperty()
    words = StringProperty()


load_beside(__file__)
