"""Who is on duty at the counter, and so whom a vote is for. No Kivy.

The rule, of which the last word counts:

- Who **signs in at the counter** is on duty. Another's sign-in is a handover: one officer at a time.
- After a **sign-out** at the counter nobody is.
- When the **server assigns** another (or nobody), that counts from when its configuration is in force, over who signed in.
- What was said at the counter ends at **midnight** (of the time zone handed in): then the server's assignment, if any, counts again.
- An officer whom the configuration in force does not name is not on duty, and a kiosk that moved begins without a word.

Every such word, but for midnight, is a duty entry in the ledger, durable before it holds. From these alone a start knows who is on
duty; nothing else is kept that might disagree. An assignment is written down as soon as it can be, and counts before.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path
from unicodedata import normalize

from kiosk import RELEASED
from kiosk.clocks import Clocks, Moment
from kiosk.hours import LOCAL
from kiosk.roster import Roster
from kiosk.signing import Answer, NotHere, SignedIn
from kiosk.storage.duties import NO_DUTIES, Duties
from kiosk.storage.ledger import Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.tries import Locked, Tries
from sync.entries import Duty, uuid7
from sync.wire import KioskConfig, Officer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """What was last recorded of who is on duty at this place: ids of unit and counter."""

    place: tuple[str, str]
    duties: Duties


class OnDuty:
    """Who is on duty. Safe to use from several threads; `officer` may be asked while the ledger makes an entry.

    folder: the data folder. changed: called, in any thread, after another may be on duty.
    """

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        roster: Roster,
        clocks: Clocks,
        changed: Callable[[], None] = lambda: None,
        zone: tzinfo = LOCAL,
    ) -> None:
        self._ledger = ledger
        self._roster = roster
        self._clocks = clocks
        self._changed = changed
        self._zone = zone
        self._tries = Tries(folder / "tries.json", clocks)
        self._writing = threading.Lock()  # never taken while the ledger's is held
        self._known = _Known(_place(roster.config), ledger.duties())
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="duty")
        self._settle()

    @property
    def officer(self) -> Officer | None:
        """Who is on duty at this moment, or None."""
        config, known = self._roster.config, self._known
        last, assigned = known.duties if known.place == _place(config) else NO_DUTIES
        on_duty = config.on_duty
        if last and not last.assigned and on_duty == (assigned and assigned.officer) and self._is_of_today(last):
            on_duty = last.officer
        return next((officer for officer in config.officers if officer.id == on_duty), None)

    def officer_id(self) -> str | None:
        """The id of who is on duty, for a vote."""
        officer = self.officer
        return officer.id if officer else None

    @property
    def rests(self) -> bool:
        """Whether the screen is to rest because nobody is on duty, as the unit chose."""
        return self._roster.config.without_officer == "rest" and self.officer is None

    @property
    def may_sign_in(self) -> list[Officer]:
        """Who has a PIN, by given name, as a Vietnamese list is ordered; nobody where the unit does not sign in at the counter."""
        return sorted((one for one in self._roster.config.officers if one.pin), key=lambda one: _in_a_list(one.name))

    def configuration_came(self) -> None:
        """A configuration was put in force: record whom the server assigns, if that is another than before."""
        self._settle()
        self._changed()

    def sign_in(self, officer: str, pin: str) -> Future[Answer]:
        """Look at a PIN, which takes a while, and let the officer (an id) be on duty if it is right.

        The future raises `NotRecorded` where that could not be made durable: then all is as before.
        """
        return self._thread.submit(self._sign_in, officer, pin)

    def sign_out(self) -> Future[None]:
        """Nobody is on duty from now on. The future raises `NotRecorded`: then all is as before."""
        return self._thread.submit(self._record_at_the_counter, None)

    def close(self) -> None:
        """Wait until everything is recorded."""
        self._thread.shutdown()

    def _settle(self) -> None:
        with self._writing, suppress(NotRecorded):  # a full disk: the ledger has logged it; the assignment counts nevertheless
            self._record_assignment()

    def _sign_in(self, officer_id: str, pin: str) -> Answer:
        officer = next((one for one in self._roster.config.officers if one.id == officer_id), None)
        if officer is None or officer.pin is None:
            return NotHere()
        if not_right := self._tries.why_not(Locked(officer.id, officer.pin), pin):
            return not_right
        self._record_at_the_counter(officer.id)
        return SignedIn()

    def _record_at_the_counter(self, officer: str | None) -> None:
        with self._writing:
            self._record_assignment()
            self._record(officer, assigned=False)
        self._changed()

    def _record_assignment(self) -> None:
        config = self._roster.config
        if self._known.place != _place(config):
            self._known = _Known(_place(config), NO_DUTIES)
        assigned = self._known.duties.assigned
        if config.on_duty != (assigned and assigned.officer):
            self._record(config.on_duty, assigned=True)

    def _record(self, officer: str | None, *, assigned: bool) -> None:
        def make(now: Moment) -> Duty:
            return Duty(id=uuid7(), at=now.at, up=now.up, boot=now.boot, officer=officer, assigned=assigned)

        def hold(entry: Duty) -> None:
            self._known = _Known(self._known.place, Duties(entry, entry if assigned else self._known.duties.assigned))

        self._ledger.append(make, hold)
        log.info("on duty: %s (%s)", officer, "assigned" if assigned else "at the counter")

    def _is_of_today(self, entry: Duty) -> bool:
        """By today's wall clock where uptime tells how long ago it was; else by the two, if both can be believed."""
        now = self._clocks.now()
        if entry.boot == now.boot:
            at = now.at - timedelta(seconds=now.up - entry.up)
        elif min(entry.at, now.at) >= RELEASED:
            at = entry.at
        else:
            return False
        return at.astimezone(self._zone).date() == now.at.astimezone(self._zone).date()


def _in_a_list(name: str) -> list[str]:
    """Sorts Vietnamese names well enough: given name first, đ after d, letters with marks after those without."""
    return normalize("NFD", name.casefold()).replace("đ", "d\u0335").split()[::-1]


def _place(config: KioskConfig) -> tuple[str, str]:
    return config.unit.id, config.counter.id
