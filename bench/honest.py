"""A commune where nobody cheats, day by day: what detectors of staging and neglect should leave in peace. And, on top, planted cases.

Harder than the detectors assume, on purpose: citizens come by appointment and in queues, families vote together, days are twice as
busy or half, an officer has bad days, participation goes up and down, and some are served after closing time.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from server.flags.findings import Ballot, Span, Worked

SPANS = (Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17)))
FIRST = date(2026, 3, 2)  # a Monday
WARM_UP_WEEKS = 12
_BUSY = {7: 1.3, 8: 1.5, 9: 1.3, 10: 1.0, 11: 0.6, 13: 0.9, 14: 1.2, 15: 1.0, 16: 0.7, 17: 0.3}  # citizens, against the mean


@dataclass(frozen=True)
class Desk:
    """A counter and its officer. per_hour: citizens; participation and share: what they are in the long run."""

    counter_id: str
    officer_id: str
    per_hour: float
    participation: float
    share: float


@dataclass(frozen=True)
class Day:
    """What one day left behind. served: citizens by counter; heard: counters whose kiosk was on."""

    day: date
    ballots: tuple[Ballot, ...]
    served: Counter[str]
    heard: frozenset[str]

    def worked(self) -> list[Worked]:
        """The day's rows, as the tallies have them."""
        votes = Counter((one.counter_id, one.officer_id, one.satisfied) for one in self.ballots)
        keys = sorted({key[:2] for key in votes} | {(counter, counter.replace("c", "o")) for counter in self.served})
        return [Worked(self.day, *key, votes[*key, True], votes[*key, False], self.served[key[0]]) for key in keys]

    def by_hour(self) -> Counter[int]:
        """Votes of the unit by hour."""
        return Counter(one.at.hour for one in self.ballots)


def desks(chance: random.Random, counters: int) -> list[Desk]:
    """A commune's counters, unlike each other as they are."""
    return [
        Desk(
            f"c{number}",
            f"o{number}",
            per_hour=chance.lognormvariate(math.log(6), 0.5),
            participation=_logistic(chance.gauss(-0.2, 0.4)),
            share=_logistic(chance.gauss(2.9, 0.6)),
        )
        for number in range(counters)
    ]


def days(chance: random.Random, of: list[Desk], weeks: int) -> Iterator[Day]:
    """Working days from `FIRST` on, Monday to Friday."""
    season = 1.0
    for number in range(weeks * 7):
        day = FIRST + timedelta(days=number)
        if day.weekday() == 0:
            season = chance.lognormvariate(0, 0.2)
        if day.weekday() < 5:
            yield _day(chance, day, of, season * chance.lognormvariate(0, 0.25) * (1.25 if day.weekday() == 0 else 1))


def _day(chance: random.Random, day: date, of: list[Desk], busy: float) -> Day:
    ballots: list[Ballot] = []
    served: Counter[str] = Counter()
    heard = set()
    for desk in of:
        if chance.random() < 0.03:  # on leave, nobody in their place
            continue
        if chance.random() > 0.01:  # else the kiosk stayed off
            heard.add(desk.counter_id)
        today = replace(
            desk,
            per_hour=desk.per_hour * busy * chance.lognormvariate(0, 0.2),
            participation=_logistic(_logit(desk.participation) + chance.gauss(0, 0.35)),
            share=_logistic(_logit(desk.share) + chance.gauss(0, 0.35)),
        )
        for span in SPANS:
            for at in _served(chance, day, span, today.per_hour):
                served[desk.counter_id] += 1
                if desk.counter_id in heard:
                    ballots += _votes(chance, at, today)
    return Day(day, tuple(sorted(ballots)), served, frozenset(heard))


def _served(chance: random.Random, day: date, span: Span, per_hour: float) -> Iterator[datetime]:
    """When each citizen of half a day was done: first come, first served, 3 to 10 minutes each; half an hour after closing at most."""
    opens, closes = datetime.combine(day, span.opens), datetime.combine(day, span.closes)
    arrivals = [opens] * _poisson(chance, per_hour / 3)  # they waited at the door
    for hour, weight in _BUSY.items():
        begins = datetime.combine(day, time(hour))
        arrivals += [begins + timedelta(hours=chance.random()) for _ in range(_poisson(chance, per_hour * weight))]
    free = opens
    for arrival in sorted(one for one in arrivals if opens <= one < closes):
        free = max(free, arrival) + timedelta(minutes=min(20.0, max(1.5, chance.lognormvariate(math.log(5), 0.5))))
        if free > closes + timedelta(minutes=28):
            return
        yield free


def _votes(chance: random.Random, at: datetime, desk: Desk) -> Iterator[Ballot]:
    """Of one transaction: none, one, or a family's."""
    if chance.random() > desk.participation:
        return
    satisfied = chance.random() < desk.share
    together = chance.choice((2, 2, 2, 3, 4)) if chance.random() < 0.04 else 1
    for _ in range(together):
        yield Ballot(at, desk.counter_id, desk.officer_id, satisfied if chance.random() < 0.9 else chance.random() < desk.share)
        at += timedelta(seconds=chance.uniform(4, 40))


def _poisson(chance: random.Random, mean: float) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        left += chance.expovariate(1)
        count += 1
    return count


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
