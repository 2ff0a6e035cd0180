"""What was sent to be tried, kept until the person who sent it confirms it."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from server.places.models import Upload
from server.places.scope import Right, units_for
from server.places.sheets.applying import apply, lock
from server.places.sheets.draft import Draft
from server.places.sheets.known import Known
from server.places.sheets.planning import planned
from server.places.sheets.reading import read
from sync.wire import sha256

KEPT = timedelta(hours=24)


class ChangedError(Exception):
    """What the file would do is not what the person has seen: somebody changed something meanwhile."""


def known_to(user: User) -> Known:
    """What the user may export, and import into."""
    return Known(units_for(user, Right.ARRANGE), everything=user.is_superuser)


def keep(user: User, name: str, body: bytes) -> Upload:
    """Keep a file of the user until it is confirmed, for a day at most; the one before goes."""
    now = timezone.now()
    Upload.objects.filter(at__lt=now - KEPT).delete()
    Upload.objects.filter(user=user).delete()
    return Upload.objects.create(user=user, at=now, name=name[-200:], body=body)


def tried(upload: Upload, user: User) -> Draft:
    """What the file would do now. Raises UnreadableError."""
    return planned(read(upload.name, bytes(upload.body)), known_to(user))


def confirm(upload_id: str, user: User, seen: str, address: str) -> Draft:
    """Do what the user has seen, `seen` being its digest, and forget the file.

    Raises Upload.DoesNotExist, FaultyError, ChangedError; nothing is done then.
    """
    with transaction.atomic():
        lock()
        upload = Upload.objects.select_for_update().get(pk=upload_id, user=user)
        draft = tried(upload, user)
        if draft.digest() != seen:
            raise ChangedError
        apply(draft, user.get_username(), address, sha256(bytes(upload.body)))
        upload.delete()
    return draft
