"""Officers' photos on the kiosk: `photos/<SHA-256>.jpg`, fetched when nothing else is to be done, and never waited for."""

import logging
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.storage.reserve import PHOTOS
from sync.errors import ExchangeError, Refused
from sync.files import make_folder, write_whole
from sync.wire import Officer, sha256

BUDGET_SECONDS = 10.0
REST_SECONDS = 60.0
REFUSED_SECONDS = 3600.0
ROOM_BYTES = 64 * 1024 * 1024  # a disk with less is for votes

log = logging.getLogger(__name__)


class PhotoFolder:
    """The photos that are here. folder: the data folder. Any thread may ask."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / PHOTOS

    def of(self, officer: Officer) -> Path | None:
        """The file of the officer's photo, or None where there is none, or it has not come yet."""
        if officer.photo is None:
            return None
        file = self.path / f"{officer.photo}.jpg"
        return file if file.is_file() else None


class Photos:
    """Fetches what the configuration in force names, and deletes what it does not. The courier's thread only.

    officers: who is in the configuration, whoever is on duty first. fetch: gives the bytes of a photo, checked by its SHA-256.
    came: called after photos came.
    """

    def __init__(
        self,
        folder: PhotoFolder,
        officers: Callable[[], Iterable[Officer]],
        fetch: Callable[[str], bytes],
        came: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder.path
        self._officers = officers
        self._fetch = fetch
        self._came = came
        self._monotonic = monotonic
        self._examined = False
        self._rests_until = float("-inf")
        self._refused: dict[str, float] = {}  # until when they are not asked for again

    def run(self) -> None:
        """After a receipt: tidy up, and fetch for some seconds what is missing. Never raises: errors are logged, and it is tried later."""
        try:
            named = list(dict.fromkeys(officer.photo for officer in self._officers() if officer.photo is not None))
            self._tidy(named)
            missing = [name for name in named if not self._file(name).exists()]
            if missing and self._monotonic() >= self._rests_until and self._get(missing):
                self._came()
        except Exception:
            log.exception("the officers' photos could not be seen to")
            self._rests_until = self._monotonic() + REST_SECONDS

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.jpg"

    def _tidy(self, named: list[str]) -> None:
        """Delete what nobody names, and at the first time what a failing disk has changed."""
        if not self._folder.exists():
            return
        keep = {self._file(name) for name in named}
        for file in self._folder.iterdir():
            if file not in keep or not (self._examined or sha256(file.read_bytes()) == file.stem):
                file.unlink()
        self._examined = True

    def _get(self, missing: list[str]) -> int:
        """Fetch, until the time is over or the network fails; how many came."""
        make_folder(self._folder)
        until, came = self._monotonic() + BUDGET_SECONDS, 0
        for name in missing:
            now = self._monotonic()
            if now >= until or shutil.disk_usage(self._folder).free < ROOM_BYTES:
                break
            if now < self._refused.get(name, now):
                continue
            try:
                photo = self._fetch(name)
            except Refused as refused:
                log.warning("the server refused the photo %s: %s", name, refused)
                self._refused[name] = now + REFUSED_SECONDS
            except ExchangeError as error:
                log.warning("the photo %s was not fetched, nor those after it: %s", name, error)
                self._rests_until = self._monotonic() + REST_SECONDS
                break
            else:
                write_whole(self._file(name), photo)
                came += 1
        return came
