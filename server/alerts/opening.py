"""When a unit is open, for alerts: days and hours on which nobody works cause none. Pure.

Hours are those that the unit's kiosks are told (`server.screens`), with the holidays among them. Where nobody set any, only hours
count in which every office is open: an alert at noon because one closes at eleven would be wrong each day.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from server.flags.evidence import opening
from server.flags.findings import Span

_DAY = timedelta(days=1)
_SATURDAY = 5
USUAL = (Span(time(8), time(11)), Span(time(14), time(16, 30)))  # Monday to Friday
LOOKED_BACK = 40  # days: over the longest holiday


@lru_cache(4096)
def spans(shown: str, day: date) -> Sequence[Span]:
    """When a unit that is shown so (`Unit.shown`) is open on a day; none where it is closed."""
    known = opening(shown, day)
    if known.known:
        return tuple(known.spans)
    return USUAL if day.weekday() < _SATURDAY else ()


def works(shown: str, day: date) -> bool:
    """Whether the unit is open on that day at all."""
    return bool(spans(shown, day))


def working_day_before(shown: str, day: date, count: int = 1) -> date:
    """The day so many working days before a day; where there are none for long, the earliest that is looked at."""
    first = day - timedelta(days=LOOKED_BACK)
    while count and day > first:
        day -= _DAY
        count -= works(shown, day)
    return day


def open_minutes(shown: str, since: datetime, until: datetime) -> int:
    """Minutes of opening time between two instants on the unit's clocks, of the last `LOOKED_BACK` days."""
    day, total = max(since.date(), until.date() - timedelta(days=LOOKED_BACK)), timedelta()
    while day <= until.date():
        for opens, closes in spans(shown, day):
            begins = max(since, datetime.combine(day, opens, until.tzinfo))
            total += max(timedelta(), min(until, datetime.combine(day, closes, until.tzinfo)) - begins)
        day += _DAY
    return total // timedelta(minutes=1)
