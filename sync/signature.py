"""Who said it: Ed25519 signatures (RFC 8032, by PyNaCl) of the kiosk's requests and the server's answers."""

import base64
import binascii
import re

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from sync.wire import sha256

DEVICE_HEADER = "Hailong-Device"
SIGNATURE_HEADER = "Hailong-Signature"
NEW_SIGNATURE_HEADER = "Hailong-New-Signature"

_BY_KEY = re.compile(r"k-([0-9a-f]{64})")


def name_by_key(public_key: str) -> str:
    """What a kiosk calls itself, in `Hailong-Device` and on a stick, while it does not know its id. public_key: hex."""
    return f"k-{public_key}"


def key_of_name(name: str) -> str | None:
    """The public key (hex) by which a device is named so, or None for any other name."""
    match = _BY_KEY.fullmatch(name)
    return match[1] if match else None


def sign_request(key: SigningKey, method: str, path: str, body: bytes) -> str:
    """The value of `Hailong-Signature` for a request; body as sent, path without query."""
    return sign(key, request_text(method, path, sha256(body)))


def request_is_genuine(public_key: str, signature: str, method: str, path: str, body: bytes) -> bool:
    """Whether the holder of the key (hex) sent exactly this request."""
    return holds(public_key, signature, request_text(method, path, sha256(body)))


def sign_answer(key: SigningKey, status: int, request_body: bytes, body: bytes) -> str:
    """The value of `Hailong-Signature` for an answer; it binds the answer to the request that it answers."""
    return sign(key, answer_text(status, sha256(request_body), body))


def answer_is_genuine(public_key: str, signature: str, status: int, request_body: bytes, body: bytes) -> bool:
    """Whether the server that holds the key (hex) gave exactly this answer to exactly this request."""
    return holds(public_key, signature, answer_text(status, sha256(request_body), body))


def request_text(method: str, path: str, body_sha256: str) -> bytes:
    """What the signature of a request is made over."""
    return f"hailong request 1\n{method}\n{path}\n{body_sha256}\n".encode()


def answer_text(status: int, request_sha256: str, body: bytes) -> bytes:
    """What the signature of an answer is made over."""
    return f"hailong answer 1\n{status}\n{request_sha256}\n{sha256(body)}\n".encode()


def sign(key: SigningKey, text: bytes) -> str:
    """The signature of a text, base64."""
    return base64.b64encode(key.sign(text).signature).decode("ascii")


def holds(public_key: str, signature: str, text: bytes) -> bool:
    """Whether the holder of the key (hex) signed exactly this text."""
    try:
        VerifyKey(bytes.fromhex(public_key)).verify(text, base64.b64decode(signature, validate=True))
    except (CryptoError, binascii.Error, ValueError, TypeError):
        return False
    return True
