"""What a ledger's lines say: votes to count, and lines to put into quarantine. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from server.intake.clock import moments
from sync.entries import AnyEntry, Malformed, Opened, Vote, decode_entry
from sync.wire import Clock


class Binding(NamedTuple):
    """What a ledger's `opened` must say to be valid: the ledger itself, and the device that sends it."""

    ledger: str
    device_key: str
    unit_id: str
    counter_id: str


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
    """What lines say. counter_id: of the ledger, None while it has no valid `opened`. at: of the last entry, if known."""

    counter_id: str | None
    at: int | None
    votes: list[NewVote] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def fold(
    lines: Sequence[bytes],
    first: int,
    *,
    binding: Binding,
    counter_id: str | None,
    officers: Collection[str],
    clock: Clock,
    received: int,
    since: int | None,
) -> Folded:
    """What the lines numbered first, first+1, … say.

    counter_id: of the ledger so far. officers: ids known in its unit. clock: the kiosk's at sending. received: when the
    batch came; since: time of the entry before; both in milliseconds.
    """
    folded = Folded(counter_id, since)
    entries: list[AnyEntry] = []
    seqs: list[int] = []
    for seq, line in enumerate(lines, first):
        try:
            entries.append(decode_entry(line))
            seqs.append(seq)
        except Malformed as error:
            folded.rejected.append(Rejected(seq, line, f"malformed: {error}".replace("\0", "\N{REPLACEMENT CHARACTER}")))
    votes = folded.votes
    for seq, entry, (at, estimated) in zip(seqs, entries, moments(entries, clock, received, since), strict=True):
        folded.at = at
        if isinstance(entry, Vote):
            officer = entry.officer or ""
            if folded.counter_id is None:
                reason = "ledger-not-opened"
            elif officer and officer not in officers:
                reason = "unknown-officer"
            else:
                votes.append(NewVote(entry.id, seq, officer, entry.rating == "satisfied", at, estimated))
                continue
        elif isinstance(entry, Opened):
            if seq == 1 and (entry.ledger, entry.device, entry.unit, entry.counter) == binding:
                folded.counter_id = entry.counter
                continue
            reason = "wrong-opened"
        else:
            continue
        folded.rejected.append(Rejected(seq, lines[seq - first], reason))
    return folded
