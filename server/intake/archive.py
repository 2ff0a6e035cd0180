"""Reading the archive: digests and lines of what was received."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from server.intake.fold import Rejected
from server.intake.models import Batch, Vote
from sync import entries, wire


def digest_at(unit_id: str, ledger: str, seq: int) -> str:
    """The digest at an archived seq. Raises Batch.DoesNotExist when the archive does not reach so far."""
    row = Batch.objects.filter(unit_id=unit_id, ledger=ledger, last__gte=seq).order_by("last")[:1].get()
    if row.last == seq:
        return row.digest
    batch = wire.decode_batch(bytes(row.body))
    return entries.chain(batch.header.previous, batch.lines[: seq - row.first + 1])[-1]


def _lines_at(unit_id: str, ledger: str, seqs: Collection[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    rows = Batch.objects.filter(unit_id=unit_id, ledger=ledger, last__gte=min(seqs), first__lte=max(seqs)).order_by("last")
    for row in rows.iterator(chunk_size=16):
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
