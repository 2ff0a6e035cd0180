"""Where a screen stands in the window: all of it on a tablet, its middle or its lower part on a large display."""

from kivy.uix.anchorlayout import AnchorLayout

from kiosk.ui.kv import load_beside


class Stage(AnchorLayout):
    """Holds one screen, within the space that the theme leaves around it."""


load_beside(__file__)
