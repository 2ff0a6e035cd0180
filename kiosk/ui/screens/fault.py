"""For the technician: why the kiosk cannot be used, and what to mend."""

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.scrolled  # noqa: F401 its kv class is used in ours
from kiosk.ui.kv import load_beside


class FaultScreen(BoxLayout):
    """headline: one line. sentences: what to mend, parted by empty lines."""

    headline = StringProperty()
    sentences = StringProperty()


load_beside(__file__)
