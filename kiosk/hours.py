"""When the unit is open, in its local time. The tablet's own clock is not asked: it may say 1970."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `kiosk.updating` asks the same without what these bring along
    from collections.abc import Sequence

    from kiosk.clocks import Moment
    from sync.shown import Hours, OtherDays, Span
    from sync.wire import Genuine

LOCAL = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh, without summer time since 1975: no time zone database is needed
LOOK_AHEAD_DAYS = 31


def local_time(genuine: Genuine | None, now: Moment) -> datetime | None:
    """The time at the counter: the last genuine server time, and what has passed since. None where none came in this boot."""
    if genuine is None or genuine.boot != now.boot:
        return None
    return (genuine.time + timedelta(seconds=now.up - genuine.up)).astimezone(LOCAL)


def other_days(hours: Hours, day: date) -> OtherDays | None:
    """What makes this day another than its weekday, or None."""
    return next((other for other in hours.others if other.first <= day <= other.last), None)


def spans_on(hours: Hours, day: date) -> Sequence[Span]:
    """When the unit is open on a day; none where it is closed."""
    other = other_days(hours, day)
    return hours.weekdays[day.weekday()] if other is None else other.spans


def is_open(hours: Hours | None, at: datetime | None) -> bool:
    """Whether the unit is open. at: local. Where hours or time are not known it is: better to ask at night than to be silent by day."""
    if hours is None or at is None:
        return True
    now = f"{at:%H:%M}"
    return any(span.opens <= now < span.closes for span in spans_on(hours, at.date()))


def opens_next(hours: Hours, at: datetime) -> datetime | None:
    """When the unit opens next after a local time, or None where it does not within a month."""
    for day in range(LOOK_AHEAD_DAYS):
        there = at.date() + timedelta(days=day)
        for span in spans_on(hours, there):
            opens = datetime.combine(there, time.fromisoformat(span.opens), at.tzinfo)
            if opens > at:
                return opens
    return None
