"""Sealing: a citizen's comment as bytes that only the holder of the server's private sealing key can read.

    sealed = SealedBox(text in Unicode's NFC, as UTF-8, padded)

A SealedBox is libsodium's crypto_box_seal: X25519 with a key of its own for each comment, XSalsa20-Poly1305, 48 bytes more than
what it holds. The padding is that of ISO/IEC 7816-4, to whole blocks of 1,024 bytes: a comment of up to 1,023 bytes (some
700 letters of Vietnamese) is as long as any other, and a longer one tells its length to the kibibyte only.
"""

import unicodedata

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from sync.entries import Malformed
from sync.wire import MAX_SEALED_BYTES, sha256

BLOCK_BYTES = 1024
KEY_ID_CHARACTERS = 16
_SEAL_BYTES = 48
MAX_TEXT_BYTES = (MAX_SEALED_BYTES - _SEAL_BYTES) // BLOCK_BYTES * BLOCK_BYTES - 1


def seal(text: str, public_key: str) -> bytes:
    """The text, sealed to a public sealing key (hex); never the same bytes twice.

    Raises `Malformed` for a text that is empty, has more than `MAX_TEXT_BYTES` as UTF-8, or is no Unicode, and for a bad key.
    """
    try:
        plain = unicodedata.normalize("NFC", text).encode()
        key = PublicKey(bytes.fromhex(public_key))
    except (UnicodeEncodeError, ValueError, TypeError, CryptoError) as error:
        raise Malformed(f"cannot be sealed: {type(error).__name__}") from None  # the error itself would repeat the text
    if not 0 < len(plain) <= MAX_TEXT_BYTES:
        raise Malformed(f"a comment of {len(plain)} bytes; 1 to {MAX_TEXT_BYTES} are allowed")
    return SealedBox(key).encrypt(sodium_pad(plain, BLOCK_BYTES))


def unseal(sealed: bytes, private_key: PrivateKey) -> str:
    """The text of what `seal` made for this key's public half. Raises `Malformed` for anything else."""
    try:
        return sodium_unpad(SealedBox(private_key).decrypt(sealed), BLOCK_BYTES).decode()
    except (CryptoError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise Malformed(f"cannot be unsealed: {type(error).__name__}") from None


def key_id(public_key: str) -> str:
    """The name of a public sealing key (hex) in a `comment` entry: SHA-256 of its 32 bytes, the first 16 characters."""
    return sha256(bytes.fromhex(public_key))[:KEY_ID_CHARACTERS]
