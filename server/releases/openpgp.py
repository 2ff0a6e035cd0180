"""As much of OpenPGP (RFC 4880) as a Debian repository needs: a public key, and a text signed in the clear, both by Ed25519.

EdDSA in OpenPGP version 4 as GnuPG and Sequoia read it: draft-koch-eddsa-for-openpgp. gpg itself would keep an agent running beside the
server, and the key where only gpg finds it.
"""

import base64
import hashlib
import struct

from nacl.signing import SigningKey

MADE = 1_767_225_600  # 2026-01-01: part of the key's fingerprint, so the same key is the same for ever
OWNER = "Hai Long repository"

_EDDSA, _SHA512 = 22, 10
_ED25519 = bytes.fromhex("2b06010401da470f01")
_CERTIFIES, _SIGNS_TEXT = 0x13, 0x01
_KEY_TAG, _NAME_TAG, _SIGNATURE_TAG = 6, 13, 2


def public_key(key: SigningKey) -> bytes:
    """The key as gpgv, apt and sqv take it: public half, a name, and that it may sign (a signature over both by itself)."""
    body, name = _key_body(key), OWNER.encode()
    said = b"\x99" + struct.pack(">H", len(body)) + body + b"\xb4" + struct.pack(">I", len(name)) + name
    flags = _subpacket(27, b"\x03")
    return _packet(_KEY_TAG, body) + _packet(_NAME_TAG, name) + _signature(key, _CERTIFIES, said, MADE, flags)


def clearsigned(text: str, key: SigningKey, at: int) -> str:
    """The text and its signature. text: lines, each ended by a newline. at: Unix time of the signature; the same gives the same bytes."""
    lines = text.removesuffix("\n").split("\n")
    escaped = "".join(f"- {line}\n" if line.startswith("-") else f"{line}\n" for line in lines)
    said = "\r\n".join(line.rstrip(" \t") for line in lines).encode()
    signature = _signature(key, _SIGNS_TEXT, said, at)
    return f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{escaped}{_armoured(signature)}"


def _key_body(key: SigningKey) -> bytes:
    point = b"\x40" + key.verify_key.encode()
    return b"\x04" + struct.pack(">I", MADE) + bytes([_EDDSA, len(_ED25519)]) + _ED25519 + _number(point)


def _signature(key: SigningKey, kind: int, said: bytes, at: int, more: bytes = b"") -> bytes:
    body = _key_body(key)
    fingerprint = hashlib.sha1(b"\x99" + struct.pack(">H", len(body)) + body, usedforsecurity=False).digest()
    hashed = _subpacket(2, struct.pack(">I", at)) + more + _subpacket(33, b"\x04" + fingerprint)
    unhashed = _subpacket(16, fingerprint[-8:])
    head = bytes([4, kind, _EDDSA, _SHA512]) + struct.pack(">H", len(hashed)) + hashed
    digest = hashlib.sha512(said + head + b"\x04\xff" + struct.pack(">I", len(head))).digest()
    signed = key.sign(digest).signature
    halves = _number(signed[:32]) + _number(signed[32:])
    return _packet(_SIGNATURE_TAG, head + struct.pack(">H", len(unhashed)) + unhashed + digest[:2] + halves)


def _number(data: bytes) -> bytes:
    """A multiprecision integer: its length in bits, and its bytes without leading zeros (RFC 4880, section 3.2)."""
    value = int.from_bytes(data, "big")
    return struct.pack(">H", value.bit_length()) + value.to_bytes((value.bit_length() + 7) // 8, "big")


def _subpacket(kind: int, data: bytes) -> bytes:
    return bytes([len(data) + 1, kind]) + data


def _packet(tag: int, body: bytes) -> bytes:
    """All of ours are shorter than 65,536 bytes (RFC 4880, section 4.2.1)."""
    return bytes([0x80 | tag << 2 | 1]) + struct.pack(">H", len(body)) + body


def _armoured(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    check = base64.b64encode(_crc24(data).to_bytes(3, "big")).decode()
    return f"-----BEGIN PGP SIGNATURE-----\n\n{lines}\n={check}\n-----END PGP SIGNATURE-----\n"


def _crc24(data: bytes) -> int:
    """RFC 4880, section 6.1."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc & 0xFFFFFF
