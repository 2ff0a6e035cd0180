"""Votes counted by officer and day, and by hour. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.intake.clock import QUARTER, day_and_hour
from server.intake.fold import NewVote


class OfficerCell(NamedTuple):
    """What an officer's day grows by."""

    officer_id: str
    day: date
    satisfied: int
    dissatisfied: int


class HourCell(NamedTuple):
    """What a unit's hour grows by."""

    day: date
    hour: int
    satisfied: int
    dissatisfied: int


def cells(votes: Sequence[NewVote], zone: ZoneInfo, without: Sequence[NewVote] = ()) -> tuple[list[OfficerCell], list[HourCell]]:
    """The cells of both tallies that the votes change, each list in the order of its keys, so that writers never deadlock.

    without: votes to take away.
    """
    by_officer, by_hour = _counted(votes, zone)
    if without:
        officers, hours = _counted(without, zone)
        by_officer.subtract(officers)
        by_hour.subtract(hours)
    officer_keys = sorted({key[:2] for key in by_officer})
    hour_keys = sorted({key[:2] for key in by_hour})
    return (
        [OfficerCell(*key, by_officer[*key, True], by_officer[*key, False]) for key in officer_keys],
        [HourCell(*key, by_hour[*key, True], by_hour[*key, False]) for key in hour_keys],
    )


def _counted(votes: Sequence[NewVote], zone: ZoneInfo) -> tuple[Counter[tuple[str, date, bool]], Counter[tuple[date, int, bool]]]:
    by_officer: Counter[tuple[str, date, bool]] = Counter()
    by_hour: Counter[tuple[date, int, bool]] = Counter()
    for (officer, quarter, satisfied), count in Counter([(vote.officer_id, vote.at // QUARTER, vote.satisfied) for vote in votes]).items():
        day, hour = day_and_hour(zone, quarter)
        by_officer[officer, day, satisfied] += count
        by_hour[day, hour, satisfied] += count
    return by_officer, by_hour
