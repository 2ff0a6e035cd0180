"""Which sealed comments there are: the archived entries name them, as intake folded them, and so do the rows of the form and
the office's own.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from server.comments.models import FormComment, OfficeWriting, SealedComment
from server.intake.models import Comment
from server.intake.sql import Statement, run

_NAMING = (Comment, FormComment, OfficeWriting)
_WITHOUT_BYTES = """
    SELECT c.sealed FROM intake_comment c
    LEFT JOIN comments_sealedcomment s ON s.unit_id = c.unit_id AND s.sha256 = c.sealed
    WHERE NOT c.arrived AND s.sha256 IS NULL AND c.ledger IN ({})
"""
_ARRIVED = """
    UPDATE intake_comment SET arrived = true
    WHERE EXISTS (SELECT 1 FROM comments_sealedcomment s WHERE s.unit_id = intake_comment.unit_id AND s.sha256 = intake_comment.sealed)
"""


def hashes_without_bytes(ledgers: Sequence[str]) -> set[str]:
    """What the ledgers name and the server does not hold."""
    [rows] = run(Statement(_WITHOUT_BYTES.format(", ".join(["%b"] * len(ledgers))), ledgers))
    return {sealed for (sealed,) in rows}


def mark_all_arrived() -> None:
    """Find out anew which comments' bytes the server holds, after all entries were folded again."""
    run(Statement(_ARRIVED, []))


def unit_naming(sealed: str) -> str | None:
    """The unit whose ledgers name a comment, or None where no entry does."""
    return Comment.objects.filter(sealed=sealed).values_list("unit_id", flat=True).first()


def hashes_of(vote: UUID) -> list[str]:
    """The hashes of what was written about a vote, on the kiosk and by the form."""
    return [sealed for table in (Comment, FormComment) for sealed in table.objects.filter(vote=vote).values_list("sealed", flat=True)]


def is_known(sealed: str) -> bool:
    """Whether an entry, the form or the office names the comment, or its bytes are here."""
    return key_of(sealed) is not None or SealedComment.objects.filter(sha256=sealed).exists()


def key_of(sealed: str) -> str | None:
    """The id of the key to which a comment was sealed, or None where nothing names it."""
    found = (table.objects.filter(sealed=sealed).values_list("key", flat=True).first() for table in _NAMING)
    return next(filter(None, found), None)


def keys_of(unit_id: str, hashes: Collection[str]) -> dict[str, str]:
    """The ids of the keys to which a unit's comments were sealed, by their hashes."""
    found: dict[str, str] = {}
    for table in _NAMING:
        found.update(table.objects.filter(unit_id=unit_id, sealed__in=hashes).values_list("sealed", "key"))
    return found
