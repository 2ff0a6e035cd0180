"""Sealing: a citizen's comment as bytes that only the holder of the server's private sealing key can read.

    sealed = SealedBox(words [0x1E about], padded)

words are the citizen's, as UTF-8 in Unicode's NFC; about is a JSON object with what else `Written` says, and is left out with
its separator where nothing else is said.

A SealedBox is libsodium's crypto_box_seal: X25519 with a key of its own for each comment, XSalsa20-Poly1305, 48 bytes more than
what it holds. The padding is that of ISO/IEC 7816-4, to whole blocks of 1,024 bytes: a comment of up to 1,023 bytes (some
700 letters of Vietnamese, less what is known of their writer) is as long as any other, and a longer one tells its length to the
kibibyte only.
"""

import unicodedata

import msgspec
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from sync.entries import Malformed
from sync.wire import MAX_SEALED_BYTES, sha256

BLOCK_BYTES = 1024
KEY_ID_CHARACTERS = 16
SEPARATOR = "\x1e"
_SEAL_BYTES = 48
MAX_TEXT_BYTES = (MAX_SEALED_BYTES - _SEAL_BYTES) // BLOCK_BYTES * BLOCK_BYTES - 1


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed beside the words. language: of the screen, as `vi`. name, phone, address: how to reach the citizen, kept only
    with consent, which is the sentence that was agreed to, as it was shown (Law 91/2025/QH15). Raises ValueError.
    """

    language: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    consent: str = ""

    def __post_init__(self) -> None:
        if (self.name or self.phone or self.address) and not self.consent:
            raise ValueError("a name, phone or address without consent")


class Written(About, frozen=True, kw_only=True):
    """A comment: the words, and what is said about them. Raises ValueError for no words, or a separator in them."""

    text: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.text or SEPARATOR in self.text:
            raise ValueError("no words, or a separator in them")


def seal(written: Written, public_key: str) -> bytes:
    """The comment, sealed to a public sealing key (hex); never the same bytes twice.

    Raises `Malformed` for one that has more than `MAX_TEXT_BYTES`, or is no Unicode, and for a bad key.
    """
    try:
        composed = {name: unicodedata.normalize("NFC", value) for name, value in msgspec.structs.asdict(written).items()}
        plain = composed.pop("text").encode()
        if (about := About(**composed)) != About():
            plain += SEPARATOR.encode() + msgspec.json.encode(about)
        key = PublicKey(bytes.fromhex(public_key))
    except (UnicodeEncodeError, ValueError, TypeError, CryptoError) as error:
        raise Malformed(f"cannot be sealed: {type(error).__name__}") from None  # the error itself would repeat the text
    if len(plain) > MAX_TEXT_BYTES:
        raise Malformed(f"a comment of {len(plain)} bytes; {MAX_TEXT_BYTES} are allowed")
    return SealedBox(key).encrypt(sodium_pad(plain, BLOCK_BYTES))


def unseal(sealed: bytes, private_key: PrivateKey) -> Written:
    """What `seal` sealed to this key's public half. Raises `Malformed` for anything else."""
    try:
        words, separator, about = sodium_unpad(SealedBox(private_key).decrypt(sealed), BLOCK_BYTES).decode().partition(SEPARATOR)
        said = msgspec.json.decode(about, type=About) if separator else About()
        return Written(text=words, **msgspec.structs.asdict(said))
    except (CryptoError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise Malformed(f"cannot be unsealed: {type(error).__name__}") from None


def key_id(public_key: str) -> str:
    """The name of a public sealing key (hex) in a `comment` entry: SHA-256 of its 32 bytes, the first 16 characters."""
    return sha256(bytes.fromhex(public_key))[:KEY_ID_CHARACTERS]
