"""Counting what lines say, in the caller's transaction: votes, entries about votes, quarantine, tallies.

The same for a batch that comes in, for one that is read from the archive again, and for a line that a person accepted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.intake import store
from server.intake.archive import Own, reused
from server.intake.desk import Ledger
from server.intake.fold import ID_REUSED, Folded, NewVote, Rejected
from server.intake.follow import settle, woken
from server.intake.models import Quarantine
from server.intake.sql import Statement, run
from server.intake.tally import Given, cells


class NotTheirsError(Exception):
    """Another device was faster to open a ledger of this name."""


class Counted(NamedTuple):
    """tallies: statements that are to be run at the end of the transaction. rejected: what went into quarantine."""

    tallies: list[Statement]
    rejected: list[Rejected]

    @property
    def ids_reused(self) -> bool:
        """Whether other bytes came under a known id: an alarm."""
        return any(line.reason == ID_REUSED for line in self.rejected)


def count(ledger: Ledger, folded: Folded, own: Own, received: datetime) -> Counted:
    """Move the ledger's head to where it is in `ledger`, and count what was folded from its lines.

    own: the lines that were folded. received: when they came. Raises `NotTheirsError`.
    """
    statements = [store.move_head(ledger)]
    if folded.votes:
        statements += [
            store.insert_votes(ledger.unit_id, ledger.ledger, ledger.counter_id or "", folded.votes),
            store.anything_waits(ledger.unit_id),
        ]
    head, *counted = run(*statements)
    if not head:
        raise NotTheirsError
    votes, before, given, rejected, follows = [], [], [], [*folded.rejected], folded.follows
    if folded.votes:
        new = {seq for (seq,) in counted[0]}
        votes = [vote for vote in folded.votes if vote.seq in new]
        if len(votes) < len(folded.votes):
            rejected += reused(ledger.unit_id, [vote for vote in folded.votes if vote.seq not in new], own)
        if counted[1]:
            follows = woken(ledger.unit_id) + follows
    if follows:
        settled = settle(ledger.unit_id, follows, own, received)
        votes, before, given = votes + settled.now, settled.before, settled.given
        rejected += settled.rejected
    if rejected:
        _quarantine(ledger.unit_id, rejected, received)
    return Counted(_tallies(ledger, votes, before, given), rejected)


def _quarantine(unit_id: str, rejected: Sequence[Rejected], received: datetime) -> None:
    Quarantine.objects.bulk_create(
        Quarantine(
            unit_id=unit_id,
            ledger=line.ledger,
            seq=line.seq,
            line=line.line,
            reason=line.reason,
            at=line.moment.at,
            estimated=line.moment.estimated,
            received_at=received,
        )
        for line in rejected
    )


def _tallies(ledger: Ledger, votes: list[NewVote], without: list[NewVote], given: list[Given]) -> list[Statement]:
    changed = cells(votes, ZoneInfo(ledger.time_zone), ledger.counter_id or "", without, given)
    statements = []
    if votes:
        statements += [
            store.add_officer_days(ledger.unit_id, changed.officer_days),
            store.add_unit_hours(ledger.unit_id, changed.unit_hours),
        ]
    if changed.reason_days:
        statements.append(store.add_reason_days(ledger.unit_id, changed.reason_days))
    if changed.days:
        statements.append(store.mark_stale(ledger.unit_id, changed.days))
    return statements
