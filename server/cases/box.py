"""The suggestion box: what citizens wrote to a unit, day by day, and what became of it.

A comment belongs to the day on which it came, on the unit's clocks. Of one that goes with the sensitive reason, whoever may not see
it finds nothing: not the words, not the line, not its part of a number.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from server.cases.models import Case, Reading
from server.comments.models import FormComment
from server.comments.register import register
from server.intake.models import Comment, Reasons, Vote
from server.places.models import Unit

UNREAD_FOR = timedelta(days=366)  # how far back somebody looks for what nobody read
SENSITIVE = "extra-cost"  # the reason “Bị gợi ý chi phí ngoài quy định”: for leaders alone


class Slip(NamedTuple):
    """A comment in the box. satisfied, counter_id, officer_id, reasons: of its vote; satisfied is None where that has not come yet.

    source: `Case.Source`; became: what somebody made of it, or None while nobody read it.
    """

    sealed: str
    vote: UUID
    source: str
    day: date
    satisfied: bool | None
    counter_id: str
    officer_id: str
    reasons: tuple[str, ...]
    became: str | None

    @property
    def sensitive(self) -> bool:
        """Whether only leaders may see it."""
        return SENSITIVE in self.reasons


class Report(NamedTuple):
    """What the daily report says of the box. came: on the day; of these opened as cases, taken as praise, noted. waiting: what nobody
    read yet, of all days.
    """

    day: date
    came: int
    opened: int
    praise: int
    noted: int
    waiting: int


def slips(unit: Unit, first: date, last: date, *, sensitive: bool) -> list[Slip]:
    """What came to the unit from a day to a day, the latest first. sensitive: whether whoever asks may see those too."""
    zone = ZoneInfo(unit.time_zone)
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    came: dict[str, tuple[UUID, str, date]] = {}
    for row in Comment.objects.filter(unit_id=unit.pk, arrived=True, at__gte=begins, at__lt=ends):
        came[row.sealed] = (row.vote, Case.Source.KIOSK, row.at.astimezone(zone).date())
    for written in FormComment.objects.filter(unit_id=unit.pk, received_at__gte=begins, received_at__lt=ends):
        came[written.sealed] = (written.vote, Case.Source.FORM, written.received_at.astimezone(zone).date())
    erased = register().hashes()
    found = _with_votes(unit, {sealed: what for sealed, what in came.items() if sealed not in erased})
    return sorted((one for one in found if sensitive or not one.sensitive), key=lambda one: (one.day, one.vote), reverse=True)


def report(unit: Unit, day: date, *, sensitive: bool) -> Report:
    """The day's report."""
    all_slips = slips(unit, day - UNREAD_FOR, day, sensitive=sensitive)
    today = [one for one in all_slips if one.day == day]
    became = [one.became for one in today]
    return Report(
        day, len(today), became.count(Reading.Became.CASE), became.count(Reading.Became.PRAISE), became.count(Reading.Became.NOTED),
        sum(one.became is None for one in all_slips),
    )  # fmt: skip


def _with_votes(unit: Unit, came: Mapping[str, tuple[UUID, str, date]]) -> list[Slip]:
    votes = {vote for vote, _, _ in came.values()}
    about = {row.id: row for row in Vote.objects.filter(unit_id=unit.pk, id__in=votes)}
    why = dict(Reasons.objects.filter(unit_id=unit.pk, vote__in=votes).values_list("vote", "reasons"))
    became = _became(unit, came.keys())
    found = []
    for sealed, (vote, source, day) in came.items():
        row = about.get(vote)
        place = (row.counter_id, row.officer_id) if row else ("", "")
        satisfied = row.satisfied if row else None
        found.append(Slip(sealed, vote, source, day, satisfied, *place, tuple(why.get(vote, ())), became.get(sealed)))
    return found


def _became(unit: Unit, sealed: Collection[str]) -> dict[str, str]:
    return dict(Reading.objects.filter(unit_id=unit.pk, sealed__in=list(sealed)).values_list("sealed", "became"))
