"""Erasing comments: registered first, then deleted, so that an erasure that was begun is always carried out to its end.

What deleting leaves on a disk. SQLite overwrites freed bytes (`secure_delete`) in the one file, and its journal is emptied.
PostgreSQL keeps a deleted row's bytes in its table's free space until it writes there again, and in its write-ahead log until
that is recycled; `VACUUM FULL comments_sealedcomment` and a checkpoint shorten that. Both leave what the medium below keeps.
Everywhere the bytes are sealed: without the sealing key, which lies outside the database, they say nothing.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from server.comments.models import SealedComment
from server.comments.register import Erasure, register
from server.intake.models import Comment

_AT_ONCE = 500


class StillReadError(Exception):
    """The rows are gone, but another connection kept SQLite from emptying its write-ahead log."""


def erase(hashes: Collection[str], *, who: str, because: str, at: datetime) -> int:
    """Erase comments for ever, whether the server holds them yet or not; how many it held.

    who: decides. because: the request or rule, without personal data. Raises OSError, django.db.Error, `StillReadError`.
    """
    register().add([Erasure(sealed=sealed, at=at, who=who, because=because) for sealed in hashes])
    return apply()


def apply() -> int:
    """Delete everything that the register names, as after a restore from a backup; how many comments that were."""
    deleted = 0
    with transaction.atomic():
        if connection.vendor == "postgresql":  # waits for comments that are being taken in, and keeps others waiting
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE comments_sealedcomment IN SHARE ROW EXCLUSIVE MODE")
        erased = sorted(register().hashes())
        for first in range(0, len(erased), _AT_ONCE):
            some = erased[first : first + _AT_ONCE]
            count, _ = SealedComment.objects.filter(sha256__in=some).delete()
            Comment.objects.filter(sealed__in=some, arrived=True).update(arrived=False)
            deleted += count
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [busy, *_] = cursor.fetchone()
            if busy:
                raise StillReadError
        elif deleted:
            cursor.execute("VACUUM comments_sealedcomment")
    return deleted
