"""A page of reasons."""

from collections.abc import Sequence
from typing import NamedTuple

from kivy.properties import BooleanProperty
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.chip import ReasonChip

FEWEST_ON_A_PAGE = 4


class Offered(NamedTuple):
    """A reason on offer: its id, the name of its icon, its words."""

    reason: str
    icon: str
    words: str


class ReasonChips(GridLayout):
    """margin: how far the chips' shadows reach, in pixels of a display of 1280 × 800. covered: whether another
    page hides them.
    """

    margin = 10
    covered = BooleanProperty(False)

    def show(self, reasons: Sequence[Offered], places: int) -> None:
        """These reasons. places: for how many there is room, so that a page with fewer has chips of the same size."""
        self.clear_widgets()
        for reason in reasons:
            self.add_widget(ReasonChip(reason=reason.reason, icon=reason.icon, words=reason.words))
        for _place in range(places - len(reasons)):
            self.add_widget(Widget())

    def shown(self) -> list[ReasonChip]:
        """What can be touched."""
        return [child for child in self.children if isinstance(child, ReasonChip)]


load_beside(__file__)
