"""Something for the technician to read, and perhaps a question: the log, or whether really to leave."""

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push
import kiosk.ui.widgets.scrolled  # noqa: F401 their kv classes are used in ours
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger


class ReadingScreen(BoxLayout, OneFinger):
    """headline; words: as long as need be, they scroll. back_words, yes_words: on the buttons; without the latter there is
    only one. ends: whether the end of the words is what is wanted, as of a log. Events: `on_back`, `on_yes`.
    """

    headline = StringProperty()
    words = StringProperty()
    back_words = StringProperty()
    yes_words = StringProperty()
    ends = BooleanProperty(False)

    __events__ = ("on_back", "on_yes")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.ids.scroll.scroll_y = 0 if self.ends else 1

    def under(self, x: float, y: float) -> Widget | None:
        shown = [self.ids.back, self.ids.yes] if self.yes_words else [self.ids.back]
        return next((push for push in shown if push.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        self.dispatch("on_back" if target is self.ids.back else "on_yes")

    def on_back(self) -> None:
        """It was read, or no was said."""

    def on_yes(self) -> None:
        """Yes was said."""


load_beside(__file__)
