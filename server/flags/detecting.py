"""All detectors over one finished day, and over one finished week, of one unit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from server.flags.bursts import bursts
from server.flags.closing import ALWAYS, outside, streaks
from server.flags.findings import Ballot, Finding, Span, Worked, usual
from server.flags.history import unlike
from server.flags.neglect import hardly, silent

DAYS_BEFORE = timedelta(days=28)  # what is usual for a day
WEEKS_BEFORE = timedelta(weeks=12)  # for a week


@dataclass(frozen=True)
class Evidence:
    """A unit's day. rows: tallies of the day; history: of the `DAYS_BEFORE`; by_hour: the unit's votes by hour in these. spans: when it
    was open, none where closed, None where it set no hours. heard: counters whose kiosk was on. counters: how many there are.
    """

    day: date
    ballots: Sequence[Ballot]
    rows: Sequence[Worked]
    history: Sequence[Worked]
    by_hour: Mapping[int, int]
    spans: Sequence[Span] | None
    heard: frozenset[str]
    counters: int


def in_day(of: Evidence) -> list[Finding]:
    """What is worth a look in a day, the least likely first."""
    usuals = {counter: usual(counter, of.history, of.by_hour) for counter in {one.counter_id for one in of.ballots}}
    found = [
        *bursts(of.ballots, usuals),
        *outside(of.ballots, _spans(of), of.counters, known=of.spans is not None),
        *streaks(of.ballots, _closes(of), usuals, of.history),
        *silent(of.rows, of.history, of.heard),
    ]
    return sorted(found, key=lambda finding: finding.p)


def in_week(rows: Sequence[Worked], history: Sequence[Worked]) -> list[Finding]:
    """What is worth a look in a week, the least likely first. history: of the `WEEKS_BEFORE`."""
    return sorted([*hardly(rows), *unlike(rows, history)], key=lambda finding: finding.p)


def _spans(of: Evidence) -> Sequence[Span]:
    if of.spans is not None:
        return of.spans
    return () if of.day.weekday() == 6 else ALWAYS


def _closes(of: Evidence) -> time:
    """When the unit closed; without hours, when the last vote came that was not outside what is usual everywhere."""
    if of.spans:
        return of.spans[-1].closes
    inside = [one.at.time() for one in of.ballots if one.at.time() < ALWAYS[-1].closes]
    return max(inside, default=ALWAYS[-1].closes)
