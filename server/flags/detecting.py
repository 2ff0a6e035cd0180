"""All detectors over one finished day, and over one finished week, of one unit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.flags.bursts import bursts
from server.flags.closing import outside, streaks
from server.flags.findings import Ballot, Finding, Opening, Worked, usual
from server.flags.history import unlike
from server.flags.neglect import hardly, silent

DAYS_BEFORE = timedelta(days=28)  # what is usual for a day
WEEKS_BEFORE = timedelta(weeks=12)  # for a week


@dataclass(frozen=True)
class Evidence:
    """A unit's day. rows: tallies of the day; history: of the `DAYS_BEFORE`; by_hour: the unit's votes by hour in these.
    opening: of each counter that got a vote. heard: counters whose kiosk was on. counters: how many there are.
    """

    day: date
    ballots: Sequence[Ballot]
    rows: Sequence[Worked]
    history: Sequence[Worked]
    by_hour: Mapping[int, int]
    opening: Mapping[str, Opening]
    heard: frozenset[str]
    counters: int


def in_day(of: Evidence) -> list[Finding]:
    """What is worth a look in a day, the least likely first."""
    usuals = {counter: usual(counter, of.history, of.by_hour) for counter in {one.counter_id for one in of.ballots}}
    found = [
        *bursts(of.ballots, usuals),
        *outside(of.ballots, of.opening, of.counters),
        *streaks(of.ballots, of.opening, usuals, of.history),
        *silent(of.rows, of.history, of.heard),
    ]
    return sorted(found, key=lambda finding: finding.p)


def in_week(rows: Sequence[Worked], history: Sequence[Worked]) -> list[Finding]:
    """What is worth a look in a week, the least likely first. history: of the `WEEKS_BEFORE`."""
    return sorted([*hardly(rows), *unlike(rows, history)], key=lambda finding: finding.p)
