"""An office's own authority, told by the code that a technician types: ten characters more, by which its certificate is known.

The server gives the certificate to whoever asks, and nobody vouches for it but the characters: the first 50 bits of argon2id (RFC 9106)
over it. Who wants another certificate with the same ones must try some 2^50, each for as long as a PIN takes to check.
"""

import re
import ssl

from nacl.pwhash import argon2id

from sync.crockford import encoded
from sync.pins import MEMORY_BYTES, PASSES

CHARACTERS = 10

_BYTES = 16  # the fewest that argon2id makes; the characters are of the first of them
_SALT = b"hailong-ca.pem\0\0"
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def blocks(pem: bytes) -> list[bytes]:
    """The certificates in a file, each with its first and last line, without what is written around them."""
    return _CERTIFICATE.findall(pem)


def mark(pem: bytes) -> str:
    """The characters of Crockford's base32 that stand for certificates in PEM, whatever is written around them. Takes as long as hashing
    a PIN. Raises ValueError where there is none.
    """
    found = [ssl.PEM_cert_to_DER_cert(block.decode("ascii")) for block in blocks(pem)]
    if not found or not all(found):
        raise ValueError("no certificate")
    hashed = argon2id.kdf(_BYTES, b"".join(found), _SALT, opslimit=PASSES, memlimit=MEMORY_BYTES)
    return encoded(hashed)[:CHARACTERS]
