"""Reading the archive: digests and lines of what was received."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from server.intake.clock import Moment
from server.intake.fold import ID_REUSED, NewVote, Rejected
from server.intake.models import Batch, Head, Vote
from sync import entries, wire


def digest_at(unit_id: str, ledger: str, seq: int) -> str:
    """The digest at an archived seq, or at 0. Raises Batch.DoesNotExist when the archive does not reach so far."""
    if seq == 0:
        return entries.GENESIS
    row = Batch.objects.filter(unit_id=unit_id, ledger=ledger, last__gte=seq).order_by("last")[:1].get()
    if row.last == seq:
        return row.digest
    batch = wire.decode_batch(bytes(row.body))
    return entries.chain(batch.header.previous, batch.lines[: seq - row.first + 1])[-1]


def digests_between(unit_id: str, ledger: str, first: int, last: int) -> dict[int, str]:
    """The digests at all archived seqs from first to last, and at 0 if that is among them."""
    found = {0: entries.GENESIS} if first == 0 else {}
    for row in _rows_between(unit_id, ledger, first, last).iterator(chunk_size=16):
        batch = wire.decode_batch(bytes(row.body))
        found.update(enumerate(entries.chain(batch.header.previous, batch.lines), row.first))
    return {seq: digest for seq, digest in found.items() if first <= seq <= last}


def boundary_below(unit_id: str, ledger: str, seq: int) -> tuple[int, str]:
    """The end of the last archived batch that ends below a seq, and the digest there; the beginning if there is none."""
    ends = Batch.objects.filter(unit_id=unit_id, ledger=ledger, last__lt=seq).order_by("-last").values_list("last", "digest")
    return ends.first() or (0, entries.GENESIS)


def _rows_between(unit_id: str, ledger: str, first: int, last: int) -> QuerySet[Batch]:
    return Batch.objects.filter(unit_id=unit_id, ledger=ledger, last__gte=first, first__lte=last).order_by("last")


class Own(NamedTuple):
    """The lines, by seq, of a batch that is being taken in and so is not in the archive yet."""

    ledger: str
    lines: Mapping[int, bytes]


def lines_of(votes: Collection[Vote], own: Own) -> dict[UUID, bytes]:
    """The line of each vote, by its id. Its ledger may be archived in another unit than the vote counts in."""
    found: dict[UUID, bytes] = {}
    archived: defaultdict[str, dict[int, UUID]] = defaultdict(dict)
    for vote in votes:
        if vote.ledger == own.ledger and vote.seq in own.lines:
            found[vote.id] = own.lines[vote.seq]
        else:
            archived[vote.ledger][vote.seq] = vote.id
    units = dict(Head.objects.filter(pk__in=archived).values_list("ledger", "unit_id"))
    for ledger, seqs in archived.items():
        found.update((seqs[seq], line) for seq, line in _lines_at(units[ledger], ledger, seqs).items())
    return found


def _lines_at(unit_id: str, ledger: str, seqs: Collection[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for row in _rows_between(unit_id, ledger, min(seqs), max(seqs)).iterator(chunk_size=16):
        here = [seq for seq in seqs if row.first <= seq <= row.last and seq not in found]
        if here:
            lines = wire.decode_batch(bytes(row.body)).lines
            found.update((seq, lines[seq - row.first]) for seq in here)
    return found


def reused(unit_id: str, repeated: Collection[NewVote], own: Own) -> list[Rejected]:
    """Of votes whose ids the unit has already: those that are not the line counted under their id.

    The others are that very line, carried here from another ledger.
    """
    counted = lines_of(Vote.objects.filter(unit_id=unit_id, id__in={vote.id for vote in repeated}), own)
    return [
        Rejected(own.ledger, vote.seq, own.lines[vote.seq], Moment(vote.at, vote.estimated), ID_REUSED)
        for vote in repeated
        if own.lines[vote.seq] != counted[vote.id]
    ]
