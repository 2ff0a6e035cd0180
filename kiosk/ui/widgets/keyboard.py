"""The on-screen keyboard. Each page is painted once; a finger on a key costs the drawing of that key."""

from kivy.properties import BooleanProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.typing import TONES
from kiosk.ui import theme
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.key_face import KeyFaces, draw_key
from kiosk.ui.widgets.key_rows import BACKSPACE, DIGITS, LETTERS, SHIFT, SYMBOLS, UPRIGHT, WIDE, Place, placed
from kiosk.ui.widgets.still import Still

CAPITALS = "capitals"
DIGITS_WIDTH = 560


class Key(Widget):
    """Where a finger may go for one key. It draws nothing: the whole page is one picture."""

    touchable = "key"

    def __init__(self, value: str, **properties: object) -> None:
        super().__init__(**properties)
        self.value = value


class Keyboard(OneFinger):
    """Types a character or tone at a time: `on_key(value)`, `on_backspace()`.

    digits: only those, for a telephone number. capital: whether the next letter is large; SHIFT changes it, a letter ends it.
    space: what stands on the space bar.
    """

    digits = BooleanProperty(False)
    capital = BooleanProperty(False)
    space = StringProperty()
    page = OptionProperty(LETTERS, options=[LETTERS, SYMBOLS])

    __events__: tuple[str, ...] = ("on_key", "on_backspace")

    def __init__(self, **properties: object) -> None:
        self._pages: dict[str, tuple[list[Place], Still]] = {}
        super().__init__(**properties)
        self.bind(size=self._paint, digits=self._paint, space=self._paint)
        self.bind(pos=self._show, capital=self._show, page=self._show)
        theme.theme.bind(unit=self._paint, upright=self._paint)
        self._paint()

    def place_of(self, value: str) -> tuple[float, float]:
        """The middle of a key on the page that is shown, in the window."""
        return next(key.to_window(*key.center) for key in self._keys() if key.value == value)

    def under(self, x: float, y: float) -> Widget | None:
        return next((key for key in self._keys() if key.collide_point(x, y)), None)

    def show_press(self, target: Widget | None) -> None:
        self.canvas.after.clear()
        if target is not None:
            place = Place(target.value, target.x, target.y, target.width, target.height)
            with self.canvas.after:
                draw_key(place, self.capital, self.space, inked=True)

    def act(self, target: Widget) -> None:
        value = target.value
        if value == SHIFT:
            self.capital = not self.capital
        elif value in (SYMBOLS, LETTERS):
            self.page = value
        elif value == BACKSPACE:
            self.dispatch("on_backspace")
        else:
            large = self.capital and self.page == LETTERS and value not in TONES
            if large:
                self.capital = False
            self.dispatch("on_key", value.upper() if large else value)

    def on_key(self, value: str) -> None:
        """A character or a tone was typed."""

    def on_backspace(self) -> None:
        """The last character is to go."""

    def _paint(self, *_: object) -> None:
        """Make the pages anew, for another size or other keys."""
        self.let_go()
        width = min(self.width, DIGITS_WIDTH * theme.theme.unit) if self.digits else self.width
        rows = DIGITS if self.digits else UPRIGHT if theme.theme.upright else WIDE
        self._pages = {}
        for name, page in [(CAPITALS, LETTERS), *((page, page) for page in rows)]:
            places = placed(rows[page], width, self.height)
            picture = Still(ground=theme.GROUND, size=(width, self.height))
            picture.add_widget(KeyFaces(places, capital=name == CAPITALS, space=self.space))
            self._pages[name] = (places, picture)
        self._show()

    def _show(self, *_: object) -> None:
        """Put the page in force on the screen, and its keys under the finger."""
        self.let_go()
        shown = LETTERS if self.digits else CAPITALS if self.capital and self.page == LETTERS else self.page
        places, picture = self._pages[shown]
        picture.pos = (round(self.center_x - picture.width / 2), round(self.y))
        for other in [child for child in self.children if child is not picture and isinstance(child, Still)]:
            self.remove_widget(other)
        if picture.parent is None:
            self.add_widget(picture, index=len(self.children))
        if [key.value for key in self._keys()] != [place.value for place in places]:
            self.clear_widgets(self._keys())
            for place in places:
                self.add_widget(Key(place.value))
        for key, place in zip(self._keys(), places, strict=True):
            key.pos, key.size = (picture.x + place.x, picture.y + place.y), (place.width, place.height)

    def _keys(self) -> list[Key]:
        return [child for child in reversed(self.children) if isinstance(child, Key)]
