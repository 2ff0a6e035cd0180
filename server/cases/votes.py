"""Dissatisfied votes whose citizens said why, but wrote nothing: what a case may be opened from too.

Whoever sees them learns the day and its half, never when a vote was cast, and nothing from the order in which they stand.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from server.cases.box import SENSITIVE, bounds
from server.cases.models import Case
from server.comments.models import FormComment
from server.intake.models import Comment, Reasons, Vote
from server.places.models import Unit
from sync.reference import reference
from sync.wire import sha256

_NOON = 12


class Said(NamedTuple):
    """Such a vote. number: what its case is called. morning: of the day; case: whether there is one already."""

    number: str
    vote: UUID
    day: date
    morning: bool
    counter_id: str
    officer_id: str
    reasons: tuple[str, ...]
    case: bool

    @property
    def sensitive(self) -> bool:
        """Whether only leaders may see it."""
        return SENSITIVE in self.reasons


def number_of(vote: UUID) -> str:
    """What the case about a vote is called, about which nobody wrote; the vote, and so its time, is found by nobody from it."""
    return reference(sha256(vote.bytes))


def on_day(unit: Unit, day: date, *, sensitive: bool) -> list[Said]:
    """Those of a day, in no order that tells anything. sensitive: whether whoever asks may see those too."""
    begins, ends = bounds(unit, day, day)
    rows = {row.id: row for row in Vote.objects.filter(unit_id=unit.pk, satisfied=False, at__gte=begins, at__lt=ends)}
    written = set[UUID]()
    for table in (Comment, FormComment):
        written.update(table.objects.filter(unit_id=unit.pk, vote__in=rows).values_list("vote", flat=True))
    why = dict(Reasons.objects.filter(unit_id=unit.pk, vote__in=rows.keys() - written).values_list("vote", "reasons"))
    cases = set(Case.objects.filter(unit_id=unit.pk, id__in=[number_of(vote) for vote in why]).values_list("id", flat=True))
    zone = ZoneInfo(unit.time_zone)
    found = []
    for vote, reasons in why.items():
        row, number = rows[vote], number_of(vote)
        morning = row.at.astimezone(zone).hour < _NOON
        found.append(Said(number, vote, day, morning, row.counter_id, row.officer_id, tuple(reasons), number in cases))
    shown = [one for one in found if one.reasons and (sensitive or not one.sensitive)]
    return sorted(shown, key=lambda one: (not one.morning, one.number))
