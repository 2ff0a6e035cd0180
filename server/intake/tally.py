"""Votes counted by counter, officer and day, and by hour; reasons counted by day. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.intake.clock import QUARTER, day_and_hour
from server.intake.fold import NewVote


class OfficerCell(NamedTuple):
    """What an officer's day at a counter grows by."""

    day: date
    counter_id: str
    officer_id: str
    satisfied: int
    dissatisfied: int


class HourCell(NamedTuple):
    """What a unit's hour grows by."""

    day: date
    hour: int
    satisfied: int
    dissatisfied: int


class ReasonCell(NamedTuple):
    """What a day's tally of a reason grows by."""

    day: date
    reason: str
    times: int


class Given(NamedTuple):
    """Reasons that were given about a vote. at: the vote's, in milliseconds since 1970."""

    at: int
    reasons: Sequence[str]


class Cells(NamedTuple):
    """What the tallies grow by, each list in the order of its keys, so that writers never deadlock."""

    officer_days: list[OfficerCell]
    unit_hours: list[HourCell]
    reason_days: list[ReasonCell]

    @property
    def days(self) -> list[date]:
        """The days on which anything changed."""
        return sorted({cell.day for cell in self.officer_days} | {cell.day for cell in self.reason_days})


def cells(votes: Sequence[NewVote], zone: ZoneInfo, counter_id: str, without: Sequence[NewVote] = (), given: Iterable[Given] = ()) -> Cells:
    """The cells of all tallies that the votes and the reasons change.

    counter_id: of votes that say none themselves. without: votes to take away.
    """
    by_officer, by_hour = _counted(votes, zone, counter_id)
    if without:
        officers, hours = _counted(without, zone, counter_id)
        by_officer.subtract(officers)
        by_hour.subtract(hours)
    officer_keys = sorted({key[:3] for key in by_officer})
    hour_keys = sorted({key[:2] for key in by_hour})
    reasons = Counter((day_and_hour(zone, at // QUARTER)[0], reason) for at, said in given for reason in set(said))
    return Cells(
        [OfficerCell(*key, by_officer[*key, True], by_officer[*key, False]) for key in officer_keys],
        [HourCell(*key, by_hour[*key, True], by_hour[*key, False]) for key in hour_keys],
        [ReasonCell(*key, times) for key, times in sorted(reasons.items())],
    )


def _counted(
    votes: Sequence[NewVote], zone: ZoneInfo, counter_id: str
) -> tuple[Counter[tuple[date, str, str, bool]], Counter[tuple[date, int, bool]]]:
    by_officer: Counter[tuple[date, str, str, bool]] = Counter()
    by_hour: Counter[tuple[date, int, bool]] = Counter()
    keys = [(vote.counter_id, vote.officer_id, vote.at // QUARTER, vote.satisfied) for vote in votes]
    for (counter, officer, quarter, satisfied), count in Counter(keys).items():
        day, hour = day_and_hour(zone, quarter)
        by_officer[day, counter_id if counter is None else counter, officer, satisfied] += count
        by_hour[day, hour, satisfied] += count
    return by_officer, by_hour
