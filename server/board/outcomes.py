"""What became of complaints, as a unit published it.

Nothing else of a case is told: no officer, no counter, no number, no day but the month of the publication, and nothing by which a
sensitive case differs. All counts are of what is shown, so that they say no more than the list does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median_low
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, QuerySet

from server.board.models import TakenDown
from server.cases.models import Case, Event
from server.cases.steps import Step
from server.cases.taking import tell
from server.places.models import Unit

ENOUGH = 5  # answers, before their median is told


class Outcome(NamedTuple):
    """One published outcome. month: the first day of that in which it was published; days: from the opening to the answer; apologised:
    or else it was explained.
    """

    words: str
    month: date
    days: int
    apologised: bool


@dataclass(frozen=True)
class Year:
    """The outcomes that were published in a year, the latest first."""

    year: int
    outcomes: Sequence[Outcome]

    @property
    def apologised(self) -> int:
        """How many were answered with an apology."""
        return sum(one.apologised for one in self.outcomes)

    @property
    def explained(self) -> int:
        """How many with an explanation."""
        return len(self.outcomes) - self.apologised

    @property
    def days(self) -> int | None:
        """Within how many days half of them were answered; None for fewer than `ENOUGH`."""
        return median_low([one.days for one in self.outcomes]) if len(self.outcomes) >= ENOUGH else None


def outcomes(unit: Unit, most: int | None = None) -> list[Outcome]:
    """What the board shows of the unit, the latest first. most: only so many."""
    down = TakenDown.objects.filter(unit_id=unit.pk).values_list("case", flat=True)
    cases = list(_published(unit).exclude(id__in=list(down)).order_by("-stepped_at", "id")[:most])
    zone = ZoneInfo(unit.time_zone)
    answered = _answered(unit, [case.id for case in cases])
    return [
        Outcome(
            case.published,
            case.stepped_at.astimezone(zone).date().replace(day=1),
            _days(case.opened_at, answered.get(case.id, case.stepped_at), zone),
            case.outcome == Case.Outcome.APOLOGISED,
        )
        for case in cases
    ]


def by_year(shown: Sequence[Outcome]) -> list[Year]:
    """The same by year of publication, the latest first."""
    years = sorted({one.month.year for one in shown}, reverse=True)
    return [Year(year, [one for one in shown if one.month.year == year]) for year in years]


def is_shown(case: Case) -> bool:
    """Whether the board shows what was published of the case."""
    return bool(case.published) and case.step == Step.PUBLISHED and not _down(case).exists()


def of_leader(unit: Unit) -> list[tuple[Case, bool]]:
    """All that was published, the latest first, each with whether it is shown."""
    down = set(TakenDown.objects.filter(unit_id=unit.pk).values_list("case", flat=True))
    return [(case, case.id not in down) for case in _published(unit).order_by("-stepped_at", "id")]


def take_down(case: Case, who: str, now: datetime) -> bool:
    """Show it no more; whether it was shown. The case's history says so."""
    with transaction.atomic():
        Case.objects.select_for_update().get(unit_id=case.unit_id, id=case.id)
        _, new = TakenDown.objects.get_or_create(unit_id=case.unit_id, case=case.id, defaults={"who": who, "at": now})
        if new:
            tell(case, who, now, "gỡ kết quả khỏi bảng công khai")
    return new


def put_back(case: Case, who: str, now: datetime) -> bool:
    """Show it again; whether it was taken down."""
    with transaction.atomic():
        Case.objects.select_for_update().get(unit_id=case.unit_id, id=case.id)
        deleted, _ = _down(case).delete()
        if deleted:
            tell(case, who, now, "đưa kết quả trở lại bảng công khai")
    return bool(deleted)


def _published(unit: Unit) -> QuerySet[Case]:
    return Case.objects.filter(unit_id=unit.pk, step=Step.PUBLISHED).exclude(published="")


def _down(case: Case) -> QuerySet[TakenDown]:
    return TakenDown.objects.filter(unit_id=case.unit_id, case=case.id)


def _answered(unit: Unit, cases: Sequence[str]) -> dict[str, datetime]:
    """When each was answered."""
    events = Event.objects.filter(unit_id=unit.pk, case__in=cases, step=Step.ANSWERED)
    return dict(events.values("case").annotate(last=Max("at")).values_list("case", "last"))


def _days(opened: datetime, answered: datetime, zone: ZoneInfo) -> int:
    return (answered.astimezone(zone).date() - opened.astimezone(zone).date()).days
