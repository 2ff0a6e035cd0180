"""The window: builds the screens, and joins them to the visit. Thin on purpose."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_COLOR_BUFFER_BIT, glClear, glClearColor, glFlush
from kivy.uix.widget import Widget

from kiosk.texts import Translate
from kiosk.ui import theme
from kiosk.ui.guard import Guard
from kiosk.ui.millimetres import reported_inches
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.screens.fault import FaultScreen
from kiosk.ui.screens.message import MessageScreen
from kiosk.ui.sdl import wake_for_touches
from kiosk.ui.widgets.stage import Stage
from kiosk.visit import Screen, Visit
from kiosk.vote import Rating

TICK_SECONDS = 0.02
SAME_FRAME_SECONDS = 0.012


class FullWindow(App):
    """What every window of ours has: the look, no way out by key, a clean end by signal.

    closable: whether the window's close button ends the program (on a desk).
    """

    def __init__(self, closable: bool) -> None:
        super().__init__()
        theme.register_fonts()
        self._closable = closable
        self._asked_to_stop = Event()
        self.use_kivy_settings = False

    def open_settings(self, *_: object) -> None:
        """Kivy's F1 panel does not exist here."""

    def open(self, content: Widget) -> None:
        """Show the content until the program ends."""
        Window.clear = _paint_ground
        Window.bind(size=lambda _, size: theme.theme.fit(*size), on_request_close=lambda *_, **__: not self._closable)
        if theme.theme.inches is None and not self._closable:
            theme.theme.inches = reported_inches(*Window.size)
        theme.theme.fit(*Window.size)
        wake_for_touches()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._asked_to_stop.set())
        Clock.schedule_interval(lambda _: self.stop() if self._asked_to_stop.is_set() else None, 0.1)
        self.root = content
        self.run()


def _paint_ground() -> None:
    """In place of Kivy's `Window.clear`, which paints depth and stencil too: nothing here is deep, and a stencil clears its own."""
    glClearColor(*theme.GROUND)
    glClear(GL_COLOR_BUFFER_BIT)


class KioskApp(FullWindow):
    """The kiosk. visit: the turn, which decides; translate: for the texts of the screens."""

    def __init__(self, visit: Visit, translate: Translate, closable: bool) -> None:
        super().__init__(closable)
        self.title = "Hài Lòng"
        self._visit = visit
        self._ask = AskScreen(
            question=translate("Ông/bà có hài lòng với sự phục vụ của cán bộ không?"),
            satisfied=translate("Hài lòng"),
            dissatisfied=translate("Không hài lòng"),
        )
        self._ask.bind(on_finger_down=self._finger_down, on_finger_up=self._finger_up)
        thanks = MessageScreen(headline=translate("Cảm ơn ông/bà!"), sentence=translate("Ý kiến đã được ghi nhận."))
        sorry = MessageScreen(
            flower=False,
            headline=translate("Xin lỗi ông/bà, máy chưa ghi được ý kiến."),
            sentence=translate("Xin ông/bà vui lòng bỏ phiếu vào hòm thư góp ý."),
        )
        self._screens: dict[Screen, Widget] = {Screen.ASK: self._ask, Screen.SAVING: self._ask, Screen.THANKS: thanks, Screen.SORRY: sorry}
        self._frame = Stage()
        self._frame.add_widget(self._ask)
        Window.bind(on_flip=self._before_flip)

    def start(self, when_shown: Callable[[], None]) -> None:
        """Show the kiosk until the program ends; `when_shown` is called after the first frame."""
        Clock.schedule_interval(lambda _: self._go_on(), TICK_SECONDS)
        Clock.schedule_once(lambda _: Clock.schedule_once(lambda _: when_shown()))
        with Guard(self._begin_again):
            self.open(self._frame)

    def show_officer(self, name: str, title: str, counter: str) -> None:
        """Whom the votes are for. May be called from any thread."""

        def show(_: float) -> None:
            self._ask.officer_name, self._ask.officer_title, self._ask.counter = name, title, counter

        Clock.schedule_once(show)

    def _finger_down(self, _: AskScreen, touch: int, rating: Rating) -> None:
        self._visit.touch_down(touch, rating)
        self._show()

    def _finger_up(self, _: AskScreen, touch: int, rating: Rating | None) -> None:
        self._visit.touch_up(touch, rating)
        if self._visit.saving is None:
            self._show()
        else:
            self._put(self._screens[Screen.THANKS])

    def _before_flip(self, _: object) -> bool:
        """Thanks are drawn while the disk works, and come to light only when it is done. True: what was drawn stays unseen."""
        drawn = self._frame.children[0]
        if self._visit.saving is not None and drawn is not self._ask:
            glFlush()  # the renderer goes on while we wait
            with suppress(TimeoutError):
                self._visit.saving.exception(SAME_FRAME_SECONDS)
            self._go_on()
        return drawn is not self._frame.children[0]

    def _begin_again(self) -> None:
        """After an exception in a screen: the first one, and no finger is down."""
        self._visit.press = None
        self._frame.clear_widgets()
        self._put(self._ask)

    def _go_on(self) -> None:
        self._visit.tick(time.monotonic())
        self._show()

    def _show(self) -> None:
        screen = self._screens[self._visit.screen]
        if screen is self._ask:  # the thanks are not kept waiting for a card that nobody sees
            self._ask.pressed = self._visit.press.rating if self._visit.press else None
        self._put(screen)

    def _put(self, screen: Widget) -> None:
        if screen.parent is None:
            self._frame.clear_widgets()
            self._frame.add_widget(screen)


def show_faults(headline: str, sentences: list[str], closable: bool) -> None:
    """A window that says what to mend, until the program is ended."""
    app = FullWindow(closable)
    app.title = "Hài Lòng"
    stage = Stage()
    stage.add_widget(FaultScreen(headline=headline, sentences="\n\n".join(sentences)))
    app.open(stage)
