"""The second screen: why, in the same form after either answer, so that nobody beside the tablet can tell which it was."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.officer_card
import kiosk.ui.widgets.push  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.ui.widgets.chip import ReasonChip
from kiosk.visit import Chip, Control, Target


class Offered(NamedTuple):
    """A reason on offer: its id, the name of its icon, its words."""

    reason: str
    icon: str
    words: str


class WhyScreen(TouchedScreen):
    """sentence: what is asked. mistaken: words of the button that mends the answer; mend_left: 0 to 1, of the time for it. going:
    a sentence while the turn is about to end by itself, else empty.
    """

    officer_name = StringProperty()
    officer_title = StringProperty()
    counter = StringProperty()
    language = StringProperty()
    sentence = StringProperty()
    mistaken = StringProperty()
    mend_left = NumericProperty(0.0)
    done = StringProperty()
    going = StringProperty()

    def offer(self, reasons: Sequence[Offered]) -> None:
        """Show these reasons."""
        chips = self.ids.chips
        if [child.reason for child in reversed(chips.children)] != [reason.reason for reason in reasons]:
            chips.clear_widgets()
            for reason in reasons:
                chips.add_widget(ReasonChip(reason=reason.reason))
        for chip, reason in zip(reversed(chips.children), reasons, strict=True):
            chip.icon, chip.words = reason.icon, reason.words

    def show_chosen(self, chosen: Sequence[str]) -> None:
        """Let these reasons, by their ids, look chosen."""
        for chip in self.ids.chips.children:
            chip.chosen = chip.reason in chosen

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        for chip in self.ids.chips.children:
            yield chip, Chip(chip.reason)
        if self.mend_left:
            yield self.ids.mistaken, Control.MISTAKEN
        yield self.ids.done, Control.DONE
        if self.language:
            yield self.ids.officer.ids.language, Control.LANGUAGE


load_beside(__file__)
