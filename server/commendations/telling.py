"""What an officer, and with them everybody, is told of commendations: never so that it betrays one citizen's vote. Pure.

An officer may know from the words who wrote, and sees how many of a closed block's votes were satisfied (`server.results.blocks`). So:

- the day is never told, only the month, and only when that is over: the month's closed blocks are at least `FEWEST` votes;
- whether it came from the kiosk or was typed in by the office is never told;
- of a comment, it is told when its vote is in a closed block, as the vote itself; and only while at least one satisfied vote of that
  block is nobody's who is commended for, or nobody in it was dissatisfied. Else whoever knows the commended ones' writers would know
  that all others of the block were dissatisfied. An entry that must be kept back so stays back for ever; the leader may tell it;
- withdrawn entries count for this as the others, since they may have been told.

What the office typed in says nothing of a vote, and waits for its month to be over only so that it cannot be told apart.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from server.commendations.models import Commendation
from server.results.models import Block


class Told(NamedTuple):
    """A commendation as it is told. month: its first day."""

    month: date
    entry: Commendation


def told(entries: Iterable[Commendation], blocks: Sequence[Block], today: date) -> list[Told]:
    """What may be told of an officer's entries, all of them, the withdrawn too; the latest month first. blocks: the first first."""
    found = []
    taken = Counter[int]()
    for entry in sorted(entries, key=lambda one: (one.at, one.id)):
        month = entry.day.replace(day=1)
        if entry.sealed:
            block = next((block for block in blocks if entry.day <= block.last), None)
            if block is None:
                continue
            taken[block.number] += 1
            if block.dissatisfied and taken[block.number] >= block.satisfied:
                continue
            month = block.last.replace(day=1)
        if month < today.replace(day=1) and entry.withdrawn_at is None:
            found.append(Told(month, entry))
    return sorted(found, key=lambda one: one.month, reverse=True)
