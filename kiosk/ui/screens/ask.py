"""The first screen: the officer, the question, two answers."""

from collections.abc import Iterator

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.answer
import kiosk.ui.widgets.officer_card  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.visit import Control, Target
from kiosk.vote import Rating


class AskScreen(TouchedScreen):
    """language: the name of the other language, on its button; empty where there is none."""

    officer_name = StringProperty()
    officer_title = StringProperty()
    counter = StringProperty()
    language = StringProperty()
    question = StringProperty()
    satisfied = StringProperty()
    dissatisfied = StringProperty()

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        yield self.ids.satisfied, Rating.SATISFIED
        yield self.ids.dissatisfied, Rating.DISSATISFIED
        if self.language:
            yield self.ids.officer.ids.language, Control.LANGUAGE


load_beside(__file__)
