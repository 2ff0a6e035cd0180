"""After a comment: its reference number, to be written down or photographed."""

from collections.abc import Iterator

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push
import kiosk.ui.widgets.qr  # noqa: F401 their kv classes are used in ours
from kiosk.touch import Control, Target
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.touched import TouchedScreen


class NotedScreen(TouchedScreen):
    """reference: the number. headline, sentence, done: what is said, and the word on the button. going: as of a `WhyScreen`."""

    headline = StringProperty()
    reference = StringProperty()
    sentence = StringProperty()
    done = StringProperty()
    going = StringProperty()

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        yield self.ids.done, Control.DONE


load_beside(__file__)
