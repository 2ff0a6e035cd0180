"""What came by the form: taken in once for each vote, sealed as on a kiosk before it is stored."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from server import keys
from server.comments.links import Invitation
from server.comments.models import FormComment, SealedComment
from sync.sealing import Written, key_id, seal
from sync.wire import sha256


def sealed_before(invitation: Invitation) -> str | None:
    """The SHA-256 of what was written by this or another link to the same vote, or None."""
    rows = FormComment.objects.filter(unit_id=invitation.unit_id, vote=invitation.vote)
    return rows.values_list("sealed", flat=True).first()


def take_in(invitation: Invitation, written: Written, now: datetime) -> str:
    """Keep what was written, if it is the first about its vote; the SHA-256 of the sealed bytes that are kept, its own or the first's.

    Raises `Malformed` for one that is too long, django.db.Error.
    """
    sealing_key = keys.sealing_key(settings.KEYS).public_key.encode().hex()
    body = seal(written, sealing_key)
    device, link = invitation.device, invitation.link
    row = FormComment(
        unit_id=invitation.unit_id,
        vote=invitation.vote,
        sealed=sha256(body),
        key=key_id(sealing_key),
        device_id=device.pk,
        device_key=invitation.key,
        expires=link.expires,
        signature=link.signature,
        received_at=now,
    )
    with transaction.atomic():
        FormComment.objects.bulk_create([row], ignore_conflicts=True)
        kept = FormComment.objects.get(unit_id=row.unit_id, vote=row.vote).sealed
        if kept == row.sealed:
            SealedComment.objects.create(unit_id=row.unit_id, sha256=kept, device_id=device.pk, received_at=now, body=body)
    return kept
