"""A window with the guard, and a teal widget that does something bad when touched. `python -m tests.endtoend.failing_window HOW SECONDS`"""

import ctypes
import logging
import sys
import time

from kiosk.ui.window import prepare


def main(how: str, frozen_seconds: float) -> None:
    """frozen_seconds: as the guard takes them.

    how: `raises`, `raises-in-the-clock`, `cannot-go-home`, `blocks`, `slow`, `keeps-the-lock`; with `bare-` before it unguarded.
    """
    logging.basicConfig(level=logging.INFO)
    prepare(None)
    from contextlib import nullcontext

    from kivy.clock import Clock
    from kivy.graphics import Color, Rectangle
    from kivy.input import MotionEvent
    from kivy.uix.floatlayout import FloatLayout
    from kivy.uix.widget import Widget

    from kiosk.ui import theme
    from kiosk.ui.app import FullWindow
    from kiosk.ui.guard import Guard

    class Bad(Widget):
        def on_touch_down(self, touch: MotionEvent) -> bool:
            frame.clear_widgets()
            match how.removeprefix("bare-"):
                case "raises" | "cannot-go-home":
                    raise ValueError("a citizen's words")
                case "raises-in-the-clock":
                    Clock.schedule_once(lambda _: int("a citizen's words"))
                case "blocks":
                    time.sleep(60)
                case "slow":
                    time.sleep(frozen_seconds / 2)
                    logging.info("it was slow")
                    frame.add_widget(bad)
                case "keeps-the-lock":
                    ctypes.PyDLL(None).sleep(60)
            return True

    def go_home() -> None:
        if how == "cannot-go-home":
            raise RuntimeError
        if bad.parent is None:
            frame.add_widget(bad)

    app = FullWindow(closable=False)
    frame, bad = FloatLayout(), Bad()
    with bad.canvas:
        Color(*theme.SATISFIED)
        Rectangle(size=(2000, 2000))
    frame.add_widget(bad)
    with nullcontext() if how.startswith("bare-") else Guard(go_home, frozen_seconds):
        app.open(frame)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
