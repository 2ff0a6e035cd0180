"""“THỬ” over whatever is shown, in letters that are read from across the room."""

from kivy.properties import StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui.kv import load_beside


class Trial(FloatLayout):
    """words: what it means, in the language of the screen. Touches go through it."""

    words = StringProperty()


load_beside(__file__)
