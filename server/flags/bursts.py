"""Bursts: more votes of one rating at a counter within minutes than citizens can give who are served one after another. Pure.

The statistic is the scan statistic, the highest count in any window of a day (J. I. Naus, Approximations for distributions of scan
statistics, J. Am. Stat. Assoc. 77 (1982), 177–183). Its chance is bounded rather than approximated, because the rate changes by the
hour: a window may be taken to begin with a vote, so of the day's expected votes, times the chance that one is followed by so many
within the window, there are at least as many as chance makes bursts (Bonferroni; the mean is exact by Campbell's theorem). The count
that follows is negative binomial, since a day may be busier than usual.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from server.flags.chances import negative_binomial_tail
from server.flags.findings import Ballot, Finding, Rating, Usual

WINDOWS = (timedelta(minutes=3), timedelta(minutes=10))
FEWEST = (6, 10)  # in each window: a family of five may vote together
BUSINESS = 4.0  # shape of how a day's rate varies: half as busy or twice as busy now and then
LIMIT = 1e-3  # a counter, a day
_RATINGS: tuple[Rating, ...] = ("satisfied", "dissatisfied")


def bursts(ballots: Iterable[Ballot], usual: Mapping[str, Usual]) -> list[Finding]:
    """The strongest burst of each counter and rating, if it is strong enough. usual: of each counter."""
    times: dict[tuple[str, Rating], list[datetime]] = defaultdict(list)
    for ballot in ballots:
        if not ballot.estimated:
            times[ballot.counter_id, "satisfied" if ballot.satisfied else "dissatisfied"].append(ballot.at)
    found = [_strongest(counter, rating, sorted(ats), usual[counter]) for (counter, rating), ats in sorted(times.items())]
    return [finding for finding in found if finding is not None and finding.p <= LIMIT]


def _strongest(counter_id: str, rating: Rating, times: Sequence[datetime], usual: Usual) -> Finding | None:
    rates = usual.rates(rating)
    tries = sum(rates) * len(WINDOWS) * len(_RATINGS)
    best: tuple[float, int, datetime, datetime] | None = None
    for window, fewest in zip(WINDOWS, FEWEST, strict=True):
        last = 0
        for first, begins in enumerate(times):
            while last < len(times) and times[last] <= begins + window:
                last += 1
            count = last - first
            if count >= fewest:
                rate = max(rates[begins.hour], rates[(begins + window).hour]) * window.total_seconds() / 3600
                p = min(1.0, tries * negative_binomial_tail(count - 1, rate, BUSINESS))
                one = (p, -count, begins, times[last - 1])
                best = min(best, one) if best else one
    if best is None:
        return None
    p, count, begins, ends = best
    figures = {"votes": -count, "minutes": max(1, ceil((ends - begins).total_seconds() / 60)), **_of_half_day(usual, begins)}
    return Finding("burst", p, counter_id, rating=rating, figures=figures, begins=begins, ends=ends)


def _of_half_day(usual: Usual, at: datetime) -> dict[str, float]:
    """Votes an hour in that half of a usual day. Not of the very hour, which would say when it was."""
    begins, hours = at.replace(hour=8 if at.hour < 12 else 14, minute=0, second=0, microsecond=0), 3
    return {name: votes / hours for name, votes in usual.told(begins, begins + timedelta(hours=hours)).items()}
