"""Reads a screen in Kivy's window: its widgets, and the pixels of its letters. Imported only where Kivy has been prepared."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from kivy.core.window import Window
from kivy.graphics.opengl import (
    GL_COLOR_BUFFER_BIT,
    GL_RGB,
    GL_UNSIGNED_BYTE,
    glClear,
    glClearColor,
    glPixelStorei,
    glReadPixels,
)
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget
from PIL import Image, ImageFilter, ImageFont

from kiosk.ui.ahead import ahead
from kiosk.ui.app import FullWindow
from kiosk.ui.theme import theme
from kiosk.ui.widgets.stage import Stage
from tests.screens.seen import Box, Colour, Seen, Touchable, View
from tests.stage.gallery import SPEECHES, Speech

FRAMES_AT_LEAST, FRAMES_AT_MOST = 7, 60  # a picture (`Still`) is painted some frames after it changed
MARK = 2  # pixels by which two programs may draw the same letters differently
GL_PACK_ALIGNMENT = 0x0D05
RED = (1.0, 0.0, 0.0, 1.0)


class Recorder:
    """Steps through the gallery, a screen at a time, and waits before each photograph until the picture is still."""

    def __init__(
        self,
        app: FullWindow,
        gallery: dict[str, Callable[[Speech], Widget]],
        folder: Path,
        inches: float,
        languages: list[str],
        parts: bool = False,
    ) -> None:
        self._app = app
        self._parts = parts
        self._drawn_parts: dict[str, list[tuple[int, int, int, int]]] = {}
        self.frame = Stage()
        self._gallery, self._folder, self._inches, self._languages = gallery, folder, inches, languages
        self._views: list[View] = []
        self._steps = self._walk()

    def step(self, _: float) -> bool:
        """One frame; false when all is done."""
        return next(self._steps, False)

    def _walk(self) -> Iterator[bool]:
        Window.bind(on_draw=lambda _: True, on_flip=lambda _: True)  # only what is photographed is drawn
        for language in self._languages:
            for name, make in self._gallery.items():
                self.frame.clear_widgets()
                screen = make(SPEECHES[language])
                self.frame.add_widget(screen)
                drawn = b""
                for frame in range(FRAMES_AT_MOST):
                    yield True
                    if frame >= FRAMES_AT_LEAST and frame % 2:
                        before, drawn = drawn, self._draw()
                        if before == drawn:
                            break
                if self._parts:
                    self._drawn_parts[f"{name}-{language}.png"], drawn = self._draw_parts(screen)
                self._note(screen, name, language, _picture(drawn))
        (self._folder / "views.json").write_bytes(msgspec.json.encode(self._views))
        (self._folder / "parts.json").write_bytes(msgspec.json.encode(self._drawn_parts))

    def _draw(self) -> bytes:
        """What the window shows, drawn now: pixels from the bottom up."""
        self._app.surface.draw()
        glPixelStorei(GL_PACK_ALIGNMENT, 1)
        drawn: bytes = glReadPixels(0, 0, Window.width, Window.height, GL_RGB, GL_UNSIGNED_BYTE)
        return drawn

    def _draw_parts(self, screen: Widget) -> tuple[list[tuple[int, int, int, int]], bytes]:
        """Red, and a few widgets on it, as they are drawn ahead of all else: what can be touched, and text that may be scrolled. Where they
        are (left, top, right, bottom), and the picture.
        """
        seen = [widget for widget in screen.walk() if widget.opacity and min(widget.size) > 0]
        touchable = [widget for widget in seen if getattr(widget, "touchable", "")]
        for widget in [*touchable[:1], *touchable[-1:], [widget for widget in seen if isinstance(widget, Label)][-1]]:
            ahead.show(widget)
        high = Window.height
        boxes = [(box.left, high - box.bottom - box.height, box.left + box.width, high - box.bottom) for box in ahead._boxes]
        picture = self._app.surface._picture
        picture.bind()
        glClearColor(*RED)
        glClear(GL_COLOR_BUFFER_BIT)
        picture.release()
        return boxes, self._draw()

    def _note(self, screen: Widget, name: str, language: str, picture: Image.Image) -> None:
        file = f"{name}-{language}.png"
        picture.save(self._folder / file, compress_level=1)
        window = Box(0, 0, *Window.size)
        widgets: list[Seen] = []
        _see(screen, window, False, [], picture, widgets)
        self._views.append(View(name, language, self._inches, theme.mm, window, widgets, str(self._folder / file)))


def _see(widget: Widget, area: Box, scrolled: bool, inside: list[int], picture: Image.Image, found: list[Seen]) -> None:
    """Note a widget, then those in it. What is invisible or has no size is left out, with all that is in it."""
    if widget.opacity == 0 or getattr(widget, "covered", False) or min(widget.size) <= 0:
        return
    box = _box(widget)
    number = len(found)
    touchable: Touchable = getattr(widget, "touchable", "button" if isinstance(widget, ButtonBehavior) else "")
    text = _text(widget, box, area, picture) if isinstance(widget, Label) and widget.text.strip() else {}
    found.append(Seen(number, type(widget).__name__, box, inside, area, scrolled, touchable, **text))
    if isinstance(widget, ScrollView):
        area, scrolled = box, True
    for child in reversed(widget.children):
        _see(child, area, scrolled, [*inside, number], picture, found)


def _box(widget: Widget) -> Box:
    left, bottom = widget.to_window(widget.x, widget.y)
    right, top = widget.to_window(widget.right, widget.top)
    return Box(left, Window.height - top, right, Window.height - bottom)


def _text(label: Label, box: Box, area: Box, picture: Image.Image) -> dict[str, Any]:
    """What can be said of a label's letters, from its texture and from the picture behind it."""
    if label.texture is None:  # it is in a picture already
        label.texture_update()
    texture = label.texture
    letters = Image.frombytes("RGBA", texture.size, texture.pixels).getchannel("A")
    left = int((box.left + box.right - texture.width) / 2)  # as Kivy's own rule for a Label
    top = Window.height - int(Window.height - (box.top + box.bottom + texture.height) / 2) - texture.height
    facts: dict[str, Any] = {
        "text": label.text,
        "texture": texture.size,
        "line": label._label.get_extents("x")[1],
        "cut": _cut(label, letters),
    }
    inked = letters.point(lambda alpha: 255 if alpha > 40 else 0).getbbox()
    if inked is None:
        return facts
    ink = Box(left + inked[0], top + inked[1], left + inked[2], top + inked[3])
    facts["ink"] = ink
    if ink.sticks_out_of(area) <= 0:
        facts["ink_colour"], facts["ground"] = _colours(letters.crop(inked), ink, picture)
    return facts


