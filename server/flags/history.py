"""A week unlike the weeks before: an officer's share of satisfied votes far outside their own history. Pure.

Each officer is compared with themselves, never with others, whose matters and citizens differ. A funnel plot's limits for
overdispersed shares (D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005),
1185–1202) are normal, and wrong for 30 votes at a share of 0.95; so the limits here are those of the beta-binomial distribution,
exact at any n, with the spread between the officer's own weeks by moments (`chances.spread`), as Spiegelhalter's additive model has
it. Not a CUSUM: it finds a slow drift sooner, but nobody can say of which days it speaks, and a person must be able to judge those.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from server.flags.chances import beta_binomial_at_least, beta_binomial_at_most, predicted, spread
from server.flags.findings import Finding, Worked
from server.results.statistics import MINIMUM_N

WEEKS = 12  # of history
FEWEST_BEFORE = 100  # votes
FEWEST_WEEKS = 4
LEAST_SPREAD = 0.005
LIMIT = 1e-3  # an officer, a week; both sides together


def unlike(rows: Sequence[Worked], history: Sequence[Worked]) -> list[Finding]:
    """Officers whose week is far above or below what their own weeks before say. rows: of the week. history: of the weeks before."""
    before = _by_officer(history)
    found = []
    for officer, own in sorted(_by_officer(rows).items()):
        weeks = list(before.get(officer, {}).values())
        satisfied, n = (sum(column) for column in zip(*own.values(), strict=True))
        past_satisfied, past = sum(good for good, _ in weeks), sum(count for _, count in weeks)
        if not officer or n < MINIMUM_N or past < FEWEST_BEFORE or len(weeks) < FEWEST_WEEKS:
            continue
        usual = predicted(past_satisfied, past, spread(weeks, LEAST_SPREAD))
        p = 2 * min(beta_binomial_at_most(satisfied, n, usual), beta_binomial_at_least(satisfied, n, usual))
        if p <= LIMIT:
            figures = {"satisfied": satisfied, "votes": n, "before_satisfied": past_satisfied, "before": past, "weeks": len(weeks)}
            found.append(Finding("unlike", p, officer_id=officer, figures=figures))
    return found


def _by_officer(rows: Iterable[Worked]) -> dict[str, dict[date, tuple[int, int]]]:
    """Satisfied and all votes, by officer and week (its Monday)."""
    sums: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        if row.votes:
            week = row.day - timedelta(days=row.day.weekday())
            good, n = sums[row.officer_id].get(week, (0, 0))
            sums[row.officer_id][week] = good + row.satisfied, n + row.votes
    return sums
