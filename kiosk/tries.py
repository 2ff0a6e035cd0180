"""How often a PIN may be tried: five times, then there is a pause, each longer than the one before, until the right one comes."""

import logging
from pathlib import Path
from typing import NamedTuple

import msgspec

from kiosk.clocks import Clocks, Moment
from kiosk.signing import Paused, Wrong
from sync.entries import Malformed
from sync.files import write_whole
from sync.pins import is_pin
from sync.wire import decode, sha256

TRIES = 5
FIRST_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 900.0
_MOST_DOUBLINGS = 10

log = logging.getLogger(__name__)


class Locked(NamedTuple):
    """What a PIN opens. name: whose it is. pin: its `sync.pins.PinHash`."""

    name: str
    pin: str


class Tried(msgspec.Struct, frozen=True):
    """Somebody's wrong tries since the last right one, and the uptime and boot of the last.

    pin: SHA-256 of the PIN's hash: a new PIN begins anew.
    """

    pin: str
    wrong: int
    up: float
    boot: str


class Tries:
    """Of everybody, kept in a file, so that a restart gives nothing away. For one thread.

    A pause is counted by uptime, which nobody can set; the tablet's own restart begins it anew. Where the file cannot be written,
    tries are counted until the program ends.
    """

    def __init__(self, file: Path, clocks: Clocks) -> None:
        self._path = file
        self._clocks = clocks
        try:
            self._tried = decode(self._path.read_bytes(), dict[str, Tried])
        except (OSError, Malformed):
            self._tried = {}

    def why_not(self, locked: Locked, digits: str) -> Wrong | Paused | None:
        """Look at a PIN, which takes a while. None: it is the right one."""
        now = self._clocks.now()
        if seconds := self._pause_seconds(locked, now):
            return Paused(seconds)
        left = self._count(locked, now)  # before the PIN is looked at: pulling the plug gives no further try
        if not is_pin(digits, locked.pin):
            return Wrong(left) if left else Paused(self._pause_seconds(locked, self._clocks.now()))
        self._keep(locked, None)
        return None

    def _pause_seconds(self, locked: Locked, now: Moment) -> float:
        tried = self._of(locked)
        if tried is None or tried.wrong % TRIES:
            return 0.0
        if tried.boot != now.boot:
            tried = Tried(tried.pin, tried.wrong, now.up, now.boot)
            self._keep(locked, tried)
        pause = float(FIRST_PAUSE_SECONDS * 2 ** min(tried.wrong // TRIES - 1, _MOST_DOUBLINGS))
        return max(0.0, tried.up + min(pause, LONGEST_PAUSE_SECONDS) - now.up)

    def _count(self, locked: Locked, now: Moment) -> int:
        before = self._of(locked)
        wrong = (before.wrong if before else 0) + 1
        self._keep(locked, Tried(_mark(locked), wrong, now.up, now.boot))
        return -wrong % TRIES

    def _of(self, locked: Locked) -> Tried | None:
        tried = self._tried.get(locked.name)
        return tried if tried and tried.pin == _mark(locked) else None

    def _keep(self, locked: Locked, tried: Tried | None) -> None:
        self._tried.pop(locked.name, None)
        if tried is not None:
            self._tried[locked.name] = tried
        try:
            write_whole(self._path, msgspec.json.encode(self._tried), 0o600)
        except OSError:
            log.exception("tries of PINs could not be stored")


def _mark(locked: Locked) -> str:
    return sha256(locked.pin.encode())
