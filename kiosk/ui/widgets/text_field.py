"""What has been typed, and where it goes on. Not Kivy's text input: the keys are ours, and only the lines that are seen are drawn,
of which a key changes one.
"""

from functools import lru_cache

from kivy.clock import Clock
from kivy.core.text import Label as Drawn
from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.ahead import ahead
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.wrapping import wrap

LINE_HEIGHT = 1.36  # of the font's size


class TextField(Widget):
    """text: whole, of which the last lines are shown. hint: shown while it is empty. caret: whether one types here."""

    text = StringProperty()
    hint = StringProperty()
    caret = BooleanProperty(True)
    pressed = BooleanProperty(False)
    font_size = NumericProperty(34)
    pad = NumericProperty(26)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._written = InstructionGroup()
        self.canvas.after.add(self._written)
        write_soon = Clock.create_trigger(self._write, -1)
        self.bind(**dict.fromkeys(("text", "hint", "caret", "pos", "size", "font_size", "pad"), write_soon))

    def _write(self, _: float) -> None:
        room, line_height = max(1.0, self.width - 2 * self.pad), self.font_size * LINE_HEIGHT
        fitting = max(1, int((self.height - self.pad) // line_height))
        lines = wrap(self.text or self.hint, room, self._wide)[-fitting:]
        top = self.top - (self.pad if fitting > 1 else self.height - line_height) / 2
        ahead.show(self)
        self._written.clear()
        self._written.add(Color(rgba=theme.INK if self.text else theme.SOFT_INK))
        for number, line in enumerate(lines):
            texture = _texture(line, self.font_size)
            middle = top - (number + 0.5) * line_height
            place = (round(self.x + self.pad), round(middle - texture.height / 2))
            self._written.add(Rectangle(texture=texture, pos=place, size=texture.size))
        if self.caret:
            last = lines[-1] if self.text else ""
            number = len(lines) if self.text else 1
            place = (
                round(self.x + self.pad + min(self._wide(last), room)) + (1 if self.text else -5),
                round(top - (number - 0.12) * line_height),
            )
            self._written.add(Color(rgba=theme.INK))
            self._written.add(Rectangle(pos=place, size=(max(2, round(self.font_size / 11)), round(line_height * 0.76))))

    def _wide(self, words: str) -> float:
        return _extent(words, self.font_size)


@lru_cache(4096)
def _extent(words: str, size: float) -> float:
    return float(Drawn(font_name="regular", font_size=size).get_extents(words)[0])


@lru_cache(16)
def _texture(line: str, size: float) -> Texture:
    drawn = Drawn(text=line, font_name="regular", font_size=size)
    drawn.refresh()
    drawn.texture.mag_filter = drawn.texture.min_filter = "nearest"  # as in Still
    return drawn.texture


load_beside(__file__)
