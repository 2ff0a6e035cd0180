"""What is asked of the running kiosk, by files in `requests/`: nobody else may open its database while it runs."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from kiosk.carried import HANDED_IN, read_answer
from kiosk.enrolment import load_identity
from kiosk.provisioning import Provision
from kiosk.rotation import own_keys
from sync.entries import Malformed
from sync.errors import Refused
from sync.stick import read_file
from sync.wire import Acked, sha256

SECONDS_BETWEEN_LOOKS = 3.0
EXCHANGE = ".exchange"  # how the name of a request ends that asks for an exchange now; there is nothing in it

log = logging.getLogger(__name__)


class Ledgers(Protocol):
    """`kiosk.storage.ledger.Ledger`, as answers from a stick need it."""

    def acknowledge(self, at: Acked) -> bool:
        """Move `acked`, up or down, to where the server stands; False where our digest there is another."""


class Requests:
    """Looks into the folder, and does what is asked there.

    data: the data folder. store_config: puts a configuration in force. erase: deletes a sealed comment by its SHA-256. provision:
    of kiosk.toml, or None. hurry: lets the next exchange begin.
    """

    def __init__(
        self,
        data: Path,
        ledgers: Ledgers,
        store_config: Callable[[bytes], None],
        erase: Callable[[str], None],
        provision: Provision | None = None,
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        self._data = data
        self._hurry = hurry
        self._provision = provision
        self._folder = data / HANDED_IN
        self._ledgers = ledgers
        self._store_config = store_config
        self._erase = erase
        self._config: tuple[datetime, str] = (datetime.min.replace(tzinfo=UTC), "")

    def run(self, stop: threading.Event) -> None:
        """Look now and every few seconds, until `stop` is set."""
        while not stop.is_set():
            try:
                self.look()
            except Exception:
                log.exception("the requests could not be looked at")
            stop.wait(SECONDS_BETWEEN_LOOKS)

    def look(self) -> None:
        """Take in what lies there. A file that is done, or is nothing of ours, is removed. Raises OSError, sqlite3.Error."""
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.answer")):
            self._once(path, self._take_answer)
        for path in sorted(self._folder.glob("*.config")):
            self._once(path, self._take_config)
        for path in self._folder.glob(f"*{EXCHANGE}"):
            path.unlink()
            self._hurry()

    def _once(self, path: Path, take: Callable[[bytes], None]) -> None:
        try:
            take(read_file(path))
        except (Malformed, Refused) as error:
            log.warning("%s was not taken in: %s", path.name, error)
        path.unlink()

    def _take_answer(self, data: bytes) -> None:
        identity = load_identity(self._data, self._provision)
        if identity is None:
            raise Malformed("this kiosk is neither enrolled nor provisioned")
        said = read_answer(data, own_keys(self._data), identity.server_keys(datetime.now(UTC)))
        for at in said.stands:
            if not self._ledgers.acknowledge(at):
                log.warning("the server holds other entries of %s; the next exchange by network settles that", at.ledger)
        for sealed in said.erase:
            self._erase(sealed)
        if said.time is not None and said.config is not None:
            self._config = max(self._config, (said.time, said.config))

    def _take_config(self, data: bytes) -> None:
        if sha256(data) == self._config[1]:
            self._store_config(data)
