"""Neglect: citizens were served, and next to none of them rated. Pure.

Of each day's or week's transactions so many are rated as a beta-binomial distribution says, because one day is unlike the other;
how unlike, the days before say (`chances.spread`).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from server.flags.chances import beta_binomial_at_most, predicted, spread
from server.flags.findings import FEWEST_DAYS, Finding, Kind, Worked

FEWEST_HANDLED = 20  # transactions, of which to expect a vote
FEWEST_BEFORE = 100  # transactions, before what share is rated says anything
LEAST_SPREAD = 0.03  # a day: one in three of 40 a day, give or take 5 by chance, and 3 more by the day
SILENT_LIMIT = 1e-3  # a counter, a day
HARDLY_LIMIT = 1e-3  # a counter, a week
HARDLY = 1 / 3  # of the share that is usual: what is rarer than that is more than a difference between counters
LEAST_SPREAD_OF_COUNTERS = 0.04  # counters differ more than the days of one


class Subject(NamedTuple):
    """Whom transactions are told for: a counter, else an officer, else the whole unit."""

    counter_id: str
    officer_id: str


class Rated(NamedTuple):
    """Votes, and the transactions of which they are part, on a day."""

    day: date
    votes: int
    handled: int


def silent(rows: Sequence[Worked], history: Sequence[Worked], heard: frozenset[str]) -> list[Finding]:
    """Subjects with transactions and hardly a vote on a day when their kiosk was on.

    Against what they themselves are used to, or, where that is not known, the unit. heard: counters whose kiosk was heard that day.
    """
    found = []
    before = _by_subject(history)
    everybody = _everybody(history)
    for subject, days in _by_subject(rows).items():
        today = _sum(days)
        on = subject.counter_id in heard if subject.counter_id else bool(heard)
        own = before.get(subject, [])
        base = own if _enough(own) else everybody
        if on and today.handled >= FEWEST_HANDLED and _enough(base):
            found.append(_fewer("silent", subject, today, base, LEAST_SPREAD, SILENT_LIMIT))
    return [finding for finding in found if finding]


def hardly(rows: Sequence[Worked]) -> list[Finding]:
    """Counters (or officers) that were rated far more rarely than the others of the unit, in a week."""
    by_subject = {subject: _sum(days) for subject, days in _by_subject(rows).items()}
    found = []
    for subject, own in by_subject.items():
        others = [rated for other, rated in by_subject.items() if other != subject]
        if own.handled >= 2 * FEWEST_HANDLED and sum(rated.handled for rated in others) >= FEWEST_BEFORE:
            found.append(_fewer("hardly", subject, own, others, LEAST_SPREAD_OF_COUNTERS, HARDLY_LIMIT))
    return [finding for finding in found if finding]


def _fewer(kind: Kind, subject: Subject, own: Rated, base: Sequence[Rated], least: float, limit: float) -> Finding | None:
    """A finding, where the votes are both rare and rarer than chance makes them. base: what says which share is rated. least: spread."""
    whole = _sum(base)
    if own.votes * whole.handled >= HARDLY * whole.votes * own.handled:
        return None
    apart = spread([(min(one.votes, one.handled), one.handled) for one in base], least)
    usual = predicted(min(whole.votes, whole.handled), whole.handled, apart)
    p = beta_binomial_at_most(own.votes, own.handled, usual)
    if p > limit:
        return None
    figures = {"votes": own.votes, "handled": own.handled, "before_votes": whole.votes, "before_handled": whole.handled}
    return Finding(kind, p, subject.counter_id, subject.officer_id, figures=figures)


def _by_subject(rows: Iterable[Worked]) -> dict[Subject, list[Rated]]:
    """Days of each subject for which transactions were told, in the order of ids and days."""
    sums: dict[Subject, dict[date, list[int]]] = {}
    by_day: dict[date, list[Worked]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    for day, of_day in by_day.items():
        by_counter = any(row.handled and row.counter_id for row in of_day)
        by_officer = not by_counter and any(row.handled and row.officer_id for row in of_day)
        for row in of_day:
            subject = Subject(row.counter_id if by_counter else "", row.officer_id if by_officer else "")
            both = sums.setdefault(subject, {}).setdefault(day, [0, 0])
            both[0] += row.votes
            both[1] += row.handled
    told = {subject: [Rated(day, *days[day]) for day in sorted(days) if days[day][1]] for subject, days in sorted(sums.items())}
    return {subject: days for subject, days in told.items() if days}


def _everybody(history: Iterable[Worked]) -> list[Rated]:
    """Days of all subjects together."""
    return [rated for days in _by_subject(history).values() for rated in days]


def _enough(days: Sequence[Rated]) -> bool:
    return len({one.day for one in days}) >= FEWEST_DAYS and sum(one.handled for one in days) >= FEWEST_BEFORE


def _sum(days: Sequence[Rated]) -> Rated:
    return Rated(days[0].day, sum(one.votes for one in days), sum(one.handled for one in days))
