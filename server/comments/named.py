"""Which sealed comments the archived entries name."""

from collections.abc import Iterator
from uuid import UUID

from server.intake.models import Batch, Head
from sync import entries, wire


def named_hashes(device_id: str) -> dict[str, str]:
    """The hashes that `comment` entries of the device's ledgers name, each with the unit of its ledger."""
    ledgers = Head.objects.filter(device_id=device_id).values_list("ledger", flat=True)
    return {comment.sealed: batch.unit_id for batch, comment in _comments() if batch.ledger in ledgers}


def hashes_of(vote: UUID) -> list[str]:
    """The hashes that `comment` entries name for a vote."""
    return [comment.sealed for _, comment in _comments() if comment.vote == vote]


def key_of(sealed: str) -> str | None:
    """The id of the key to which a comment was sealed, or None where no entry names it."""
    return next((comment.key for _, comment in _comments() if comment.sealed == sealed), None)


def _comments() -> Iterator[tuple[Batch, entries.Comment]]:
    for batch in Batch.objects.all():
        for line in wire.decode_batch(bytes(batch.body)).lines:
            try:
                entry = entries.decode_entry(line)
            except entries.Malformed:
                continue
            if isinstance(entry, entries.Comment):
                yield batch, entry
