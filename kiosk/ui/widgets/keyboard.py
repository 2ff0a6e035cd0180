"""The on-screen keyboard. Each page is painted once; a finger on a key costs the drawing of that key."""

from collections.abc import Mapping, Sequence

from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.typing import TONES
from kiosk.ui import theme
from kiosk.ui.ahead import ahead
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.key_face import draw_key, draw_sign, painted_page
from kiosk.ui.widgets.key_rows import (
    BACKSPACE,
    DIGITS,
    LETTERS,
    PLAIN,
    PLAIN_UPRIGHT,
    SHIFT,
    SPACE,
    SYMBOLS,
    UPRIGHT,
    WIDE,
    Place,
    Row,
    placed,
)
from kiosk.ui.widgets.still import Picture

CAPITALS = "capitals"
DIGITS_WIDTH = 560


class Key(Widget):
    """Where a finger may go for one key. It draws nothing: the whole page is one picture."""

    touchable = "key"
    pressed = False

    def __init__(self, value: str, **properties: object) -> None:
        super().__init__(**properties)
        self.value = value


def _place(key: Key) -> Place:
    """Where it is in the window."""
    return Place(key.value, key.x, key.y, key.width, key.height)


class Keyboard(OneFinger):
    """Types a character or tone at a time: `on_key(value)`, `on_backspace()`.

    digits: only those, for a telephone number. plain: for what is no Vietnamese, one of `key_rows.PLAIN`, or empty. capital: whether the
    next letter is large; SHIFT changes it, a letter ends it.
    space: what stands on the space bar.
    """

    digits = BooleanProperty(False)
    plain = OptionProperty("", options=["", *PLAIN])
    capital = BooleanProperty(False)
    space = StringProperty()
    page = OptionProperty(LETTERS, options=[LETTERS, SYMBOLS])

    __events__: tuple[str, ...] = ("on_key", "on_backspace")

    def __init__(self, **properties: object) -> None:
        self._rows: Mapping[str, Sequence[Row]] = {}
        self._page_size = (1, 1)
        super().__init__(**properties)
        self._picture = Picture()
        self.add_widget(self._picture)
        paint_soon = Clock.create_trigger(self._paint, -1)
        self.bind(size=paint_soon, digits=paint_soon, plain=paint_soon)
        self.bind(pos=self._show, capital=self._show, page=self._show, space=self._show)
        theme.theme.bind(unit=paint_soon, upright=paint_soon)
        paint_soon()

    def place_of(self, value: str) -> tuple[float, float]:
        """The middle of a key on the page that is shown, in the window."""
        return next(key.to_window(*key.center) for key in self._keys() if key.value == value)

    def under(self, x: float, y: float) -> Widget | None:
        return next((key for key in self._keys() if key.collide_point(x, y)), None)

    def show_press(self, target: Widget | None) -> None:
        super().show_press(target)
        self.canvas.after.clear()
        if target is not None:
            with self.canvas.after:
                draw_key(_place(target), self.capital, self.space, inked=True)

    def act(self, target: Widget) -> None:
        value = target.value
        if value == SHIFT:
            self.capital = not self.capital
        elif value in (SYMBOLS, LETTERS):
            self.page = value
        elif value == BACKSPACE:
            self.dispatch("on_backspace")
        else:
            large = self.capital and self.page == LETTERS and value not in TONES and len(value) == 1
            if large:
                self.capital = False
            self.dispatch("on_key", value.upper() if large else value)

    def on_key(self, value: str) -> None:
        """A character or a tone was typed."""

    def on_backspace(self) -> None:
        """The last character is to go."""

    def _paint(self, _: float) -> None:
        """Take the pages of another size or with other keys."""
        if min(self.size) <= 0:
            return  # without a place yet; Kivy writes beside its memory where a shape has less than no size
        width = min(self.width, DIGITS_WIDTH * theme.theme.unit) if self.digits else self.width
        self._page_size = (max(1, round(width)), max(1, round(self.height)))
        self._rows = self._rows_now()
        for name in (CAPITALS, LETTERS):  # signs are painted when somebody asks for them, which is seldom
            self._page(name)
        self._show()

    def _rows_now(self) -> Mapping[str, Sequence[Row]]:
        if self.digits:
            return DIGITS
        if self.plain:
            return {LETTERS: (PLAIN_UPRIGHT if theme.theme.upright else PLAIN)[self.plain]}
        return UPRIGHT if theme.theme.upright else WIDE

    def _page(self, name: str) -> tuple[list[Place], Texture]:
        """The keys of a page, and its picture, painted once."""
        places = placed(self._rows[LETTERS if name == CAPITALS else name], *self._page_size)
        return places, painted_page(tuple(places), self._page_size, theme.theme.unit, name == CAPITALS)

    def _show(self, *_: object) -> None:
        """Put the page in force on the screen, and its keys under the finger."""
        self.let_go()
        shown = LETTERS if self.digits else CAPITALS if self.capital and self.page == LETTERS else self.page
        if not self._rows or shown not in (CAPITALS, *self._rows):
            return
        ahead.show_all()
        places, picture = self._page(shown)
        self._picture.size = picture.size
        self._picture.pos = (round(self.center_x - picture.width / 2), round(self.y))
        self._picture.show(picture)
        if [key.value for key in self._keys()] != [place.value for place in places]:
            self.clear_widgets(self._keys())
            for place in places:
                self.add_widget(Key(place.value))
        for key, place in zip(self._keys(), places, strict=True):
            key.pos, key.size = (self._picture.x + place.x, self._picture.y + place.y), (place.width, place.height)
        self._picture.canvas.after.clear()
        with self._picture.canvas.after:
            for key in self._keys():
                if key.value == SPACE:
                    draw_sign(_place(key), False, self.space, inked=False)

    def _keys(self) -> list[Key]:
        return [child for child in reversed(self.children) if isinstance(child, Key)]
