"""What the office writes down of a citizen, and the files that it puts beside: sealed before they are stored, as on a kiosk, so that
they are read and erased as comments are.
"""

from datetime import datetime

import msgspec
from django.conf import settings
from django.db import transaction
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from server import keys
from server.comments.models import OfficeWriting, SealedComment
from server.comments.opening import body_and_key
from sync.entries import Malformed
from sync.sealing import Written, key_id, seal
from sync.wire import sha256

_FILE = b"\xff"  # begins no text in UTF-8, so that no file is ever taken for a comment


class KeptFile(msgspec.Struct, frozen=True):
    """A file as somebody sent it. kind: as `image/jpeg`."""

    name: str
    kind: str
    body: bytes = b""


def keep(unit_id: str, written: Written, who: str, now: datetime) -> str:
    """Seal and keep it; the SHA-256 of the sealed bytes, by which it is opened and erased. Raises `Malformed` for one that is too long."""
    sealing_key = _sealing_key()
    return _keep(unit_id, seal(written, sealing_key), sealing_key, who, now)


def keep_file(unit_id: str, file: KeptFile, who: str, now: datetime) -> str:
    """Seal and keep a file, whole and with its name; the SHA-256 of the sealed bytes. Its length can be told from outside."""
    sealing_key = _sealing_key()
    about = msgspec.json.encode({"name": file.name, "kind": file.kind})
    body = SealedBox(PublicKey(bytes.fromhex(sealing_key))).encrypt(_FILE + about + b"\n" + file.body)
    return _keep(unit_id, body, sealing_key, who, now)


def open_file(sealed: str) -> KeptFile:
    """The file by the SHA-256 of its sealed bytes.

    Raises LookupError where the server does not hold it, or it was erased; `Malformed` where it is none, or cannot be unsealed.
    """
    body, key = body_and_key(sealed)
    try:
        plain = SealedBox(key).decrypt(body)
        about, _, rest = plain.removeprefix(_FILE).partition(b"\n")
        if not plain.startswith(_FILE):
            raise Malformed("no file")
        return msgspec.structs.replace(msgspec.json.decode(about, type=KeptFile), body=rest)
    except (CryptoError, msgspec.DecodeError) as error:
        raise Malformed(f"cannot be unsealed: {type(error).__name__}") from None


def _sealing_key() -> str:
    return keys.sealing_key(settings.KEYS).public_key.encode().hex()


def _keep(unit_id: str, body: bytes, sealing_key: str, who: str, now: datetime) -> str:
    sealed = sha256(body)
    with transaction.atomic():
        OfficeWriting.objects.create(unit_id=unit_id, sealed=sealed, key=key_id(sealing_key), who=who, received_at=now)
        SealedComment.objects.create(unit_id=unit_id, sha256=sealed, device_id="", received_at=now, body=body)
    return sealed
