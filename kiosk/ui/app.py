"""The window: builds the screens, and joins them to the visit. Thin on purpose."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import glFlush
from kivy.uix.widget import Widget

from kiosk.choices import Wording
from kiosk.memory import give_back, settle, spare
from kiosk.servicing import Service
from kiosk.signing import Duties
from kiosk.sounds import Files, Sound
from kiosk.supervisor import Supervisor
from kiosk.texts import Translate, translator
from kiosk.touch import FAR, Control, Place, Target
from kiosk.training import Training
from kiosk.ui import theme
from kiosk.ui.ahead import ahead
from kiosk.ui.corner import Corner
from kiosk.ui.dimming import Dimming, Light
from kiosk.ui.guard import Guard
from kiosk.ui.hearing import Hearing
from kiosk.ui.millimetres import reported_inches
from kiosk.ui.screens.fault import FaultScreen
from kiosk.ui.sdl import wake_for_touches
from kiosk.ui.servicing import Servicing
from kiosk.ui.signing import Signing
from kiosk.ui.surface import Surface
from kiosk.ui.turn import TurnScreens, in_each_language
from kiosk.ui.widgets.stage import Stage
from kiosk.ui.widgets.trial import Trial
from kiosk.visit import Visit

TICK_SECONDS = 0.02
DOORS_SECONDS = 5.0
QUIET_SECONDS = 5.0
LET_GO_SECONDS = 2.0
ALIVE_SECONDS = 0.5
TRAINING_SECONDS = 1.0
SAME_FRAME_SECONDS = 0.012


def after_first_frame(act: Callable[[], None]) -> None:
    """Do it when something is on the screen. To be called before the window is opened."""
    Clock.schedule_once(lambda _: Clock.schedule_once(lambda _: act()))


class FullWindow(App):
    """What every window of ours has: the look, no way out by key, a clean end by signal, and a supervisor who hears that it is alive.

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

    def fit(self, _: object, size: tuple[float, float]) -> None:
        """Be drawn for a window of this size in pixels."""
        theme.theme.fit(*size)

    def open(self, content: Widget) -> None:
        """Show the content until the program ends."""
        self.surface = Surface(Window, theme.GROUND)
        Window.bind(size=self.fit, on_request_close=lambda *_, **__: not self._closable)
        if theme.theme.inches is None and not self._closable:
            theme.theme.inches = reported_inches(*Window.size)
        self.fit(Window, Window.size)
        wake_for_touches()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._asked_to_stop.set())
        Clock.schedule_interval(lambda _: self.stop() if self._asked_to_stop.is_set() else None, 0.1)
        supervisor = Supervisor()
        after_first_frame(supervisor.ready)
        Clock.schedule_interval(lambda _: supervisor.alive(), ALIVE_SECONDS)
        self.root = content
        self.run()


