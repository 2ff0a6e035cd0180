"""One line that a technician types: an address."""

from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.texts import Translate
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.writing import Writing

MOST = 200


class TypingScreen(FloatLayout, OneFinger):
    """title: what is typed. text: with which it begins. Events: `on_back`, `on_done` (the text)."""

    __events__ = ("on_back", "on_done")

    def __init__(self, translate: Translate, title: str, text: str, hint: str = "", **properties: object) -> None:
        super().__init__(**properties)
        words = {"back": translate("Bỏ qua"), "on": translate("Xong")}
        self._writing = Writing(translate, title=title, hint=hint, most=MOST, may_be_empty=True, plain=True, **words)
        self._writing.write(text)
        self.add_widget(self._writing)

    def under(self, x: float, y: float) -> Widget | None:
        return next((widget for widget in self._writing.touchables() if widget.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        if target is self._writing.ids.on:
            self.dispatch("on_done", self._writing.text)
        else:
            self.dispatch("on_back")

    def on_back(self) -> None:
        """It stays as it was."""

    def on_done(self, text: str) -> None:
        """It was typed."""
