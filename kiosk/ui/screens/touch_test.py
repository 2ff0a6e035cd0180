"""The test of the touch screen: a grid over the whole screen, every square of which is to be touched; where the finger is, is drawn."""

from kivy.clock import Clock
from kivy.graphics import Color, Ellipse, InstructionGroup, Line, Rectangle
from kivy.input import MotionEvent
from kivy.properties import StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.texts import Translate
from kiosk.ui import theme
from kiosk.ui.kv import load_beside

LONG_SIDE, SHORT_SIDE = 8, 5
IDLE_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 1.5
Square = tuple[int, int]


class TouchTestScreen(FloatLayout):
    """No part of it is a button, so that every square is tested: it ends when all were touched, or by itself without a touch.

    Event: `on_done` (what was found, as a sentence).
    """

    sentence = StringProperty()

    __events__ = ("on_done",)

    def __init__(self, translate: Translate, **properties: object) -> None:
        self._translate = translate
        self._touched: set[Square] = set()
        self._fingers: dict[int, InstructionGroup] = {}
        self._squares, self._marks = InstructionGroup(), InstructionGroup()
        self._end = Clock.create_trigger(self._finish, IDLE_SECONDS)
        self.sentence = translate("Xin vuốt ngón tay qua mọi ô. Khi đủ, hoặc sau 10 giây không chạm, kết quả sẽ hiện ra.")
        super().__init__(**properties)
        self.canvas.before.add(self._squares)
        self.canvas.after.add(self._marks)
        self.bind(pos=self._draw, size=self._draw)

    def begin(self) -> None:
        """Nothing is touched yet."""
        self._touched.clear()
        self._fingers.clear()
        self._marks.clear()
        self._draw()
        self._wait(IDLE_SECONDS)

    def on_done(self, found: str) -> None:
        """The test has ended."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self._follow(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        self._follow(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        mark = self._fingers.pop(touch.uid, None)
        if mark is not None:
            self._marks.remove(mark)
        return True

    def _shape(self) -> Square:
        return (SHORT_SIDE, LONG_SIDE) if theme.theme.upright else (LONG_SIDE, SHORT_SIDE)

    def _follow(self, touch: MotionEvent) -> None:
        columns, rows = self._shape()
        column = int((touch.x - self.x) / self.width * columns)
        row = int((touch.y - self.y) / self.height * rows)
        if 0 <= column < columns and 0 <= row < rows:
            self._touched.add((column, row))
        self._draw()
        self._mark(touch)
        self._wait(LOOK_AGAIN_SECONDS if len(self._touched) == columns * rows else IDLE_SECONDS)

    def _wait(self, seconds: float) -> None:
        self._end.cancel()
        self._end = Clock.create_trigger(self._finish, seconds)
        self._end()

    def _draw(self, *_: object) -> None:
        columns, rows = self._shape()
        wide, high = self.width / columns, self.height / rows
        self._squares.clear()
        for column in range(columns):
            for row in range(rows):
                place = (self.x + column * wide, self.y + row * high)
                self._squares.add(Color(*(theme.SATISFIED if (column, row) in self._touched else theme.SURFACE)))
                self._squares.add(Rectangle(pos=place, size=(wide, high)))
                self._squares.add(Color(*theme.INK))
                self._squares.add(Line(rectangle=(*place, wide, high), width=1))

    def _mark(self, touch: MotionEvent) -> None:
        self.on_touch_up(touch)
        mark, radius = InstructionGroup(), 34 * theme.theme.unit
        mark.add(Color(*theme.PRESSED))
        mark.add(Line(points=(self.x, touch.y, self.right, touch.y), width=1))
        mark.add(Line(points=(touch.x, self.y, touch.x, self.top), width=1))
        mark.add(Ellipse(pos=(touch.x - radius, touch.y - radius), size=(2 * radius, 2 * radius)))
        self._fingers[touch.uid] = mark
        self._marks.add(mark)

    def _finish(self, _: float) -> None:
        translate = self._translate
        columns, rows = self._shape()
        left = columns * rows - len(self._touched)
        if self.parent is None:
            return
        if left:
            sentence = translate("Màn hình cảm ứng: {left} trên {all} ô chưa được chạm.")
            self.dispatch("on_done", sentence.format(left=left, all=columns * rows))
        else:
            self.dispatch("on_done", translate("Màn hình cảm ứng: chạm được cả {all} ô.").format(all=columns * rows))


load_beside(__file__)
