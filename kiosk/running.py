"""The running kiosk, put together from its parts: what is on its disk, who serves and votes there, the window, the exchange."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from kiosk.adjusting import Adjusting
from kiosk.backlight import Backlight
from kiosk.carrying import Carrying, Kept
from kiosk.commands.options import Options
from kiosk.comments import Comments
from kiosk.doors import Doors
from kiosk.duty import OnDuty
from kiosk.enrolment import Identity
from kiosk.facts import Facts
from kiosk.links import Links
from kiosk.logs import first_lines_of_messages, last_lines
from kiosk.recent import Recent
from kiosk.recorder import Recorder
from kiosk.settings import Settings
from kiosk.sounds import Files
from kiosk.technician import Technician
from kiosk.texts import LANGUAGES
from kiosk.training import Training
from kiosk.visit import Pace, Visit
from kiosk.words import is_own, wording

LINES_BEFORE = 300  # with tracebacks
TRAINING_ENDS_BEFORE = timedelta(minutes=1)  # the unit opens


def run_kiosk(settings: Settings, identity: Identity, options: Options, *, closable: bool, trains: bool) -> int:
    """Run until the window is closed; the exit code. The window must have been prepared.

    closable: by its close button, on a desk. trains: begin in training. Raises AlreadyRunning, OSError, sqlite3.Error, `NotRecorded`.
    """
    translate = options.translate(settings)
    recent = Recent(_logged_before(settings.data))
    logging.getLogger().addHandler(recent)
    kept = Kept(settings, identity)
    kept.note_start()
    serving = Serving(kept, lambda: window.show())
    window = Window(kept, serving, options, closable=closable)
    carrying = Carrying(kept, serving.facts, translate, window.show)
    adjusting = Adjusting(options.file, settings, window.light, window.adjust)
    technician = Technician(
        settings, kept.who, kept.roster, kept.clocks, kept.ledger.waiting, carrying.hurry, recent.lines, translate, adjusting
    )
    carrying.exchanged = technician.exchanged
    window.show()
    window.app.watch_doors(serving.resting)
    window.app.let_in(technician, translate)
    if trains:
        window.app.train(on=True)
    window.app.start(when_shown=carrying.start)
    technician.close()
    carrying.stop()
    serving.close()
    kept.ledger.close()
    return window.app.exit_code


def _logged_before(data: Path) -> list[str]:
    with suppress(OSError):
        return first_lines_of_messages(last_lines(data, LINES_BEFORE))
    return []


class Serving:
    """Who serves at the counter, when it is open, and what citizens say there. changed: called, in any thread, after another may serve."""

    def __init__(self, kept: Kept, changed: Callable[[], None]) -> None:
        data, ledger, clocks, roster = kept.settings.data, kept.ledger, kept.clocks, kept.roster
        self.on_duty = OnDuty(data, ledger, roster, clocks, changed)
        self.facts = Facts(data, clocks, ledger, roster, self.on_duty.configuration_came)
        self.doors = Doors(lambda: roster.config, self.facts.local_time, lambda: self.on_duty.rests)
        comments = Comments(ledger.append, kept.sealed, lambda: kept.who().sealing_key)
        links = Links(lambda: roster.config, kept.who, self.facts.local_time)
        self.recorder = Recorder(ledger.append, self.on_duty.officer_id, comments, links.of)
        self.training = Training(self.recorder, lambda: clocks.now().up, lambda: self.doors.opens_within(TRAINING_ENDS_BEFORE))

    def resting(self, language: str) -> dict[str, object] | None:
        """What the rest screen says in a language, or None while the counter is open."""
        said = self.doors.resting(language)
        return said and said._asdict()

    def close(self) -> None:
        """Wait until everything is recorded."""
        self.recorder.close()
        self.on_duty.close()


class Window:
    """The window, and what the unit and its officers let it say. closable: by its close button, on a desk."""

    def __init__(self, kept: Kept, serving: Serving, options: Options, *, closable: bool) -> None:
        from kiosk.ui.app import KioskApp  # Kivy reads how it is set up when it is imported
        from kiosk.ui.theme import theme

        self._kept = kept
        self._on_duty = serving.on_duty
        settings = kept.settings
        theme.inches, theme.low = settings.diagonal_inches, settings.low
        usual = options.speaks(settings)
        self._languages = [usual, *(language for language in LANGUAGES if language != usual)]
        self._visit = Visit(serving.training, self._languages)
        self._files = Files(settings.sounds)
        self.light = Backlight(settings.data)
        if settings.brightness is not None:
            self.light.set(settings.brightness)
        self.app = KioskApp(self._visit, serving.training, self._languages, serving.on_duty, self._files, self.light, closable=closable)

    def adjust(self, settings: Settings) -> None:
        """Go on with what a technician has changed. From any thread."""
        self._kept.settings = settings
        self.show()

    def show(self) -> None:
        """Let it show who serves, and say what the configuration in force says. From any thread."""
        settings, config, officer = self._kept.settings, self._kept.roster.config, self._on_duty.officer
        self._visit.pace = Pace(thanks=config.thanks_seconds or settings.thanks_seconds, idle=config.idle_seconds or settings.idle_seconds)
        self.app.offer_sign_in(offered=bool(self._on_duty.may_sign_in))
        said = {language: wording(config, language) for language in self._languages}
        self.app.say(said)
        spoken = said if settings.spoken_question else {}
        questions = {
            language: self._files.question(language, our_words=is_own("question", one.question, language))
            for language, one in spoken.items()
        }
        self.app.sound(settings.volume, questions)
        if officer is None:
            self.app.show_officer(config.counter.name, config.unit.name, "")
        else:
            photo = str(self._kept.roster.photos.of(officer) or "")
            self.app.show_officer(officer.name, officer.title, config.counter.name, photo)
