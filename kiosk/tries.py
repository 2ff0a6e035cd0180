"""How often a PIN may be tried: five times, then there is a pause, each longer than the one before, until the right one comes."""

import logging
from pathlib import Path

import msgspec

from kiosk.clocks import Moment
from sync.entries import Malformed
from sync.files import write_whole
from sync.wire import Officer, decode, sha256

TRIES = 5
FIRST_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 900.0
_MOST_DOUBLINGS = 10

log = logging.getLogger(__name__)


class Tried(msgspec.Struct, frozen=True):
    """An officer's wrong tries since the last right one, and the uptime and boot of the last.

    pin: SHA-256 of the PIN's hash: a new PIN begins anew.
    """

    pin: str
    wrong: int
    up: float
    boot: str


class Tries:
    """Of every officer, kept in a file, so that a restart gives nothing away. For one thread.

    A pause is counted by uptime, which nobody can set; the tablet's own restart begins it anew. Where the file cannot be written,
    tries are counted until the program ends. folder: the data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tries.json"
        try:
            self._tried = decode(self._path.read_bytes(), dict[str, Tried])
        except (OSError, Malformed):
            self._tried = {}

    def pause_seconds(self, officer: Officer, now: Moment) -> float:
        """For how long the officer's PIN is not looked at from now on; 0 where it is."""
        tried = self._of(officer)
        if tried is None or tried.wrong % TRIES:
            return 0.0
        if tried.boot != now.boot:
            tried = Tried(tried.pin, tried.wrong, now.up, now.boot)
            self._keep(officer, tried)
        pause = float(FIRST_PAUSE_SECONDS * 2 ** min(tried.wrong // TRIES - 1, _MOST_DOUBLINGS))
        return max(0.0, tried.up + min(pause, LONGEST_PAUSE_SECONDS) - now.up)

    def count(self, officer: Officer, now: Moment) -> int:
        """One more try, wrong until `forget` says otherwise: to be called before the PIN is looked at. How many are left."""
        before = self._of(officer)
        wrong = (before.wrong if before else 0) + 1
        self._keep(officer, Tried(_mark(officer), wrong, now.up, now.boot))
        return -wrong % TRIES

    def forget(self, officer: Officer) -> None:
        """The right PIN came."""
        self._keep(officer, None)

    def _of(self, officer: Officer) -> Tried | None:
        tried = self._tried.get(officer.id)
        return tried if tried and tried.pin == _mark(officer) else None

    def _keep(self, officer: Officer, tried: Tried | None) -> None:
        self._tried.pop(officer.id, None)
        if tried is not None:
            self._tried[officer.id] = tried
        try:
            write_whole(self._path, msgspec.json.encode(self._tried), 0o600)
        except OSError:
            log.exception("tries of PINs could not be stored")


def _mark(officer: Officer) -> str:
    return sha256((officer.pin or "").encode())
