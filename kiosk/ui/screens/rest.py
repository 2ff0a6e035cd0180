"""Outside opening hours: dark, with the hours; a touch wakes the kiosk."""

from kivy.graphics import ClearBuffers, ClearColor
from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label

import kiosk.ui.widgets.words  # noqa: F401 its kv class is used in ours
from kiosk.ui import theme
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import is_finger

USUAL_RECEPTION = 75
USUAL_LINES = 4


class Row(BoxLayout):
    """A line of the week. days, hours: in words."""

    days = StringProperty()
    hours = StringProperty()


class Part(Label):
    """A sentence as wide as its place, which takes no room where it says nothing."""


class RestScreen(BoxLayout):
    """place: unit and counter. headline, hours (a line for each span), opening: of today. usual: above the week; week: pairs of days
    and hours.

    reception: when the leader receives citizens; invitation: to touch. Any of them may be empty. tight: whether so much is said that
    it stands closer. dim: a darker picture, for a display whose own light cannot be dimmed.
    """

    place = StringProperty()
    headline = StringProperty()
    hours = StringProperty()
    opening = StringProperty()
    usual = StringProperty()
    week = ListProperty()
    reception = StringProperty()
    invitation = StringProperty()
    tight = BooleanProperty(False)
    dim = BooleanProperty(False)

    __events__ = ("on_wake",)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            ClearColor(*theme.INK)
            ClearBuffers()
        self.bind(week=self._fill, headline=self._fit, hours=self._fit, reception=self._fit)
        self._fill()
        self._fit()

    def _fill(self, *_: object) -> None:
        self.ids.rows.clear_widgets()
        for days, hours in self.week:
            self.ids.rows.add_widget(Row(days=days, hours=hours))
        self._fit()

    def _fit(self, *_: object) -> None:
        lines = sum(hours.count("\n") + 1 for _days, hours in self.week)
        self.tight = "\n" in self.headline or self.hours.count("\n") > 1 or len(self.reception) > USUAL_RECEPTION or lines > USUAL_LINES

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if is_finger(touch):
            self.dispatch("on_wake")
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        return True

    def on_wake(self) -> None:
        """A finger went down."""


load_beside(__file__)
