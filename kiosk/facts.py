"""What the courier asks of the kiosk, and where it notes how an exchange went."""

import logging
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk import __version__, updates
from kiosk.clocks import Clocks
from kiosk.hours import local_time
from kiosk.moving import move
from kiosk.roster import Roster
from kiosk.status import Status, read_status, write_status
from kiosk.storage.ledger import Ledger
from sync.courier import Step
from sync.wire import Clock, Genuine, Health, KioskConfig, decode

log = logging.getLogger(__name__)


class Facts:
    """Handed to the courier. data: the data folder; config_came: called after a new configuration was put in force."""

    def __init__(self, data: Path, clocks: Clocks, ledger: Ledger, roster: Roster, config_came: Callable[[], None]) -> None:
        self._data = data
        self._clocks = clocks
        self._ledger = ledger
        self._roster = roster
        self._config_came = config_came
        before = read_status(data)
        self._genuine: Genuine | None = before.genuine if before else None
        self._noted = float("-inf")

    def clock(self) -> Clock:
        now = self._clocks.now()
        return Clock(now.at, now.up, now.boot)

    def local_time(self) -> datetime | None:
        """The time at the counter, as the server told it in this boot; else None. Any thread may ask."""
        return local_time(self._genuine, self._clocks.now())

    def health(self) -> Health:
        return Health(__version__, self._ledger.waiting(), shutil.disk_usage(self._data).free, updates.told())

    def config_digest(self) -> str | None:
        return self._roster.digest

    def store_config(self, config: bytes) -> None:
        """Put a received configuration in force, and move where it names another place. Raises as `moving.move`, and `Malformed`."""
        place = decode(config, KioskConfig)
        self._roster.leave(place.unit, place.counter)
        move(self._data, self._ledger, place.unit, place.counter)
        self._roster.store(config)
        self._config_came()

    def note(self, step: Step, advice: str = "") -> None:
        """Keep how the last exchange went in `status.json`, for the technician and the stick; once a second while entries go on at once.

        advice: what is to be done about it, as a sentence, or nothing.
        """
        now = self._clocks.now()
        if step.server_time is not None:
            self._genuine = Genuine(step.server_time, now.up, now.boot)
        if step.wait_seconds == 0 and now.up < self._noted + 1:
            return
        self._noted = now.up
        self._keep_house(step)
        status = Status(
            at=now.at,
            outcome=step.outcome,
            detail=step.detail,
            advice=advice,
            next_in_seconds=step.wait_seconds,
            server_time=step.server_time,
            waiting=self._ledger.waiting(),
            genuine=self._genuine,
            ledgers=self._ledger.held(),
        )
        try:
            write_status(self._data, status)
        except OSError:
            log.exception("status.json could not be written")

    def _keep_house(self, step: Step) -> None:
        try:
            self._ledger.keep_house(step.server_time.date() if step.server_time else None)
        except (OSError, sqlite3.Error):
            log.exception("what is old could not be deleted; it is tried again")
