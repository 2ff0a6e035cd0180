"""The running kiosk, put together from its parts: what is on its disk, who serves and votes there, the window, the exchange."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from kiosk import __version__, rotation
from kiosk.advice import Told, after_exchange
from kiosk.backlight import Backlight
from kiosk.clocks import Clocks
from kiosk.commands.options import Options, wire_of
from kiosk.comments import Comments
from kiosk.contact import Contact, Patience
from kiosk.doors import Doors
from kiosk.duty import OnDuty
from kiosk.enrolment import Identity, load_identity
from kiosk.facts import Facts
from kiosk.links import Links
from kiosk.photos import Photos
from kiosk.proof import Proof
from kiosk.recent import Recent
from kiosk.recorder import Recorder
from kiosk.requests import Requests
from kiosk.roster import Roster
from kiosk.sealed import Sealed
from kiosk.settings import Settings
from kiosk.sounds import Files
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.technician import Technician
from kiosk.texts import LANGUAGES, Translate
from kiosk.training import Training
from kiosk.visit import Pace, Visit
from kiosk.words import is_own, wording
from sync.courier import Courier, Step
from sync.entries import Started, uuid7
from sync.errands import Errands
from sync.wire import Receipt

SECONDS_FOR_THE_COURIER = 2.0
TRAINING_ENDS_BEFORE = timedelta(minutes=1)  # the unit opens


def run_kiosk(settings: Settings, identity: Identity, options: Options, *, closable: bool, trains: bool) -> int:
    """Run until the window is closed; the exit code. The window must have been prepared.

    closable: by its close button, on a desk. trains: begin in training. Raises AlreadyRunning, OSError, sqlite3.Error, `NotRecorded`.
    """
    translate = options.translate(settings)
    recent = Recent()
    logging.getLogger().addHandler(recent)
    kept = Kept(settings, identity)
    serving = Serving(kept, lambda: window.show())
    window = Window(kept, serving, options, closable=closable)
    carrying = Carrying(kept, serving, window.show, translate)
    technician = Technician(settings, kept.who, kept.roster, kept.clocks, kept.ledger.waiting, carrying.hurry, recent.lines, translate)
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


class Kept:
    """What is on the disk. settings: with which the kiosk was started."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self.settings = settings
        self._identity = identity
        self.clocks = Clocks()
        self.ledger = Ledger(settings.data, self.clocks)
        former = frozenset(rotation.former_keys(settings.data))
        self.ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
        with suppress(NotRecorded):  # a full disk: the ledger has logged it, and each citizen will be told
            self.ledger.append(lambda now: Started(id=uuid7(), at=now.at, up=now.up, boot=now.boot, version=__version__))
        self.roster = Roster(settings.data, identity.unit, identity.counter)
        if self.roster.digest is None and settings.provision is not None and identity.enrolment is None:
            self.roster.store(settings.provision.roster)
        self.sealed = Sealed(settings.data, self.ledger.held)

    def who(self) -> Identity:
        """Who the kiosk is now: its keys may have changed since it was started."""
        return load_identity(self.settings.data, self.settings.provision) or self._identity


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
        self.app = KioskApp(
            self._visit, serving.training, self._languages, serving.on_duty, self._files, Backlight(settings.data), closable=closable
        )

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


class Carrying:
    """The exchange with the server, and what is asked by files, each in a thread. show: shows what may have changed.

    exchanged: called when an exchange has ended and nothing goes on at once.
    """

    def __init__(self, kept: Kept, serving: Serving, show: Callable[[], None], translate: Translate) -> None:
        settings = kept.settings
        self._settings = settings
        self._facts = serving.facts
        self._show = show
        self._translate = translate
        self.exchanged: Callable[[], None] = lambda: None
        self._told = Told()
        self._proof = Proof(settings.data, kept.clocks)
        self._contact = Contact(wire_of(settings), settings.data, settings.provision, __version__)
        self._errands = Errands(kept.sealed, self._contact)
        self._photos = Photos(kept.roster.photos, lambda: kept.roster.officers, self._contact.photo, show)
        self._patience = Patience(settings.data)
        courier = Courier(kept.ledger, self._contact, serving.facts, self._report, errands=self._run_errands, wait=self._patience)
        requests = Requests(settings.data, kept.ledger, serving.facts.store_config, kept.sealed.erase, settings.provision)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=requests.run, args=(self._stop,), name="requests", daemon=True),
            threading.Thread(target=courier.run, args=(self._stop,), name="courier", daemon=True),
        ]

    def start(self) -> None:
        """Begin, for the first screen is shown."""
        self._proof.first_screen()
        for thread in self._threads:
            thread.start()

    def hurry(self) -> None:
        """Exchange now."""
        self._patience.hurry()

    def stop(self) -> None:
        """End, or be left behind where the server keeps us waiting."""
        self._stop.set()
        self.hurry()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(SECONDS_FOR_THE_COURIER)

    def _report(self, step: Step) -> None:
        advice = after_exchange(step.outcome, self._contact.trouble, self._settings, self._translate)
        self._told.say(advice)
        self._facts.note(step, advice)
        if step.outcome == "received":
            self._proof.exchanged()
        if step.wait_seconds > 0:
            self._show()  # at midnight whoever signed in at the counter is signed out
            self.exchanged()

    def _run_errands(self, receipt: Receipt) -> None:
        self._errands.run(receipt)
        self._photos.run()
