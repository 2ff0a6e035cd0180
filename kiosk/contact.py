"""The kiosk's contact with its server: before an exchange comes enrolment where it is missing, and whatever keys have changed.

Who we are is read from disk each time, so an enrolment or a new key by the command line holds from the next exchange on.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from nacl.signing import SigningKey

from kiosk import rotation
from kiosk.enrolment import Identity, follow_server_keys, load_identity, store_enrolment
from kiosk.provisioning import Provision
from sync import client
from sync.client import Client, HandOver
from sync.errors import ExchangeError, OtherKey, Refused, TryLater
from sync.http import Wire
from sync.keys import KeyTaken
from sync.wire import Enrolment, Receipt

T = TypeVar("T")

log = logging.getLogger(__name__)


class Patience:
    """The courier's waiting, cut short by `hurry`, and when the command line enrols this kiosk again or prepares its next key.

    folder: the data folder.
    """

    LOOK_SECONDS = 2.0

    def __init__(self, folder: Path) -> None:
        self._files = [folder / "enrolment.json", folder / rotation.NEXT_KEY]
        self._known = self._look()
        self._hurried = threading.Event()

    def __call__(self, stop: threading.Event, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not stop.is_set():
            if self._hurried.wait(min(left, self.LOOK_SECONDS)):
                break
            if (now := self._look()) != self._known:
                self._known = now
                return
        self._hurried.clear()

    def hurry(self) -> None:
        """Let the waiting end now; or the next, where there is an exchange. To be called, too, after setting `stop`. From any thread."""
        self._hurried.set()

    def _look(self) -> list[int]:
        return [file.stat().st_mtime_ns if file.exists() else 0 for file in self._files]


class Contact:
    """What the courier and its errands ask of `sync.client.Client`, by whoever we are now.

    folder: the data folder. provision: of kiosk.toml, or None. version: of this program. trouble: why the last call failed, or
    None. key_refused: why the server took no new key of ours in that call, or None.
    """

    def __init__(
        self,
        wire: Wire,
        folder: Path,
        provision: Provision | None,
        version: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._wire = wire
        self._folder = folder
        self._provision = provision
        self._version = version
        self._now = now
        self.trouble: Refused | TryLater | None = None
        self.key_refused: Refused | None = None

    def send(self, body: bytes) -> Receipt:
        """The receipt for a batch. Raises any `ExchangeError`, OSError."""
        return self._ask(lambda server: server.send(body))

    def config(self, digest: str) -> bytes:
        """The configuration of that digest. Raises any `ExchangeError`, OSError."""
        return self._ask(lambda server: server.config(digest))

    def photo(self, name: str) -> bytes:
        """The photo of that SHA-256. Raises any `ExchangeError`, OSError."""
        return self._ask(lambda server: server.photo(name))

    def put_sealed(self, sealed: str, body: bytes) -> None:
        """Hand over a sealed comment. Raises any `ExchangeError`, OSError."""
        self._ask(lambda server: server.put_sealed(sealed, body))

    def settle(self) -> None:
        """Do what comes before an exchange, and nothing else. Raises any `ExchangeError`, OSError."""
        self._ask(lambda server: None)

    def _ask(self, what: Callable[[Client], T]) -> T:
        self.trouble = self.key_refused = None
        try:
            try:
                return what(self._client())
            except OtherKey:
                self._follow_server_keys()
            except Refused as refused:
                if not self._make_known(refused):
                    raise
            return what(self._client())
        except (Refused, TryLater) as trouble:
            self.trouble = trouble
            raise

    def _client(self) -> Client:
        identity = self._identity()
        enrolment = identity.enrolment or self._enrol(identity)
        keys = self._identity().server_keys(self._now())
        rotation.tell(self._folder, enrolment.device, lambda change: self._say(change, keys))
        return Client(self._wire, enrolment.device, self._identity().key, *keys)

    def _say(self, change: HandOver, server_keys: Sequence[str]) -> KeyTaken | None:
        try:
            return client.hand_over(self._wire, change, server_keys)
        except Refused as refused:
            log.info("the server does not take the key: %s", refused)
            self.key_refused = refused
            return None

    def _identity(self) -> Identity:
        identity = load_identity(self._folder, self._provision)
        if identity is None:
            raise LookupError("this kiosk is neither enrolled nor provisioned")
        return identity

    def _enrol(self, identity: Identity) -> Enrolment:
        if self._provision is None:
            raise LookupError("there is no provisioning secret")
        keys = identity.server_keys(self._now())
        enrolment = enrol(self._wire, self._folder, identity.key, self._provision.secret, self._version, keys)
        log.info("enrolled by the provisioning file as %s", enrolment.device)
        return enrolment

    def _follow_server_keys(self) -> None:
        """Take the server's newer keys. Raises `TryLater` where no key of ours vouches for them."""
        identity = self._identity()
        if not follow_server_keys(self._folder, identity, client.key_changes(self._wire, identity.trusted)):
            raise TryLater("other-key", "its keys do not follow those that we know")

    def _make_known(self, refused: Refused) -> bool:
        """Whether we could do something about a server that does not know us, or not by our key: it was restored, perhaps."""
        if refused.code == "bad-signature":
            return rotation.forget_told(self._folder)
        if refused.code != "unknown-device" or self._provision is None:
            return False
        try:
            self._enrol(self._identity())
        except Refused as again:
            log.warning("the server does not know us any more, and does not take the provisioning secret: %s", again)
            return False
        return True


def enrol(wire: Wire, folder: Path, key: SigningKey, code: str, version: str, server_keys: Sequence[str] = ()) -> Enrolment:
    """Enrol by a code or secret, and keep the answer. server_keys: by which it must be signed, where that is known.

    A server that knows us by a former key hears first that ours followed it; so we stay the same device. Raises `TryLater`,
    `Refused`, OSError.
    """
    known = load_identity(folder)
    if known is not None:
        with suppress(ExchangeError):
            for change in rotation.read(folder).all:
                with suppress(Refused):
                    client.hand_over(wire, change, known.server_keys(datetime.now(UTC)))
    enrolment = client.enrol(wire, key, code, version, server_keys)
    store_enrolment(folder, enrolment)
    rotation.forget_told(folder)
    return enrolment
