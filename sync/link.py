"""The link by which a citizen writes about a vote on a telephone: made by the kiosk alone, believed for its signature, short-lived.

    link = form address ‖ /G/ ‖ device ‖ / ‖ code

device is the device's id without its `d-`. code is Crockford's base32, 136 characters, of 85 bytes: version (1 byte: 1), expires (4 bytes:
seconds since 1970, by the server's clock), the vote's id (16 bytes), and the device's Ed25519 signature (64 bytes) over `link_text`.
Everything is of digits, capital letters and `/:.-`, so that a QR code (ISO/IEC 18004) takes eleven bits for two characters: version 8 at
level M holds every link.
"""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from nacl.signing import SigningKey

from sync.crockford import decoded, encoded
from sync.entries import Malformed
from sync.signature import holds, sign

LINK_LIFE = timedelta(minutes=30)
LINK_VERSION = 1
LINK_CHARACTERS = 136
PREFIX = "/G/"

_DEVICE = re.compile(r"d-([0-9A-Z]{1,10})")


class Link(NamedTuple):
    """What a link says. device: id. expires: the form opens until then. signature: base64."""

    device: str
    vote: UUID
    expires: datetime
    signature: str

    def is_genuine(self, public_key: str) -> bool:
        """Whether the holder of the key (hex) made it."""
        return holds(public_key, self.signature, link_text(self.device, self.vote, _seconds(self.expires)))


def new_link(address: str, key: SigningKey, device: str, vote: UUID, now: datetime) -> str:
    """The link to the form at an address (`sync.shown.FormAddress`) for a vote, good for `LINK_LIFE` from now, the server's time.

    device: the id. Raises `Malformed` for one that no server of ours gave.
    """
    named = _DEVICE.fullmatch(device)
    if named is None:
        raise Malformed(f"no link for a device named {device}")
    expires = _seconds(now + LINK_LIFE)
    signature = base64.b64decode(sign(key, link_text(device, vote, expires)))
    code = encoded(bytes([LINK_VERSION]) + expires.to_bytes(4, "big") + vote.bytes + signature)
    return f"{address.upper()}{PREFIX}{named[1]}/{code}"


def read_link(device: str, code: str) -> Link:
    """The link of which these are the last two parts, capital or small; not yet whether it is genuine. Raises `Malformed`."""
    name = f"d-{device.upper()}"
    if _DEVICE.fullmatch(name) is None or len(code) != LINK_CHARACTERS:
        raise Malformed("not the form of a link")
    try:
        data = decoded(code)
    except ValueError as error:
        raise Malformed(f"not base32: {error}") from error
    if data[0] != LINK_VERSION:
        raise Malformed(f"a link of version {data[0]}")
    expires = datetime.fromtimestamp(int.from_bytes(data[1:5], "big"), UTC)
    return Link(name, UUID(bytes=data[5:21]), expires, base64.b64encode(data[21:]).decode("ascii"))


def link_text(device: str, vote: UUID, expires: int) -> bytes:
    """What the signature of a link is made over. expires: seconds since 1970."""
    return f"hailong link {LINK_VERSION}\n{device}\n{vote}\n{expires}\n".encode()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
