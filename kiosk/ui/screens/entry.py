"""A line that a technician types: the server's address, or an enrolment code."""

from collections.abc import Callable

from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.texts import Translate
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.writing import Writing

LONGEST_ADDRESS, LONGEST_CODE = 200, 23
ADDRESS_SIZE, CODE_SIZE = 40, 42  # drawn pixels: each character is compared with one on paper


class EntryScreen(FloatLayout, OneFinger):
    """title: what is typed. plain: as of a `Keyboard`. accepts: whether a text is one. shape: how it is shown. Events: `on_back`, `on_done`
    (text). The text stays until `write`.
    """

    __events__ = ("on_back", "on_done")

    def __init__(
        self,
        translate: Translate,
        title: str,
        hint: str,
        plain: str,
        accepts: Callable[[str], bool],
        shape: Callable[[str], str] | None = None,
        **properties: object,
    ) -> None:
        super().__init__(**properties)
        self._writing = Writing(
            translate,
            title=title,
            hint=hint,
            back=translate("Trở về"),
            on=translate("Tiếp tục"),
            plain=plain,
            accepts=accepts,
            shape=shape,
            font_size=CODE_SIZE if plain == "code" else ADDRESS_SIZE,
            most=LONGEST_CODE if plain == "code" else LONGEST_ADDRESS,
        )
        self.add_widget(self._writing)
        self.write = self._writing.write

    @property
    def text(self) -> str:
        """What was typed."""
        return self._writing.text

    def under(self, x: float, y: float) -> Widget | None:
        return next((push for push in self._writing.touchables() if push.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        if target is self._writing.ids.back:
            self.dispatch("on_back")
        else:
            self.dispatch("on_done", self.text)

    def on_back(self) -> None:
        """Another way."""

    def on_done(self, text: str) -> None:
        """A text was typed that is accepted."""
