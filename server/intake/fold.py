"""What a ledger's lines say: votes to count, entries about votes, and lines to put into quarantine. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple
from uuid import UUID

from server.intake.clock import Moment, moments
from sync.entries import AnyEntry, Change, Comment, Malformed, Opened, Reasons, Vote, decode_entries, decode_entry
from sync.wire import Clock, Genuine

UNKNOWN_OFFICER = "unknown-officer"
NOT_OPENED = "ledger-not-opened"
ID_REUSED = "id-reused"


class NewVote(NamedTuple):
    """A vote to be counted. at: milliseconds since 1970. officer_id: empty where nobody was on duty. counter_id: of a vote
    that was counted before; None where it is the ledger's.
    """

    id: UUID
    seq: int
    officer_id: str
    satisfied: bool
    at: int
    estimated: bool
    counter_id: str | None = None


class Follow(NamedTuple):
    """A change, reasons or a comment: an entry about a vote, and where it stands."""

    ledger: str
    seq: int
    line: bytes
    moment: Moment
    entry: Change | Reasons | Comment


class Rejected(NamedTuple):
    """A line for the quarantine."""

    ledger: str
    seq: int
    line: bytes
    moment: Moment
    reason: str


@dataclass
class Folded:
    """What lines say. at: of the last entry, if known."""

    at: int | None
    votes: list[NewVote] = field(default_factory=list)
    follows: list[Follow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def unknown_officers(self) -> list[int]:
        """The seqs of votes for officers whom the server does not know."""
        return [line.seq for line in self.rejected if line.reason == UNKNOWN_OFFICER]


def fold(
    lines: Sequence[bytes],
    first: int,
    *,
    ledger: str,
    opened: bool,
    knows: Callable[[int, str], bool],
    clock: Clock,
    genuine: Genuine | None,
    received: int,
    since: int | None,
) -> Folded:
    """What the lines numbered first, first+1, … of a ledger say.

    opened: the ledger begins with a valid `opened`. knows: whether the officer (second) of a vote (seq, first) may be rated
    there. clock, genuine: of the batch's header. received: when the batch came; since: time of the entry before; both in
    milliseconds.
    """
    folded = Folded(since)
    decoded = _decoded(lines)
    times = iter(moments([entry for entry in decoded if not isinstance(entry, str)], clock, genuine, received, since))
    moment = Moment(received if since is None else since, True)
    for seq, line, entry in zip(count(first), lines, decoded, strict=False):
        if isinstance(entry, str):
            folded.rejected.append(Rejected(ledger, seq, line, Moment(moment.at, True), entry))
            continue
        moment = next(times)
        folded.at = moment.at
        if isinstance(entry, Vote):
            officer = entry.officer or ""
            if opened and (not officer or knows(seq, officer)):
                folded.votes.append(NewVote(entry.id, seq, officer, entry.rating == "satisfied", *moment))
                continue
            reason = UNKNOWN_OFFICER if opened else NOT_OPENED
        elif isinstance(entry, Change | Reasons | Comment):
            if opened and can_be_kept(entry):
                folded.follows.append(Follow(ledger, seq, line, moment, entry))
                continue
            reason = "malformed: NUL in a reason" if opened else NOT_OPENED
        elif isinstance(entry, Opened) and not (opened and seq == 1):
            reason = "wrong-opened"
        else:
            continue
        folded.rejected.append(Rejected(ledger, seq, line, moment, reason))
    return folded


def can_be_kept(entry: Change | Reasons | Comment) -> bool:
    """Whether the database can hold it: PostgreSQL's text takes no NUL."""
    return not isinstance(entry, Reasons) or not any("\0" in reason for reason in entry.reasons)


def _decoded(lines: Sequence[bytes]) -> Sequence[AnyEntry | str]:
    try:
        return decode_entries(lines)
    except Malformed:
        return [_entry_or_reason(line) for line in lines]


def _entry_or_reason(line: bytes) -> AnyEntry | str:
    """The line's entry, or why it is none."""
    try:
        return decode_entry(line)
    except Malformed as error:
        return f"malformed: {error}".replace("\0", "\N{REPLACEMENT CHARACTER}")
