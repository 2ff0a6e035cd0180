"""The second screen: why, in the same form after either answer, so that nobody beside the tablet can tell which it was."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.officer_card
import kiosk.ui.widgets.push
import kiosk.ui.widgets.ring  # noqa: F401 their kv classes are used in ours
from kiosk.touch import Chip, Control, Target
from kiosk.ui import theme
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.ui.widgets.chip import ReasonChip

PAINTED = ("officer_name", "officer_title", "officer_photo", "counter", "language", "sentence", "mistaken", "write", "done")


class Offered(NamedTuple):
    """A reason on offer: its id, the name of its icon, its words."""

    reason: str
    icon: str
    words: str


class WhyScreen(TouchedScreen):
    """sentence: what is asked. write, done, mistaken: words of the buttons; the last mends the answer. mend_left: 0 to 1, of the time
    for it. going: a sentence while the turn is about to end by itself, else empty.
    """

    officer_name = StringProperty()
    officer_title = StringProperty()
    officer_photo = StringProperty()
    counter = StringProperty()
    language = StringProperty()
    sentence = StringProperty()
    mistaken = StringProperty()
    mend_left = NumericProperty(0.0)
    write = StringProperty()
    done = StringProperty()
    going = StringProperty()

    def __init__(self, **properties: object) -> None:
        self._offered: list[Offered] = []
        self._cover = InstructionGroup()
        super().__init__(**properties)
        self.canvas.after.insert(0, self._cover)
        self.bind(mend_left=self._cover_mistaken)
        self.bind(**dict.fromkeys(PAINTED, self.ids.still.paint_soon))

    def offer(self, reasons: Sequence[Offered]) -> None:
        """Show these reasons."""
        if list(reasons) == self._offered:
            return
        self._offered = list(reasons)
        self.ids.chips.clear_widgets()
        for reason in reasons:
            self.ids.chips.add_widget(ReasonChip(reason=reason.reason, icon=reason.icon, words=reason.words))
        self.ids.still.paint_soon()

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        for chip in self.ids.chips.children:
            yield chip, Chip(chip.reason)
        if self.mend_left:
            yield self.ids.mistaken, Control.MISTAKEN
        yield self.ids.write, Control.WRITE
        yield self.ids.done, Control.DONE
        if self.language:
            yield self.ids.officer.ids.language, Control.LANGUAGE

    def _cover_mistaken(self, *_: object) -> None:
        """The picture has the button; over ground it is gone."""
        self._cover.clear()
        if not self.mend_left:
            button = self.ids.mistaken
            self._cover.add(Color(*theme.GROUND))
            self._cover.add(Rectangle(pos=(button.x - 1, button.y - 3), size=(button.width + 2, button.height + 4)))


load_beside(__file__)
