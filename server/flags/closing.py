"""What happens around opening hours: votes outside them, and long streaks just before they end. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from server.flags.chances import longest_run_tail_of_some, poisson_tail
from server.flags.findings import Ballot, Finding, Opening, Span, Usual, Worked
from server.results.statistics import wilson

ALWAYS = Opening((Span(time(6), time(20)),), known=False)  # where no hours are set
SUNDAY = Opening((), known=False)
GRACE = timedelta(minutes=30)  # who waits at closing time is still served, and who is early may be
STRAY = 0.05  # votes a counter and day that chance puts further outside: a cleaner, a touch that woke the screen
OUTSIDE_LIMIT = 1e-3  # a unit, a day

LAST = timedelta(hours=1)
SHORTEST_RUN = 10
FEWEST_BEFORE = 50  # votes of the officer, before their share says anything
BUSINESS = 6.0  # shape, as for bursts; the hour before closing is less often a busy one
STREAK_LIMIT = 1e-3  # an officer at a counter, a day


def outside(ballots: Iterable[Ballot], opening: Mapping[str, Opening], counters: int) -> list[Finding]:
    """Votes outside the unit's hours, all together, since one cause (a day made up for) puts them at several counters.

    The count against a Poisson distribution of `STRAY` a counter; not against what was usual, or a habit would hide itself.
    opening: of each counter. counters: how many the unit has.
    """
    inside = {counter: [_inside(span) for span in hours.spans] for counter, hours in opening.items()}
    late = sorted(
        one
        for one in ballots
        if not one.estimated and not any(opens <= _minute(one.at) < closes for opens, closes in inside[one.counter_id])
    )
    if not late:
        return []
    p = poisson_tail(len(late), STRAY * max(1, counters))
    if p > OUTSIDE_LIMIT:
        return []
    at = Counter(one.counter_id for one in late)
    known = all(opening[counter].known for counter in at)
    figures = {"votes": len(late), "known": int(known), "counters": len(at), "satisfied": sum(one.satisfied for one in late)}
    where = next(iter(at)) if len(at) == 1 else ""
    return [Finding("outside", p, where, figures=figures, begins=late[0].at, ends=late[-1].at)]


def streaks(
    ballots: Sequence[Ballot], opening: Mapping[str, Opening], usual: Mapping[str, Usual], history: Sequence[Worked]
) -> list[Finding]:
    """Satisfied votes in a row in the last hour, at each counter and for each officer, longer than chance makes them.

    The longest run of M. F. Schilling (`server.flags.chances`), at the upper end of what the officer's share may be, where the
    number of votes in that hour is left to chance too: a run that needs more votes than the hour usually has is all the rarer.
    opening: of each counter; where it is not known, it closed when the unit's last vote came.
    """
    last = _last(ballots)
    hours = {counter: _last_hour(of, last) for counter, of in opening.items()} if last else {}
    by_officer: dict[tuple[str, str], list[Ballot]] = defaultdict(list)
    for one in sorted(ballots):
        if one.counter_id in hours and hours[one.counter_id][0] <= one.at < hours[one.counter_id][1] and not one.estimated:
            by_officer[one.counter_id, one.officer_id].append(one)
    found = []
    for (counter, officer), votes in sorted(by_officer.items()):
        begins, ends = hours[counter]
        run = _longest(votes)
        before = [row for row in history if row.officer_id == officer]
        satisfied, n = sum(row.satisfied for row in before), sum(row.votes for row in before)
        if len(run) < SHORTEST_RUN or n < FEWEST_BEFORE:
            continue
        mean = usual[counter].expected(begins, ends)
        p = longest_run_tail_of_some(len(run), mean, BUSINESS, wilson(satisfied, n)[1])
        if p <= STREAK_LIMIT:
            figures = {
                "run": len(run),
                "votes": len(votes),
                "before_satisfied": satisfied,
                "before": n,
                **usual[counter].told(begins, ends),
            }
            found.append(Finding("streak", p, counter, officer, "satisfied", figures, run[0].at, run[-1].at))
    return found


def _inside(span: Span) -> tuple[int, int]:
    grace = int(GRACE.total_seconds() // 60)
    return span.opens.hour * 60 + span.opens.minute - grace, span.closes.hour * 60 + span.closes.minute + grace


def _last(ballots: Iterable[Ballot]) -> datetime | None:
    """The last vote that did not come at night."""
    return max((one.at for one in ballots if one.at.time() < ALWAYS.spans[-1].closes), default=None)


def _last_hour(opening: Opening, last: datetime) -> tuple[datetime, datetime]:
    """From when to when, those included who are served after it. last: the unit's last vote."""
    closes = opening.spans[-1].closes if opening.known and opening.spans else last.time()
    end = datetime.combine(last.date(), closes, last.tzinfo)
    return end - LAST, end + GRACE


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _longest(votes: Sequence[Ballot]) -> list[Ballot]:
    runs = [list(run) for satisfied, run in groupby(votes, key=lambda one: one.satisfied) if satisfied]
    return max(runs, key=len, default=[])