class KioskApp(FullWindow):
    """The kiosk. visit: the turn, which decides. languages: codes, the usual one first. on_duty: who is, and how that changes.

    training: the visit's records. files: of what is heard. light: of the display. exit_code: with which the program is to end.
    """

    exit_code = 0

    def __init__(
        self,
        visit: Visit,
        training: Training,
        languages: Sequence[str],
        on_duty: Duties,
        files: Files,
        light: Light,
        closable: bool,
    ) -> None:
        super().__init__(closable)
        self.title = "Hài Lòng"
        self._visit = visit
        self._training = training
        self._trial = Trial()
        self._hearing = Hearing(visit, files)
        signing = Signing(on_duty, translator(languages[0]))
        signing.screen.bind(on_leave=lambda _: visit.back(), on_press=lambda _: visit.touched())
        self._screens = in_each_language(languages, signing)
        for screen in [screen for one in self._screens.values() for screen in one.touched()]:
            screen.bind(on_finger_down=self._finger_down, on_finger_up=self._finger_up)
        for one in self._screens.values():
            one.comment.bind(
                on_touched=lambda _: visit.touched(),
                on_press=lambda _: self._hearing.play(Sound.TOUCH),
                on_key_press=lambda _: self._hearing.play(Sound.KEY),
                on_back=lambda _: visit.back(),
                on_send=lambda _, text, contact: visit.send(text, contact),
            )
            one.rest.bind(on_wake=lambda _: self._finger_down(_, 0, None, FAR))
        self._dimming = Dimming(light, [one.rest for one in self._screens.values()])
        self._frame = Stage()
        self._corner: Corner | None = None
        self._servicing: Servicing | None = None
        self._show()
        Window.bind(on_flip=self._before_flip)

    def start(self, when_shown: Callable[[], None]) -> None:
        """Show the kiosk until the program ends; `when_shown` is called after the first frame."""
        Clock.schedule_once(lambda _: spare())
        Clock.schedule_interval(lambda _: self._go_on(), TICK_SECONDS)
        after_first_frame(when_shown)
        Clock.schedule_interval(lambda _: self._settle(), QUIET_SECONDS)
        Clock.schedule_interval(lambda _: self._look_at_training(), TRAINING_SECONDS)
        self._hearing.start()
        with Guard(self._begin_again):
            self.open(self._frame)
        self._visit.leave()

    def _settle(self) -> bool:
        """Whether to come again, because somebody is touching something."""
        quiet = self._visit.untouched_seconds >= QUIET_SECONDS
        if quiet:
            settle()
            Clock.schedule_once(lambda _: give_back(), LET_GO_SECONDS)
        return not quiet

    def on_stop(self) -> None:
        """Kivy calls it while there is still a window."""
        self._hearing.close()
        self._dimming.look(0)

    def fit(self, window: object, size: tuple[float, float]) -> None:
        super().fit(window, size)
        for screens in self._screens.values():
            screens.fit(*theme.theme.stage(*size))

    def watch_doors(self, resting: Callable[[str], Mapping[str, object] | None]) -> None:
        """Look every few seconds whether the unit is closed. resting: what is said in a language while it is, else None."""

        def look(_: float) -> None:
            closed = {language: resting(language) for language in self._screens}
            self._visit.closed = None not in closed.values()
            for language, said in closed.items():
                if said is not None:
                    self._screens[language].say_closed(said)

        Clock.schedule_interval(look, DOORS_SECONDS)
        look(0)

    def let_in(self, service: Service, translate: Translate) -> None:
        """Let whoever holds the corner, and knows the PIN, see to the kiosk. translate: into the technician's language."""

        def open_servicing() -> None:
            if self._servicing is None:  # made only now: on most days nobody comes
                self._servicing = Servicing(service, translate, self._end, lambda on: self.train(on=on), lambda: self._training.on)
            if self._servicing.screen is None and self._visit.saving is None:
                self._visit.begin_again()
                self._servicing.begin()

        self._corner = Corner(open_servicing)

    def _end(self, exit_code: int) -> None:
        self.exit_code = exit_code
        self.stop()

    def train(self, *, on: bool) -> None:
        """Begin training, or end it, from the question. It ends by itself too. May be called from any thread."""

        def turn(_: float) -> None:
            if on:
                self._training.begin()
            else:
                self._training.end()
            self._look_at_training()

        Clock.schedule_once(turn)

    def _look_at_training(self) -> None:
        self._training.look()
        if self._training.on is (self._trial.parent is not None):
            return
        for screens in self._screens.values():
            screens.ask.training = self._training.on
        if self._training.on:
            Window.add_widget(self._trial)
        else:
            Window.remove_widget(self._trial)
        self._begin_again()

    def say(self, wordings: Mapping[str, Wording]) -> None:
        """Speak as the unit wants, in each language by its code. May be called from any thread."""
        self._soon(lambda language, screens: screens.say(wordings[language]))

    def sound(self, volume: int, questions: Mapping[str, Path | None]) -> None:
        """volume: 0 to 100. questions: the file that asks the question aloud in a language, or None. May be called from any thread."""
        self._hearing.say(volume, questions)
        self._soon(lambda language, screens: screens.offer_speech(offered=volume > 0 and questions.get(language) is not None))

    def offer_sign_in(self, *, offered: bool) -> None:
        """Whether officers can sign in here. May be called from any thread."""
        self._soon(lambda _, screens: screens.offer_sign_in(offered=offered))

    def show_officer(self, name: str, title: str, counter: str, photo: str = "") -> None:
        """Whom the votes are for. photo: path of a picture, or empty. May be called from any thread."""
        self._soon(lambda _, screens: screens.show_officer(name, title, counter, photo))

    def _soon(self, act: Callable[[str, TurnScreens], None]) -> None:
        """In the window's thread: to the screens of each language, with its code."""

        def each(_: float) -> None:
            for language, screens in self._screens.items():
                act(language, screens)

        Clock.schedule_once(each)

    def _finger_down(self, _: Widget, touch: int, target: Target | None, place: Place) -> None:
        if target is Control.OFFICER and self._corner is not None and self._corner.is_touched:
            target = None  # both are held, and the corner for longer
        self._visit.touch_down(touch, target, place)
        self._show()

    def _finger_up(self, _: Widget, touch: int, target: Target | None) -> None:
        self._visit.touch_up(touch, target)
        if self._visit.saving is None:
            self._show()
        else:
            self._put(self._screens[self._visit.language].widget(self._visit.ahead))

    def _before_flip(self, _: object) -> bool:
        """What follows is drawn while the disk works, and comes to light only when it is done. True: what was drawn stays unseen."""
        drawn = self._frame.children[0]
        if self._visit.saving is not None and drawn is not self._screens[self._visit.language].widget(self._visit.shown):
            glFlush()  # the renderer goes on while we wait
            with suppress(TimeoutError):
                self._visit.saving.exception(SAME_FRAME_SECONDS)
            self._go_on()
        return drawn is not self._frame.children[0]

    def _begin_again(self) -> None:
        self._visit.begin_again()
        if self._servicing is not None:
            self._servicing.close()
        self._frame.clear_widgets()
        self._show()

    def _go_on(self) -> None:
        self._visit.tick(time.monotonic())
        self._show()

    def _show(self) -> None:
        screen = self._servicing.screen if self._servicing is not None else None
        self._put(screen or self._screens[self._visit.language].follow(self._visit))
        self._trial.words = self._screens[self._visit.language].trial
        self._hearing.look()
        self._dimming.look(self._visit.resting_seconds)

    def _put(self, screen: Widget) -> None:
        if screen.parent is None:
            ahead.show_all()
            self._frame.clear_widgets()
            self._frame.add_widget(screen)


def show_faults(headline: str, sentences: list[str], closable: bool) -> None:
    """A window that says what to mend, until the program is ended."""
    app = FullWindow(closable)
    app.title = "Hài Lòng"
    stage = Stage()
    stage.add_widget(FaultScreen(headline=headline, sentences="\n\n".join(sentences)))
    app.open(stage)
