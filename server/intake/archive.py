"""Reading the archive: digests and lines of what was received."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from server.intake.fold import Rejected
from server.intake.models import Batch, Vote
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


def _lines_at(unit_id: str, ledger: str, seqs: Collection[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for row in _rows_between(unit_id, ledger, min(seqs), max(seqs)).iterator(chunk_size=16):
        here = [seq for seq in seqs if row.first <= seq <= row.last and seq not in found]
        if here:
            lines = wire.decode_batch(bytes(row.body)).lines
            found.update((seq, lines[seq - row.first]) for seq in here)
    return found


def reused(unit_id: str, ledger: str, repeated: Mapping[int, UUID]) -> list[Rejected]:
    """Of a ledger's votes (by seq) whose ids the unit has already: those that are not the line counted under their id.

    The others are that very line, carried here from another ledger.
    """
    votes = Vote.objects.filter(unit_id=unit_id, id__in=set(repeated.values())).values_list("id", "ledger", "seq")
    counted = {vote: (ledger, seq) for vote, ledger, seq in votes}
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    wanted[ledger].update(repeated)
    for name, seq in counted.values():
        wanted[name].add(seq)
    lines = {name: _lines_at(unit_id, name, seqs) for name, seqs in wanted.items()}
    rejected = []
    for seq, vote in repeated.items():
        name, original = counted[vote]
        line = lines[ledger][seq]
        if line != lines[name][original]:
            rejected.append(Rejected(seq, line, "id-reused"))
    return rejected
