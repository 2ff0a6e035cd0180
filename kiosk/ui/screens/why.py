"""The second screen: why, in the same form after either answer, so that nobody beside the tablet can tell which it was."""

from collections.abc import Iterator, Sequence

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.officer_card
import kiosk.ui.widgets.push
import kiosk.ui.widgets.ring
import kiosk.ui.widgets.sentence  # noqa: F401 their kv classes are used in ours
from kiosk.touch import Chip, Control, Target
from kiosk.ui import theme
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.ui.widgets.chips import FEWEST_ON_A_PAGE, Offered, ReasonChips
from kiosk.ui.widgets.still import Still

PAINTED = ("officer_name", "officer_title", "officer_photo", "counter", "language", "sentence", "mistaken", "more", "write", "done")


class WhyScreen(TouchedScreen):
    """sentence: what is asked. more, write, done, mistaken: words of the buttons; the last mends the answer. mend_left: 0 to 1, of the
    time for it. page_of: how the pages of reasons are numbered. going: a sentence while the turn is about to end by itself, else empty.

    The first page of reasons is part of the one picture; any other is a picture that covers it.
    """

    officer_name = StringProperty()
    officer_title = StringProperty()
    officer_photo = StringProperty()
    counter = StringProperty()
    language = StringProperty()
    sentence = StringProperty()
    mistaken = StringProperty()
    mend_left = NumericProperty(0.0)
    more = StringProperty()
    write = StringProperty()
    done = StringProperty()
    page_of = StringProperty("{page}/{pages}")
    page_words = StringProperty()
    going = StringProperty()

    def __init__(self, **properties: object) -> None:
        self._offered: list[Offered] = []
        self._others: list[Still] = []
        self._page = 0
        self._cover = InstructionGroup()
        super().__init__(**properties)
        self._more = self.ids.more.__self__
        self.canvas.after.insert(0, self._cover)
        self.bind(mend_left=self._cover_mistaken)
        self.bind(**dict.fromkeys(PAINTED, self.ids.still.paint_soon))
        theme.theme.bind(small=self._fill)
        self.ids.chips.bind(pos=self._place_others, size=self._place_others)
        self._fill()

    def offer(self, reasons: Sequence[Offered]) -> None:
        """Show these reasons, a page at a time."""
        if list(reasons) != self._offered:
            self._offered = list(reasons)
            self._fill()

    def turn_to(self, turned: int) -> None:
        """Show the page that is reached by so many turns; after the last comes the first."""
        page = turned % (1 + len(self._others))
        if page != self._page:
            self._show_page(page)

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        for chip in self._chips().shown():
            yield chip, Chip(chip.reason)
        if self.mend_left:
            yield self.ids.mistaken, Control.MISTAKEN
        if self._others:
            yield self._more, Control.MORE
        yield self.ids.write, Control.WRITE
        yield self.ids.done, Control.DONE
        if self.language:
            yield self.ids.officer.ids.language, Control.LANGUAGE

    def _chips(self) -> ReasonChips:
        return self._others[self._page - 1].children[0] if self._page else self.ids.chips

    def _fill(self, *_: object) -> None:
        self._show_page(0)
        most = FEWEST_ON_A_PAGE * (1 if theme.theme.small else 2)
        pages = [self._offered[start : start + most] for start in range(0, len(self._offered), most)] or [[]]
        places = most if len(pages) > 1 else len(pages[0])
        self.ids.chips.show(pages[0], places)
        self._others = [Still(ground=theme.GROUND, frames=4) for _page in pages[1:]]
        for still, page in zip(self._others, pages[1:], strict=True):
            still.add_widget(ReasonChips())
            still.children[0].show(page, places)
        buttons = self.ids.buttons
        if self._others and self._more.parent is None:
            buttons.add_widget(self._more, index=2)
        elif not self._others and self._more.parent is not None:
            buttons.remove_widget(self._more)
        self._place_others()
        self._show_page(0)
        self.ids.still.paint_soon()

    def _place_others(self, *_: object) -> None:
        """Over the first page, with what the shadows need around it."""
        chips, margin = self.ids.chips, round(ReasonChips.margin * theme.theme.unit)
        for still in self._others:
            still.pos, still.size = (chips.x - margin, chips.y - margin), (chips.width + 2 * margin, chips.height + 2 * margin)
            still.size_hint = None, None
            still.children[0].padding = margin

    def _show_page(self, page: int) -> None:
        self._page, self.ids.chips.covered = page, page > 0
        for number, still in enumerate(self._others, 1):
            if number == page and still.parent is None:
                self.add_widget(still, index=len(self.children) - 1)
            elif number != page and still.parent is not None:
                self.remove_widget(still)
        self.page_words = self.page_of.format(page=page + 1, pages=1 + len(self._others)) if self._others else ""

    def _cover_mistaken(self, *_: object) -> None:
        """The picture has the button; over ground it is gone."""
        button = self.ids.mistaken
        self._cover.clear()
        button.covered = not self.mend_left
        if button.covered:
            self._cover.add(Color(*theme.GROUND))
            self._cover.add(Rectangle(pos=(button.x - 1, button.y - 3), size=(button.width + 2, button.height + 4)))


load_beside(__file__)
