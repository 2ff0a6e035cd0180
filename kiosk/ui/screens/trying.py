"""What a try of the setup finds, as it comes; and how it ended."""

from collections.abc import Callable
from typing import TypeVar

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.findings
import kiosk.ui.widgets.push
import kiosk.ui.widgets.scrolled  # noqa: F401 their kv classes are used in ours
from kiosk.findings import Try
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger

FOLLOW_SECONDS = 0.1
Result = TypeVar("Result")


class TryingScreen(BoxLayout, OneFinger):
    """headline; findings: of `kiosk.findings`. note: what is to be said of all. back_words, again_words, go_words, other_words: on the
    buttons; one without words is not there. urged: which of them is the one to take, `go` or `again`. busy: while it goes on, and nothing
    can be touched. Events: `on_back`, `on_again`, `on_go`, `on_other`.
    """

    headline = StringProperty()
    findings = ListProperty()
    note = StringProperty()
    back_words = StringProperty()
    again_words = StringProperty()
    go_words = StringProperty()
    urged = StringProperty("go")
    other_words = StringProperty()
    busy = BooleanProperty(False)

    __events__ = ("on_back", "on_again", "on_go", "on_other")

    def follow(self, one: Try[Result], note: str, then: Callable[[Result], object]) -> None:
        """Show what is found as it comes, busy meanwhile; `then` is called with how it ended. note: what is said until then."""
        self.busy, self.findings, self.note = True, [], note

        def look(_: float) -> bool:
            done = one.done.done()  # first: what was found before it was done is all there then
            if len(self.findings) != len(one.findings):
                self.findings = list(one.findings)
            if done:
                self.busy = False
                then(one.done.result())
            return not done

        Clock.schedule_interval(look, FOLLOW_SECONDS)

    def under(self, x: float, y: float) -> Widget | None:
        if self.busy:
            return None
        return next((push for push in self._events() if push.text and push.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        self.dispatch(self._events()[target])

    def _events(self) -> dict[Widget, str]:
        ids = self.ids
        return {ids.back: "on_back", ids.again: "on_again", ids.go: "on_go", ids.other: "on_other"}

    def on_back(self) -> None:
        """What was entered is to be changed."""

    def on_again(self) -> None:
        """The same once more."""

    def on_go(self) -> None:
        """Go on with what there is."""

    def on_other(self) -> None:
        """Try it another way."""


load_beside(__file__)
