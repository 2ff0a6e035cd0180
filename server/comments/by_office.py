"""What the office writes down of a citizen: sealed as on a kiosk before it is stored, so that it is read and erased as comments are."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from server import keys
from server.comments.models import OfficeWriting, SealedComment
from sync.sealing import Written, key_id, seal
from sync.wire import sha256


def keep(unit_id: str, written: Written, who: str, now: datetime) -> str:
    """Seal and keep it; the SHA-256 of the sealed bytes, by which it is opened and erased. Raises `Malformed` for one that is too long."""
    sealing_key = keys.sealing_key(settings.KEYS).public_key.encode().hex()
    body = seal(written, sealing_key)
    sealed = sha256(body)
    with transaction.atomic():
        OfficeWriting.objects.create(unit_id=unit_id, sealed=sealed, key=key_id(sealing_key), who=who, received_at=now)
        SealedComment.objects.create(unit_id=unit_id, sha256=sealed, device_id="", received_at=now, body=body)
    return sealed
