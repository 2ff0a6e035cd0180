"""Walking what no ledger names: whether a device's link stands behind what came by the form, and whether the sealed bytes of that and
of what the office wrote are those that were named.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from server.comments.models import FormComment, OfficeWriting, SealedComment
from server.comments.register import register
from server.devices.rotation import owner
from server.intake.models import Vote
from server.intake.verify import Fault
from sync.link import Link
from sync.wire import sha256


class Came(NamedTuple):
    """How many comments came by the form, and of these how many whose votes have not come yet."""

    comments: int
    without_vote: int


def came() -> Came:
    """How many there are."""
    votes = Vote.objects.filter(unit_id=OuterRef("unit_id"), id=OuterRef("vote"))
    return Came(FormComment.objects.count(), FormComment.objects.exclude(Exists(votes)).count())


def by_form() -> Iterator[Fault]:
    """The faults of all comments that came by the form."""
    erased = register().hashes()
    for row in FormComment.objects.order_by("unit_id", "vote").iterator(chunk_size=64):
        for what in _faults(row, erased):
            yield Fault(f"{row.unit_id} {row.vote}", 0, f"the comment that came by the form: {what}")


def _faults(row: FormComment, erased: frozenset[str]) -> Iterator[str]:
    device = owner(row.device_key)
    if device is None or device.pk != row.device_id:
        yield "its link was signed by a key that is not the device's"
    if not Link(row.device_id, row.vote, row.expires, row.signature).is_genuine(row.device_key):
        yield "the signature of its link does not hold"
    yield from _bytes(row.unit_id, row.sealed, erased)


def by_office() -> Iterator[Fault]:
    """The faults of all that the office wrote."""
    erased = register().hashes()
    for row in OfficeWriting.objects.order_by("unit_id", "sealed").iterator(chunk_size=64):
        for what in _bytes(row.unit_id, row.sealed, erased):
            yield Fault(f"{row.unit_id} {row.sealed}", 0, f"what the office wrote: {what}")


def _bytes(unit_id: str, sealed: str, erased: frozenset[str]) -> Iterator[str]:
    kept = SealedComment.objects.filter(unit_id=unit_id, sha256=sealed).first()
    if kept is None and sealed not in erased:
        yield "its sealed bytes are missing, and were not erased"
    elif kept is not None and sha256(bytes(kept.body)) != sealed:
        yield "its sealed bytes were changed"
