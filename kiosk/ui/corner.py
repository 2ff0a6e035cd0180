"""The top left corner of the window, which a technician holds. It is drawn nowhere, and takes no touch from anybody: it only looks on."""

import time
from collections.abc import Callable

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input import MotionEvent

from kiosk.holding import Holding
from kiosk.ui import theme
from kiosk.ui.widgets.finger import is_finger

LOOK_SECONDS = 0.1


class Corner:
    """A square of the least size of anything touchable. on_held: called when it was held long enough."""

    def __init__(self, on_held: Callable[[], None]) -> None:
        self._holding = Holding()
        self._on_held = on_held
        Window.bind(on_touch_down=self._down, on_touch_move=self._move, on_touch_up=self._up)
        Clock.schedule_interval(self._look, LOOK_SECONDS)

    @property
    def is_touched(self) -> bool:
        """Whether a finger is on it that may yet hold it long enough."""
        return self._holding.is_on

    def _down(self, _: object, touch: MotionEvent) -> None:
        if is_finger(touch):
            self._holding.went_down(touch.uid, time.monotonic(), inside=_is_inside(touch))

    def _move(self, _: object, touch: MotionEvent) -> None:
        self._holding.moved(inside=_is_inside(touch))

    def _up(self, _: object, touch: MotionEvent) -> None:
        self._holding.came_up(touch.uid)

    def _look(self, _: float) -> None:
        if self._holding.is_long_enough(time.monotonic()):
            self._on_held()


def _is_inside(touch: MotionEvent) -> bool:
    width, height = Window.size
    return bool(touch.sx * width < theme.theme.touch and (1 - touch.sy) * height < theme.theme.touch)
