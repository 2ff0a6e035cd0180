"""The test of the touch screen: first five crosses, by which one sees whether it says where it is touched; then a grid over the whole
screen, every square of which is to be touched. Where the finger is, is drawn.
"""

from kivy.clock import Clock
from kivy.graphics import Color, Ellipse, InstructionGroup, Line, Rectangle
from kivy.input import MotionEvent
from kivy.properties import StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.calibration import CROSSES, Verdict, in_words, judge
from kiosk.texts import Translate
from kiosk.ui import theme
from kiosk.ui.kv import load_beside

LONG_SIDE, SHORT_SIDE = 8, 5
IDLE_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 1.5
Square = tuple[int, int]


class TouchTestScreen(FloatLayout):
    """No part of it is a button, so that every square is tested: it ends when all were touched, or by itself without a touch; and after the
    crosses, where these were found to be elsewhere.

    Event: `on_done` (what was found, as a sentence).
    """

    sentence = StringProperty()

    __events__ = ("on_done",)

    def __init__(self, translate: Translate, **properties: object) -> None:
        self._translate = translate
        self._told: list[tuple[float, float]] = []
        self._verdict: Verdict | None = None
        self._touched: set[Square] = set()
        self._fingers: dict[int, InstructionGroup] = {}
        self._squares, self._marks = InstructionGroup(), InstructionGroup()
        self._end = Clock.create_trigger(self._finish, IDLE_SECONDS)
        super().__init__(**properties)
        self.canvas.before.add(self._squares)
        self.canvas.after.add(self._marks)
        self.bind(pos=self._draw, size=self._draw)

    def begin(self) -> None:
        """Nothing is touched yet."""
        self._told.clear()
        self._verdict = None
        self._touched.clear()
        self._fingers.clear()
        self._marks.clear()
        self._draw()
        self._wait(IDLE_SECONDS)

    def on_done(self, found: str) -> None:
        """The test has ended."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if self._verdict is None:
            self._take_cross(touch)
        else:
            self._follow(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if self._verdict is None:
            self._mark(touch)
        else:
            self._follow(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        mark = self._fingers.pop(touch.uid, None)
        if mark is not None:
            self._marks.remove(mark)
        return True

    def _take_cross(self, touch: MotionEvent) -> None:
        self._told.append(((touch.x - self.x) / self.width, (self.top - touch.y) / self.height))
        if len(self._told) == len(CROSSES):
            mm = theme.theme.mm
            self._verdict = judge(self._told, self.width / mm, self.height / mm)
        self._draw()
        self._mark(touch)
        is_elsewhere = self._verdict is not None and not self._verdict.is_good
        self._wait(LOOK_AGAIN_SECONDS if is_elsewhere else IDLE_SECONDS)

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
        translate = self._translate
        if self._verdict is None:
            sentence = translate("Xin chạm vào giữa dấu cộng ({number} trên {all}).")
            self.sentence = sentence.format(number=len(self._told) + 1, all=len(CROSSES))
            self._draw_cross(CROSSES[len(self._told)])
        elif self._verdict.is_good:
            self.sentence = translate("Xin vuốt ngón tay qua mọi ô. Khi đủ, hoặc sau 10 giây không chạm, kết quả sẽ hiện ra.")
            self._draw_squares()

    def _draw_cross(self, place: tuple[float, float]) -> None:
        x, y, arm = self.x + place[0] * self.width, self.top - place[1] * self.height, theme.theme.touch / 2
        self._squares.clear()
        self._squares.add(Color(*theme.INK))
        for points in ((x - arm, y, x + arm, y), (x, y - arm, x, y + arm)):
            self._squares.add(Line(points=points, width=max(1.5, 2 * theme.theme.unit)))

    def _draw_squares(self) -> None:
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
        if self._verdict is None:
            sentence = translate("Màn hình cảm ứng: mới chạm {number} trên {all} dấu cộng.")
            self.dispatch("on_done", sentence.format(number=len(self._told), all=len(CROSSES)))
            return
        exact = in_words(self._verdict, translate)
        if not self._verdict.is_good:
            self.dispatch("on_done", exact)
        elif left:
            sentence = translate("Màn hình cảm ứng: {left} trên {all} ô chưa được chạm.")
            self.dispatch("on_done", f"{exact}\n{sentence.format(left=left, all=columns * rows)}")
        else:
            reached = translate("Màn hình cảm ứng: chạm được cả {all} ô.").format(all=columns * rows)
            self.dispatch("on_done", f"{exact}\n{reached}")


load_beside(__file__)
