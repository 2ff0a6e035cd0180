"""What a ledger's lines say: votes to count, and lines to put into quarantine. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from server.intake.clock import moments
from sync.entries import AnyEntry, Malformed, Opened, Vote, decode_entry
from sync.wire import Clock, Genuine


class NewVote(NamedTuple):
    """A vote to be counted. at: milliseconds since 1970. officer_id: empty where nobody was on duty."""

    id: UUID
    seq: int
    officer_id: str
    satisfied: bool
    at: int
    estimated: bool


class Rejected(NamedTuple):
    """A line for the quarantine."""

    seq: int
    line: bytes
    reason: str


@dataclass
class Folded:
    """What lines say. at: of the last entry, if known."""

    at: int | None
    votes: list[NewVote] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def fold(
    lines: Sequence[bytes],
    first: int,
    *,
    opened: bool,
    officers: Collection[str],
    clock: Clock,
    genuine: Genuine | None,
    received: int,
    since: int | None,
) -> Folded:
    """What the lines numbered first, first+1, … say.

    opened: the ledger begins with a valid `opened`. officers: ids known in its unit. clock, genuine: of the batch's
    header. received: when the batch came; since: time of the entry before; both in milliseconds.
    """
    folded = Folded(since)
    entries: list[AnyEntry] = []
    seqs: list[int] = []
    for seq, line in enumerate(lines, first):
        try:
            entries.append(decode_entry(line))
            seqs.append(seq)
        except Malformed as error:
            folded.rejected.append(Rejected(seq, line, f"malformed: {error}".replace("\0", "\N{REPLACEMENT CHARACTER}")))
    votes = folded.votes
    for seq, entry, (at, estimated) in zip(seqs, entries, moments(entries, clock, genuine, received, since), strict=True):
        folded.at = at
        if isinstance(entry, Vote):
            officer = entry.officer or ""
            if not opened:
                reason = "ledger-not-opened"
            elif officer and officer not in officers:
                reason = "unknown-officer"
            else:
                votes.append(NewVote(entry.id, seq, officer, entry.rating == "satisfied", at, estimated))
                continue
        elif isinstance(entry, Opened):
            if opened and seq == 1:
                continue
            reason = "wrong-opened"
        else:
            continue
        folded.rejected.append(Rejected(seq, lines[seq - first], reason))
    return folded
