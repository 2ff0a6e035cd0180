"""Who this kiosk is: its own key, where it stands, and the keys by which it knows its server."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from nacl.signing import SigningKey

from kiosk.provisioning import Provision
from sync.entries import Malformed
from sync.files import make_folder, write_once, write_whole
from sync.keys import KeyChange, KeyChanges, accepted, follow
from sync.wire import Enrolment, Place, decode

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """A kiosk that may take votes. key: its private Ed25519 key, which never leaves the tablet.

    enrolment: what the server said, or None where only a provisioning file says who we are. trusted: the signing key that it
    gave; links: how the server's keys followed each other since. sealing_key: to which comments are sealed.
    """

    key: SigningKey
    unit: Place
    counter: Place
    enrolment: Enrolment | None
    trusted: str
    links: Sequence[KeyChange]
    sealing_key: str

    @property
    def public_key(self) -> str:
        return public_key(self.key)

    def server_keys(self, now: datetime) -> list[str]:
        """By which the server's answers are known: its newest key, and those before it for 30 days."""
        return accepted(self.trusted, self.links, now)


def public_key(key: SigningKey) -> str:
    """The public half, hex."""
    return key.verify_key.encode().hex()


def device_key(folder: Path) -> SigningKey:
    """The kiosk's key, made at the first call. folder: the data folder. Raises OSError, or ValueError for a damaged file."""
    return key_in(folder / "device.key")


def key_in(path: Path) -> SigningKey:
    """The private key in a file, made where there is none; of several who make it at once, all get the same."""
    if not path.exists():
        make_folder(path.parent)
        write_once(path, SigningKey.generate().encode())
    return SigningKey(path.read_bytes())


def load_identity(folder: Path, provision: Provision | None = None) -> Identity | None:
    """Who the kiosk is: as the server said, else as the provisioning file says; None where it is nobody yet.

    Raises OSError, or ValueError for a damaged device key.
    """
    enrolment = _read(folder / "enrolment.json", Enrolment)
    known = enrolment or provision
    if known is None:
        return None
    changes = _read(folder / "server-keys.json", KeyChanges) or KeyChanges([])
    links = follow(known.signing_key, changes.changes)
    sealing_key = links[-1].sealing_key if links else known.sealing_key
    return Identity(device_key(folder), known.unit, known.counter, enrolment, known.signing_key, links, sealing_key)


def store_enrolment(folder: Path, enrolment: Enrolment) -> None:
    """Keep the server's answer, whole or not at all. Raises OSError."""
    write_whole(folder / "enrolment.json", msgspec.json.format(msgspec.json.encode(enrolment)), 0o600)


def follow_server_keys(folder: Path, identity: Identity, changes: Sequence[KeyChange]) -> bool:
    """Keep those of the server's newer keys that a key which we know vouches for; False where there are none. Raises OSError.

    An old list that somebody replays takes nothing back: links are only added.
    """
    known, links = list(identity.links), follow(identity.trusted, changes)
    if len(links) <= len(known) or links[: len(known)] != known:
        return False
    write_whole(folder / "server-keys.json", msgspec.json.format(msgspec.json.encode(KeyChanges(links))), 0o600)
    log.info("the server has changed its keys %d times since the one that we were given", len(links))
    return True


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return decode(path.read_bytes(), kind)
    except (FileNotFoundError, Malformed):
        return None
