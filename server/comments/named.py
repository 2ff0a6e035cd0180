"""Which sealed comments the archived entries name."""

from collections.abc import Collection, Iterator
from uuid import UUID

from server.comments.models import SealedComment
from server.intake.models import Batch
from sync import entries, wire


def hashes_without_bytes(ledgers: Collection[str]) -> set[str]:
    """What the ledgers name and the server does not hold."""
    named = {comment.sealed for batch, comment in _comments() if batch.ledger in ledgers}
    return named.difference(SealedComment.objects.filter(sha256__in=named).values_list("sha256", flat=True))


def unit_naming(sealed: str) -> str | None:
    """The unit whose ledgers name a comment, or None where no archived entry does."""
    return next((batch.unit_id for batch, comment in _comments() if comment.sealed == sealed), None)


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
