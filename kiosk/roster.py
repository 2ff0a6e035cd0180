"""Who works here and what is shown: the configuration last received from the server."""

import threading
from pathlib import Path

from kiosk.photos import PhotoFolder
from sync.entries import Malformed
from sync.files import write_whole
from sync.wire import KioskConfig, Officer, Place, decode, sha256


class Roster:
    """The configuration on disk, and in force. Safe to use from several threads. photos: `photos.of(officer)` is the file of one.

    folder: the data folder. unit, counter: where the kiosk stands; shown until its configuration for there came. One for another
    place (a power cut came between moving and storing it) has officers whom the server does not know here.
    """

    def __init__(self, folder: Path, unit: Place, counter: Place) -> None:
        self._path = folder / "config.json"
        self.photos = PhotoFolder(folder)
        self._lock = threading.Lock()
        self._digest: str | None = None
        self._config = KioskConfig(unit=unit, counter=counter, officers=[], on_duty=None)
        try:
            stored = self._path.read_bytes()
            place = decode(stored, KioskConfig)
        except (FileNotFoundError, Malformed):
            return
        if (place.unit.id, place.counter.id) == (unit.id, counter.id):
            self._take(stored)

    @property
    def digest(self) -> str | None:
        """SHA-256 of the configuration in force, or None before the first."""
        with self._lock:
            return self._digest

    @property
    def config(self) -> KioskConfig:
        with self._lock:
            return self._config

    @property
    def officers(self) -> list[Officer]:
        """Everybody, and first whom the server assigns."""
        config = self.config
        return sorted(config.officers, key=lambda officer: officer.id != config.on_duty)

    def leave(self, unit: Place, counter: Place) -> None:
        """The kiosk goes to another place, if it is another: nobody is on duty there until its configuration is stored."""
        with self._lock:
            here = self._config
            if (here.unit.id, here.counter.id) != (unit.id, counter.id):
                self._config, self._digest = KioskConfig(unit=unit, counter=counter, officers=[], on_duty=None), None

    def store(self, config: bytes) -> None:
        """Put a received configuration in force, once it is on disk. Raises `Malformed`, OSError."""
        decode(config, KioskConfig)
        write_whole(self._path, config)
        self._take(config)

    def _take(self, data: bytes) -> None:
        config = decode(data, KioskConfig)
        with self._lock:
            self._config, self._digest = config, sha256(data)
