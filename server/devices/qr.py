"""The QR code of an enrolment code, at an address that opens for its maker alone, and only while the code is good.

Nothing is kept for it: the address itself holds the code, encrypted by the server's secret, so that it says nothing to
who reads it in a log.
"""

import io
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import msgspec
import segno
from django.utils.crypto import salted_hmac
from msgspec import Struct
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from server.devices.enrolment import code_of


class _Shown(Struct, frozen=True):
    """text: what the QR code says. user: who made it."""

    text: str
    code: str
    user: str


def enrolment_text(server: str, code: str) -> str:
    """What the QR code of an enrolment code says: the server's address and the code, such as https://hailong.tinh.gov.vn/#ABCDE-01234."""
    return f"{server}/#{code}"


def hidden(text: str, code: str, user_id: object) -> str:
    """The part of an address that stands for the QR code of the text, for that user only."""
    return urlsafe_b64encode(_box().encrypt(msgspec.json.encode(_Shown(text, code, str(user_id))))).decode().rstrip("=")


def revealed(name: str, user_id: object, now: datetime) -> str | None:
    """The text, if the name was made for the user and its code is neither used nor expired; else None."""
    try:
        shown = msgspec.json.decode(_box().decrypt(urlsafe_b64decode(name + "=" * (-len(name) % 4))), type=_Shown)
    except (ValueError, CryptoError, msgspec.DecodeError):
        return None
    code = code_of(shown.code)
    good = code is not None and code.used_at is None and now < code.expires_at
    return shown.text if good and shown.user == str(user_id) else None


def svg(text: str) -> bytes:
    """The QR code as a picture."""
    body = io.BytesIO()
    segno.make_qr(text, error="m").save(body, kind="svg", scale=8, border=4, dark="#12263f", light="#fff", svgclass=None, lineclass=None)
    return body.getvalue()


def _box() -> SecretBox:
    return SecretBox(salted_hmac("server.devices.qr", "", algorithm="sha256").digest())
