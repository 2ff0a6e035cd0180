"""Who is rated, and at which counter."""

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.portrait
import kiosk.ui.widgets.push
import kiosk.ui.widgets.sentence
import kiosk.ui.widgets.words  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside


class OfficerCard(BoxLayout):
    """name, title, photo (a path, or empty): of the officer. counter: its name; a number at its end stands large. language: on the
    button for it, or empty.
    """

    name = StringProperty()
    title = StringProperty()
    photo = StringProperty()
    counter = StringProperty()
    language = StringProperty()

    def counter_word(self, counter: str) -> str:
        word, _, number = counter.rpartition(" ")
        return word if number.isdigit() else counter

    def counter_number(self, counter: str) -> str:
        number = counter.rpartition(" ")[2]
        return number if number.isdigit() else ""


load_beside(__file__)
