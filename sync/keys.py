"""How keys change hands without anybody being enrolled again: the server's, link by link, and a kiosk's.

The server's keys are a chain. Each link names the signing key before, and is signed by it, so whoever trusts any key of the
chain can walk to its end, however long they were away.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from nacl.signing import SigningKey

from sync.entries import Name, PublicKey
from sync.signature import holds, sign

OVERLAP = timedelta(days=30)
MAX_CHANGES = 100

Second = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")]


class KeyChange(Struct, frozen=True, kw_only=True):
    """The server's keys from `at` on. previous: the signing key before, which made the signature over all the rest."""

    previous: PublicKey
    signing_key: PublicKey
    sealing_key: PublicKey
    at: Second
    signature: str

    @property
    def since(self) -> datetime:
        """`at` as an instant. Raises ValueError for a date that no calendar has."""
        return datetime.fromisoformat(self.at)

    def is_genuine(self) -> bool:
        """Whether the holder of the previous key announced exactly this."""
        return holds(self.previous, self.signature, _announcement(self.previous, self.signing_key, self.sealing_key, self.at))


class KeyChanges(Struct, frozen=True):
    """The answer to `GET keys`: all links, the oldest first."""

    changes: Annotated[list[KeyChange], Meta(max_length=MAX_CHANGES)]


class KeyRequest(Struct, frozen=True):
    """`POST keys`: a kiosk's new key follows its old one. Both sign the same request."""

    old: PublicKey
    new: PublicKey


class KeyTaken(Struct, frozen=True):
    """The answer to `KeyRequest`: the device, and the key that is its own now."""

    device: Name
    key: PublicKey


def announce(previous: SigningKey, signing_key: str, sealing_key: str, now: datetime) -> KeyChange:
    """The link from the previous key to the next ones (hex)."""
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    before = previous.verify_key.encode().hex()
    signature = sign(previous, _announcement(before, signing_key, sealing_key, at))
    return KeyChange(previous=before, signing_key=signing_key, sealing_key=sealing_key, at=at, signature=signature)


def follow(trusted: str, changes: Sequence[KeyChange]) -> list[KeyChange]:
    """The links that lead from a trusted signing key to the newest that it vouches for; what is not genuine leads nowhere."""
    links: list[KeyChange] = []
    for change in changes:
        if change.previous == trusted and change.is_genuine():
            links.append(change)
            trusted = change.signing_key
    return links


def accepted(trusted: str, links: Sequence[KeyChange], now: datetime) -> list[str]:
    """The signing keys by which answers are believed: the newest, and each before it for 30 days after it was replaced."""
    keys = [trusted, *(link.signing_key for link in links)]
    former = [link.previous for link in links if now < link.since + OVERLAP]
    return [keys[-1], *reversed(former)]


def _announcement(previous: str, signing_key: str, sealing_key: str, at: str) -> bytes:
    return f"hailong keys 1\n{previous}\n{signing_key}\n{sealing_key}\n{at}\n".encode()
