"""A PIN, of an officer or of the technician, as the server hashes it and the kiosk checks it: argon2id (RFC 9106), in libsodium's
text form.

So few digits are soon found by who has the hash: six of them in minutes to hours, eight in days. What that is worth stands in
docs/threat-model.md.
"""

from typing import Annotated

from msgspec import Meta
from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

FEWEST_DIGITS = 4
MOST_DIGITS, MOST_DIGITS_OF_A_TECHNICIAN = 6, 8
MEMORY_BYTES = 16 * 1024 * 1024  # what a cheap tablet can spare
PASSES = 4  # with that memory, 0.07 s on a desk and about 0.3 s on such a tablet

PinHash = Annotated[str, Meta(pattern=r"^\$argon2id\$v=19\$m=[0-9]{1,5},t=[0-9]{1,2},p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\Z")]


def hash_pin(pin: str) -> str:
    """A `PinHash` of the digits, salted: equal PINs have different ones."""
    return argon2id.str(pin.encode(), opslimit=PASSES, memlimit=MEMORY_BYTES).decode("ascii")


def is_pin(pin: str, hashed: str) -> bool:
    """Whether the digits are those of a `PinHash`. Takes as long as making one."""
    try:
        return argon2id.verify(hashed.encode("ascii"), pin.encode())
    except InvalidkeyError:
        return False
