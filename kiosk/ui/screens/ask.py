"""The first screen: the officer, the question, two answers."""

from collections.abc import Iterator

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.answer
import kiosk.ui.widgets.icon
import kiosk.ui.widgets.officer_card
import kiosk.ui.widgets.sentence  # noqa: F401 their kv classes are used in ours
from kiosk.touch import Control, Target
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.vote import Rating

PAINTED = ("officer_name", "officer_title", "officer_photo", "counter", "language", "question", "satisfied", "dissatisfied", "may_speak")


class AskScreen(TouchedScreen):
    """language: the name of the other language, on its button; empty where there is none. may_sign_in: whether the officer's card
    can be held. may_speak: whether the question can be heard, by a loudspeaker to touch. training: nobody signs in
    meanwhile, for that would be an entry.
    """

    officer_name = StringProperty()
    officer_title = StringProperty()
    officer_photo = StringProperty()
    counter = StringProperty()
    language = StringProperty()
    may_sign_in = BooleanProperty(False)
    may_speak = BooleanProperty(False)
    training = BooleanProperty(False)
    question = StringProperty()
    satisfied = StringProperty()
    dissatisfied = StringProperty()

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(**dict.fromkeys(PAINTED, self.ids.still.paint_soon))

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        yield self.ids.satisfied, Rating.SATISFIED
        yield self.ids.dissatisfied, Rating.DISSATISFIED
        if self.language:
            yield self.ids.officer.ids.language, Control.LANGUAGE
        if self.may_speak:
            yield self.ids.speak, Control.QUESTION
        if self.may_sign_in and not self.training:
            yield self.ids.officer, Control.OFFICER


load_beside(__file__)
