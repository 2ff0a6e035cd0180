"""A month of a unit's days: what was told for each, beside how many citizens rated."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server.places.history import begun
from server.places.models import Unit
from server.results import queries
from server.results.counts import Count
from server.results.period import Kind, Period, containing
from server.transactions.telling import Told, told

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKEND = 5


@dataclass(frozen=True)
class Day:
    """A day of the month. open: it may be told."""

    day: date
    open: bool
    told: Told | None
    count: Count

    @property
    def weekday(self) -> str:
        """In words."""
        return WEEKDAYS[self.day.weekday()]

    @property
    def awaited(self) -> bool:
        """Whether somebody worked and nobody told: it was rated, or it is a working day."""
        return self.open and self.told is None and (self.count.n > 0 or self.day.weekday() < _WEEKEND)


@dataclass(frozen=True)
class Month:
    """The days of a month; weeks: the same by weeks from Monday on, None outside the month."""

    period: Period
    days: Mapping[date, Day]

    @property
    def weeks(self) -> list[list[Day | None]]:
        """Rows of a calendar."""
        weeks = Calendar().monthdatescalendar(self.period.first.year, self.period.first.month)
        return [[self.days.get(day) for day in week] for week in weeks]

    @property
    def handled(self) -> int:
        """All that was told."""
        return sum(day.told.handled for day in self.days.values() if day.told)

    @property
    def told_days(self) -> int:
        """How many days were told."""
        return sum(day.told is not None for day in self.days.values())

    @property
    def awaited(self) -> list[Day]:
        """The days that are to be told."""
        return [day for day in self.days.values() if day.awaited]


def month_of(unit: Unit, day: date) -> Month:
    """The month that the day lies in."""
    period = containing(Kind.MONTH, day)
    first, last = open_days(unit)
    stands = told(unit, period.first, period.last)
    counts = queries.facts(unit, period).by_day()
    days = (period.first + timedelta(number) for number in range(period.days))
    return Month(period, {day: Day(day, first <= day <= last, stands.get(day), counts.get(day, Count())) for day in days})


def open_days(unit: Unit) -> tuple[date, date]:
    """The first and the last day that can be told."""
    today = unit.today()
    return begun(unit), today if unit.ended is None else min(today, unit.ended)
