"""An office's own authority, told by the code that a technician types: ten characters more, by which its certificate is known.

The server gives the certificate to whoever asks, and nobody vouches for it but the characters: the first 50 bits of argon2id (RFC 9106)
over it. Who wants another certificate with the same ones must try some 2^50, each for as long as a PIN takes to check.
"""

import re
import ssl
import warnings
from contextlib import closing

from nacl.pwhash import argon2id

from sync.crockford import encoded
from sync.http import Wire
from sync.pins import MEMORY_BYTES, PASSES
from sync.proxy import Proxy
from sync.trust import Anybody

CHARACTERS = 10
PATH = "/hailong-ca.pem"
MOST_BYTES = 256 * 1024

_BYTES = 16  # the fewest that argon2id makes; the characters are of the first of them
_SALT = b"hailong-ca.pem\0\0"
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


class WrongAuthorityError(Exception):
    """The server gives another certificate than the one that the characters are of, or none."""


def mark(pem: bytes) -> str:
    """The characters of Crockford's base32 that stand for certificates in PEM, whatever is written around them. Takes as long as hashing
    a PIN. Raises ValueError where there is none.
    """
    found = [ssl.PEM_cert_to_DER_cert(block.decode("ascii")) for block in _CERTIFICATE.findall(pem)]
    if not found or not all(found):
        raise ValueError("no certificate")
    hashed = argon2id.kdf(_BYTES, b"".join(found), _SALT, opslimit=PASSES, memlimit=MEMORY_BYTES)
    return encoded(hashed)[:CHARACTERS]


def fetch(server: str, wanted: str, proxy: Proxy | None = None) -> bytes:
    """The certificates (PEM) that a server gives out, when they are those that the characters `wanted` are of.

    server: https address. Raises `WrongAuthorityError`, and `TryLater` where the server is not reached.
    """
    wire = Wire(server, proxy=proxy, trust=Anybody())
    with warnings.catch_warnings(), closing(wire):
        warnings.simplefilter("ignore")  # urllib3's, of what we mean to do
        reply = wire.ask("GET", PATH, b"", {}, MOST_BYTES)
    try:
        known = reply.status == 200 and mark(reply.body) == wanted
    except ValueError:
        known = False
    if not known:
        raise WrongAuthorityError
    return b"\n".join(_CERTIFICATE.findall(reply.body)) + b"\n"
