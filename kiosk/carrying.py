"""The kiosk without its window: what is on its disk, and its exchange with the server. For a running kiosk, and for `sync`."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from kiosk import __version__, rotation
from kiosk.advice import Told, after_exchange
from kiosk.clocks import Clocks
from kiosk.commands.options import wire_of
from kiosk.contact import Contact, Patience
from kiosk.enrolment import Identity, load_identity
from kiosk.facts import Facts
from kiosk.photos import Photos
from kiosk.proof import Proof
from kiosk.requests import Requests
from kiosk.roster import Roster
from kiosk.sealed import Sealed
from kiosk.settings import Settings
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.texts import Translate
from sync.courier import Courier, Step
from sync.entries import Started, uuid7
from sync.errands import Errands
from sync.wire import Receipt

SECONDS_FOR_THE_COURIER = 2.0


class Kept:
    """What is on the disk. settings: with which the kiosk runs. Raises AlreadyRunning, OSError, sqlite3.Error, `NotRecorded`."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self.settings = settings
        self._identity = identity
        self.clocks = Clocks()
        self.ledger = Ledger(settings.data, self.clocks)
        former = frozenset(rotation.former_keys(settings.data))
        self.ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
        self.roster = Roster(settings.data, identity.unit, identity.counter)
        if self.roster.digest is None and settings.provision is not None and identity.enrolment is None:
            self.roster.store(settings.provision.roster)
        self.sealed = Sealed(settings.data, self.ledger.held)

    def note_start(self) -> None:
        """Record that the kiosk was started."""
        with suppress(NotRecorded):  # a full disk: the ledger has logged it, and each citizen will be told
            self.ledger.append(lambda now: Started(id=uuid7(), at=now.at, up=now.up, boot=now.boot, version=__version__))

    def who(self) -> Identity:
        """Who the kiosk is now: its keys may have changed since it was started."""
        return load_identity(self.settings.data, self.settings.provision) or self._identity


class Carrying:
    """The exchange with the server, and what is asked by files, each in a thread. show: shows what may have changed.

    exchanged: called when an exchange has ended and nothing goes on at once.
    """

    def __init__(self, kept: Kept, facts: Facts, translate: Translate, show: Callable[[], None] = lambda: None) -> None:
        settings = kept.settings
        self._settings = settings
        self._facts = facts
        self._show = show
        self._translate = translate
        self.exchanged: Callable[[], None] = lambda: None
        self._told = Told()
        self._ledger = kept.ledger
        self._asked = threading.Event()
        self._proof = Proof(settings.data, kept.clocks)
        self._contact = Contact(wire_of(settings), settings.data, settings.provision, __version__)
        self._errands = Errands(kept.sealed, self._contact)
        self._photos = Photos(kept.roster.photos, lambda: kept.roster.officers, self._contact.photo, show)
        self._patience = Patience(settings.data)
        self._courier = Courier(kept.ledger, self._contact, facts, self._report, errands=self._run_errands, wait=self._patience)
        self._requests = Requests(settings.data, kept.ledger, facts.store_config, kept.sealed.erase, settings.provision, self.hurry)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._requests.run, args=(self._stop,), name="requests", daemon=True),
            threading.Thread(target=self._courier.run, args=(self._stop,), name="courier", daemon=True),
        ]

    def start(self) -> None:
        """Begin, for the first screen is shown."""
        self._proof.first_screen()
        for thread in self._threads:
            thread.start()

    def exchange_once(self) -> Step:
        """What `start` does again and again, once, in this thread: for where no kiosk runs."""
        self._requests.look()
        step = self._courier.run_once()
        self._report(step)
        return step

    def hurry(self) -> None:
        """Exchange now, for somebody asks for it. From any thread."""
        self._asked.set()
        self._patience.hurry()

    def stop(self) -> None:
        """End, or be left behind where the server keeps us waiting."""
        self._stop.set()
        self._patience.hurry()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(SECONDS_FOR_THE_COURIER)

    def _report(self, step: Step) -> None:
        if self._goes_on(step):
            step = replace(step, wait_seconds=0)
            self._patience.hurry()
        advice = after_exchange(step.outcome, self._contact.trouble, self._settings, self._translate)
        self._told.say(advice)
        self._facts.note(step, advice)
        if step.outcome == "received":
            self._proof.exchanged()
        if step.wait_seconds > 0:
            self._show()  # at midnight whoever signed in at the counter is signed out
            self.exchanged()

    def _goes_on(self, step: Step) -> bool:
        """Whether somebody who asked still waits: after an outage the courier says hello, and would rest before it sends the rest."""
        asked = self._asked.is_set() and step.wait_seconds > 0
        if asked:
            self._asked.clear()
        return asked and step.outcome == "received" and self._ledger.waiting() > 0

    def _run_errands(self, receipt: Receipt) -> None:
        self._errands.run(receipt)
        self._photos.run()
