"""Screens that are broken on purpose, one rule each, for the rules to find."""

from collections.abc import Callable

from kivy.graphics import Color, Rectangle
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.widgets.face import Face
from tests.stage.gallery import Speech

MM = 5.884  # 1280×800 on 10.1 inches


def words(text: str = "Một câu dài vừa phải", **properties: object) -> Label:
    usual = {"size_hint": (None, None), "size": (600, 80), "pos": (200, 300), "font_size": 40, "font_name": "regular"}
    return Label(text=text, **{"color": theme.INK, **usual, **properties})


def touched(kind: str, width: float, height: float, x: float = 200, y: float = 200) -> Widget:
    """A touchable of so many millimetres."""
    widget = Widget(size_hint=(None, None), size=(width * MM, height * MM), pos=(x, y))
    widget.touchable = kind
    return widget


def face(smiles: bool, colour: list[float], x: float) -> Face:
    return Face(smiles=smiles, colour=colour, size_hint=(None, None), size=(300, 300), pos=(x, 200))


def pale_on_a_picture() -> Label:
    label = words()
    with label.canvas.before:
        Color(*theme.SOFT_INK)
        Rectangle(pos=(200, 300), size=(300, 80))
    return label


def of(*make: Callable[[], Widget]) -> Callable[[Speech], Widget]:
    """A screen of these widgets, which stand where they say."""

    def screen(_: Speech) -> Widget:
        layout = FloatLayout()
        for widget in make:
            layout.add_widget(widget())
        return layout

    return screen


GALLERY = {
    "too-narrow": of(lambda: words(size=(200, 80))),
    "cut-marks": of(lambda: words("ỂẪg", line_height=0.5)),
    "too-many-lines": of(lambda: words("Một câu hai dòng", text_size=(200, 60), valign="middle", halign="center")),
    "words-left-out": of(lambda: words("Một câu quá dài cho một dòng " * 3, text_size=(600, 60))),
    "beside-the-window": of(lambda: words(pos=(1000, 300), size_hint=(None, None))),
    "on-each-other": of(words, lambda: words(pos=(230, 338))),
    "words-under-a-button": of(words, lambda: touched("button", 30, 30, 300, 250)),
    "small-button": of(lambda: touched("button", 15, 30)),
    "small-card": of(lambda: touched("answer", 90, 50)),
    "small-key": of(lambda: touched("key", 14, 14)),
    "small-print": of(lambda: words(font_size=14)),
    "pale": of(lambda: words(color=theme.PORTRAIT_SHAPE)),
    "pale-on-a-picture": of(pale_on_a_picture),
    "twins": of(lambda: face(True, theme.SATISFIED, 100), lambda: face(True, theme.DISSATISFIED, 700)),
    "in-the-corner": of(lambda: touched("button", 30, 30, x=60, y=580)),
    "one-skin": of(lambda: face(True, theme.SATISFIED, 100), lambda: face(False, theme.SATISFIED, 700)),
}