def _cut(label: Label, letters: Image.Image) -> bool:
    """Whether words were left out, or marks above the first line or below the last one were cut off."""
    lines = label._label._cached_lines
    if not lines or bool(label.is_shortened) or "".join(_spoken(lines)) != "".join(label.text.split()):
        return True
    high = sum(round(line.h * label.line_height) for line in lines)
    if label.text_size[1] is not None and high > letters.height + MARK:
        return True
    if label.valign in ("middle", "center"):
        beside = max(0, (letters.height - high) // 2)
        letters = letters.crop((0, beside, letters.width, letters.height - beside))
    font = _font(label._label.options["font_name_r"], int(label.font_size))
    rows = [round(line.h * max(label.line_height, 1)) + 1 for line in (lines[0], lines[-1])]
    ends = (0, 0, letters.width, rows[0]), (0, letters.height - rows[1], letters.width, letters.height)
    for line, end in zip(_spoken([lines[0], lines[-1]]), ends, strict=True):
        inked = letters.crop(end).point(lambda alpha: 255 if alpha > 40 else 0).getbbox()
        _, top, _, bottom = font.getbbox(line or " ")
        if inked is not None and bottom - top > inked[3] - inked[1] + MARK:
            return True
    return False


@cache
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)


def _spoken(lines: list[Any]) -> list[str]:
    """The letters of each line that Kivy laid out."""
    return ["".join("".join(word.text for word in line.words).split()) for line in lines]


def _colours(letters: Image.Image, ink: Box, picture: Image.Image) -> tuple[Colour | None, list[tuple[int, Colour]]]:
    """The commonest colour of the letters' middles, and those of everything around them, in the picture."""
    at = round(ink.left), round(ink.top)
    seen = picture.crop((*at, at[0] + letters.width, at[1] + letters.height))
    middles = letters.point(lambda alpha: 255 if alpha >= 250 else 0)
    near = letters.point(lambda alpha: 255 if alpha > 0 else 0).filter(ImageFilter.BoxBlur(2))
    around = near.point(lambda share: 0 if share else 255)
    in_ink, in_ground = _counted(seen, middles), _counted(seen, around)
    ground = [(number, colour) for colour, number in in_ground.most_common(1000)]
    return (in_ink.most_common(1)[0][0] if in_ink else None), ground


def _counted(picture: Image.Image, mask: Image.Image) -> Counter[Colour]:
    """The colours of a picture where the mask is white."""
    masked = picture.convert("RGBA")
    masked.putalpha(mask)
    counted: Counter[Colour] = Counter()
    for number, colour in masked.getcolors(masked.width * masked.height) or []:
        if isinstance(colour, tuple) and colour[3]:
            counted[colour[0], colour[1], colour[2]] += number
    return counted


def _picture(drawn: bytes) -> Image.Image:
    return Image.frombytes("RGB", Window.size, drawn).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
