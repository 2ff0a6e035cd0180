"""Periods of whole days by the calendar: what every page, table and call of results is about. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_QUARTERS = ("I", "II", "III", "IV")


class Kind(StrEnum):
    """How long a period is; the value stands in addresses. Weeks begin on Monday (ISO 8601)."""

    DAY = "ngay"
    WEEK = "tuan"
    MONTH = "thang"
    QUARTER = "quy"
    YEAR = "nam"
    SPAN = "khoang"  # from any day to any other


LONGEST_SPAN = timedelta(days=3 * 366)
_BY_HOUR = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included."""

    kind: Kind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def by_hour(self) -> bool:
        """Whether whoever sees its results may see them by hour. In fewer days than a month, or in two long spans of which one is
        subtracted from the other, somebody's time might be found: of those only `Right.SEE_MOMENTS` tells hours.
        """
        return self.kind in _BY_HOUR

    @property
    def before(self) -> "Period":
        """The period that ends the day before this one begins: of the same kind, or as long."""
        if self.kind is Kind.SPAN:
            return Period(Kind.SPAN, self.first - timedelta(days=self.days), self.first - _DAY)
        return containing(self.kind, self.first - _DAY)

    @property
    def after(self) -> "Period":
        """The one that begins the day after this one ends."""
        if self.kind is Kind.SPAN:
            return Period(Kind.SPAN, self.last + _DAY, self.last + timedelta(days=self.days))
        return containing(self.kind, self.last + _DAY)

    def __str__(self) -> str:
        """As a Vietnamese reader calls it: tháng 11/2026."""
        first = self.first
        match self.kind:
            case Kind.DAY:
                return f"ngày {first:%d/%m/%Y}"
            case Kind.WEEK:
                return f"tuần từ {first:%d/%m} đến {self.last:%d/%m/%Y}"
            case Kind.MONTH:
                return f"tháng {first.month}/{first.year}"
            case Kind.QUARTER:
                return f"quý {_QUARTERS[first.month // 3]}/{first.year}"
            case Kind.YEAR:
                return f"năm {first.year}"
            case Kind.SPAN:
                return f"từ {first:%d/%m/%Y} đến {self.last:%d/%m/%Y}"


def containing(kind: Kind, day: date) -> Period:
    """The period of a kind that the day lies in; of a span, the day alone."""
    match kind:
        case Kind.WEEK:
            first = day - timedelta(days=day.weekday())
            return Period(kind, first, first + timedelta(days=6))
        case Kind.MONTH:
            first = day.replace(day=1)
            return Period(kind, first, _months_on(first, 1) - _DAY)
        case Kind.QUARTER:
            first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
            return Period(kind, first, _months_on(first, 3) - _DAY)
        case Kind.YEAR:
            return Period(kind, date(day.year, 1, 1), date(day.year, 12, 31))
        case _:
            return Period(kind, day, day)


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
