"""How busy the days are, and the minutes of a day."""

from bisect import bisect
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

_LUNAR_NEW_YEAR = {
    2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6), 2028: date(2028, 1, 26), 2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
}  # fmt: skip
_HUNG_KINGS = {
    2025: date(2025, 4, 7), 2026: date(2026, 4, 26), 2027: date(2027, 4, 16), 2028: date(2028, 4, 4), 2029: date(2029, 4, 23),
    2030: date(2030, 4, 12),
}  # fmt: skip
_FIXED = {(1, 1), (4, 30), (5, 1), (9, 1), (9, 2)}
_WEEKDAYS = (1.25, 1.08, 1.0, 0.98, 0.92, 0.35, 0.0)  # people come after the weekend; Saturday mornings only where the commune opens
_MONTHS = (0.95, 0.85, 1.1, 1.0, 0.97, 1.12, 1.15, 1.18, 1.05, 1.0, 0.98, 0.95)  # papers for schools in summer

SLOTS = 4096
_OPENS, _NOON, _BACK, _CLOSES = 7 * 60 + 30, 11 * 60 + 30, 13 * 60 + 30, 17 * 60
_STRAY = (7 * 60, 19 * 60)  # somebody comes early, somebody is served long after closing
_STRAY_SHARE = 0.004


def busyness(day: date, *, saturdays: bool) -> float:
    """How many come on a day, beside an ordinary Wednesday; 0 where the office is closed."""
    if is_holiday(day) or (day.weekday() == 5 and not saturdays):
        return 0.0
    tet = _LUNAR_NEW_YEAR.get(day.year)
    near = 1.0
    if tet:
        to_tet = (tet - day).days
        near = 0.6 if 0 < to_tet <= 10 else 0.45 if -14 <= to_tet <= 0 else 1.0
    return _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] * near


def is_holiday(day: date) -> bool:
    """Public holidays (Labour Code 2019, article 112), the lunar ones of 2025 to 2030; a Sunday's is made up for on Monday."""
    if (day.month, day.day) in _FIXED or day == _HUNG_KINGS.get(day.year):
        return True
    tet = _LUNAR_NEW_YEAR.get(day.year)
    if tet and timedelta(days=-1) <= day - tet <= timedelta(days=3):
        return True
    return day.weekday() == 0 and is_holiday(day - timedelta(days=1))


@lru_cache(2)
def minutes(*, morning_only: bool) -> tuple[int, ...]:
    """`SLOTS` minutes of the day, each as likely: two peaks in the hours of the office, few at noon and outside."""
    day = range(*_STRAY)
    weights = [_weight(minute, morning_only=morning_only) for minute in day]
    whole = sum(weights)
    bounds = list(accumulate(weight / whole for weight in weights))
    return tuple(day[min(bisect(bounds, (slot + 0.5) / SLOTS), len(day) - 1)] for slot in range(SLOTS))


def _weight(minute: int, *, morning_only: bool) -> float:
    stray = _STRAY_SHARE / (_STRAY[1] - _STRAY[0])
    if _OPENS <= minute < _NOON:
        return stray + 0.35 / 60 + _peak(minute, 9 * 60, 45)
    if _NOON <= minute < _BACK:
        return stray if morning_only else 0.03 / 60
    if _BACK <= minute < _CLOSES and not morning_only:
        return stray + 0.25 / 60 + 0.8 * _peak(minute, 14 * 60 + 45, 40)
    return stray


def _peak(minute: int, centre: int, width: int) -> float:
    """A hump that has fallen to a half at `width` minutes from its centre."""
    return 1 / 60 / (1 + ((minute - centre) / width) ** 2)
