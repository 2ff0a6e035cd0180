"""Who is rated, and at which counter."""

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.words  # noqa: F401 its kv class is used in ours
from kiosk.ui.kv import load_beside


class OfficerCard(BoxLayout):
    """name, title: of the officer. counter: its name; a number at its end stands large."""

    name = StringProperty()
    title = StringProperty()
    counter = StringProperty()

    def counter_word(self, counter: str) -> str:
        word, _, number = counter.rpartition(" ")
        return word if number.isdigit() else counter

    def counter_number(self, counter: str) -> str:
        number = counter.rpartition(" ")[2]
        return number if number.isdigit() else ""


load_beside(__file__)
