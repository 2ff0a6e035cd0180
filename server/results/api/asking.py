"""What a call of results may ask for: a period, in the words of the API."""

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from server.places.models import Unit
from server.problems import ProblemError
from server.results.period import LONGEST_SPAN, Kind, Period, containing

Name = Literal["day", "week", "month", "quarter", "year", "span"]
KINDS: dict[Name, Kind] = {
    "day": Kind.DAY,
    "week": Kind.WEEK,
    "month": Kind.MONTH,
    "quarter": Kind.QUARTER,
    "year": Kind.YEAR,
    "span": Kind.SPAN,
}
NAMES = {kind: name for name, kind in KINDS.items()}
_YEARS = range(2000, 2100)


class PeriodQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar period that a day lies in (`period` and `day`), or all days `from` one `to` another, both included.

    Without anything it is the present month.
    """

    period: Annotated[
        Literal["day", "week", "month", "quarter", "year"] | UnsetType,
        Meta(description="How long, by the calendar; weeks begin on Monday. `month` unless said."),
    ] = UNSET
    day: Annotated[
        date | UnsetType, Meta(description="Any day of the period; today, on the unit's clocks, unless said.", examples=["2026-11-01"])
    ] = UNSET
    first: Annotated[date | UnsetType, Meta(description="The first day; not together with `period` or `day`.")] = msgspec.field(
        name="from", default=UNSET
    )
    last: Annotated[
        date | UnsetType, Meta(description=f"The last day, needs `from`; the same day unless said. At most {LONGEST_SPAN.days} days.")
    ] = msgspec.field(name="to", default=UNSET)


def asked_period(query: PeriodQuery, unit: Unit) -> Period:
    """The period that is asked for. Raises `bad-period`, which says what contradicts what."""
    days = [day for day in (query.day, query.first, query.last) if day is not UNSET]
    if any(day.year not in _YEARS for day in days):
        raise ProblemError("bad-period", f"Years from {_YEARS[0]} to {_YEARS[-1]} can be asked for.")
    if query.first is UNSET:
        if query.last is not UNSET:
            raise ProblemError("bad-period", "`to` needs `from`.")
        return containing(KINDS["month" if query.period is UNSET else query.period], unit.today() if query.day is UNSET else query.day)
    if query.period is not UNSET or query.day is not UNSET:
        raise ProblemError("bad-period", "Either `period` and `day`, or `from` and `to`.")
    last = query.first if query.last is UNSET else query.last
    if not timedelta(0) <= last - query.first < LONGEST_SPAN:
        raise ProblemError("bad-period", f"`to` is at least `from`, and together they are at most {LONGEST_SPAN.days} days.")
    return Period(Kind.SPAN, query.first, last)
