"""A day of the country: votes, and the tallies that intake would have kept of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from server.simulation.days import busyness, minutes
from server.simulation.people import Commune, Desk
from sync.choices import DEFAULT_REASONS

Row = tuple[Any, ...]

_AWAY = 0.05  # of an officer's days; somebody steps in
_NOBODY = 0.01  # of a counter's days: nobody signed in
_UNEVEN = 0.35  # standard deviation of a counter's day, of what is usual
_TOLD_DAYS = 0.97  # of a commune's days
_BURSTS = 0.00002  # of the counters' days: somebody taps for the citizens
_BURST = (40, 90)
_BURST_MINUTES = range(16 * 60 + 20, 16 * 60 + 50)
_WITH_REASON = {"satisfied": 0.2, "dissatisfied": 0.6}
_EPOCH = date(1970, 1, 1).toordinal()
_EAST = 7 * 60  # minutes by which Vietnam's clocks are ahead of UTC; no vote is earlier in a day
_MILLISECONDS = [f":{second:02}.{rest:03}000" for second in range(60) for rest in range(1000)]  # of a minute
_MINUTES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440)]
_WEIGHTS = {
    "attitude": 14, "explanation": 12, "more-papers": 20, "late": 18, "waiting": 22, "procedure": 9, "extra-cost": 2, "other-bad": 3,
    "friendly": 30, "clear": 24, "on-time": 22, "simple": 6, "place": 7, "fair": 5, "devoted": 9, "other-good": 2,
}  # fmt: skip
_REASONS = {rating: [reason.id for reason in DEFAULT_REASONS if reason.rating == rating] for rating in _WITH_REASON}
_LIKELY = {rating: list(accumulate(_WEIGHTS[name] for name in reasons)) for rating, reasons in _REASONS.items()}


@dataclass
class Rows:
    """Rows of the tables of the same names, in the order of `server.simulation.filling.COLUMNS`."""

    votes: list[Row] = field(default_factory=list)
    officer_days: list[Row] = field(default_factory=list)
    unit_hours: list[Row] = field(default_factory=list)
    reason_days: list[Row] = field(default_factory=list)
    transactions: list[Row] = field(default_factory=list)


def quotas(communes: Sequence[Commune], first: date, days: int, votes: int) -> dict[date, int]:
    """How many vote on each day; together exactly `votes`. Raises ValueError where every day is a holiday."""
    open_on_saturdays = sum(commune.busy for commune in communes if commune.saturdays) / sum(commune.busy for commune in communes)
    all_days = [first + timedelta(days=number) for number in range(days)]
    weights = [busyness(day, saturdays=True) * (open_on_saturdays if day.weekday() == 5 else 1) for day in all_days]
    if not sum(weights):
        raise ValueError("no working day")
    so_far = [round(votes * weight / sum(weights)) for weight in accumulate(weights)]
    return {day: here - before for day, here, before in zip(all_days, so_far, [0, *so_far], strict=False) if here - before}


def of_day(seed: int, communes: Sequence[Commune], day: date, quota: int) -> Iterator[Rows]:
    """The rows of each commune on a day, together so many votes: the same for the same seed, if the days are asked in their order."""
    rng = Random(f"votes {seed} {day}")
    come = []
    for commune in communes:
        busy = busyness(day, saturdays=commune.saturdays) * commune.busy / len(commune.desks)
        if busy:
            come.append((commune, [busy * desk.busy * max(0.0, rng.gauss(1, _UNEVEN)) for desk in commune.desks]))
    would_vote = sum(one * desk.asked for commune, desks in come for desk, one in zip(commune.desks, desks, strict=True))
    scale = quota / (would_vote or 1)
    due, given = 0.0, 0
    for number, (commune, desks) in enumerate(come, 1):
        counters = []
        for desk, one in zip(commune.desks, desks, strict=True):
            due += one * scale * desk.asked
            count = max(0, int(due) - given)
            burst = min(rng.randint(*_BURST), quota - given - count) if rng.random() < _BURSTS else 0
            given += count + burst
            counters.append(_At(desk, one * scale, count, burst))
        if number == len(come):  # what rounding left over
            counters[-1] = counters[-1]._replace(votes=counters[-1].votes + quota - given)
        yield _commune(rng, commune, day, counters)


class _At(NamedTuple):
    """A counter's day. expected: those who would vote if all were asked. burst: votes that somebody else taps, beside the others."""

    desk: Desk
    expected: float
    votes: int
    burst: int


def _commune(rng: Random, commune: Commune, day: date, counters: Sequence[_At]) -> Rows:
    rows = Rows()
    hours = [0] * 48
    slots = minutes(morning_only=day.weekday() == 5)
    good_in_all = bad_in_all = 0
    handled = []
    for place, (desk, expected, count, burst) in enumerate(counters):
        luck = rng.random()
        worker = commune.at(len(commune.desks) if luck < _AWAY else place, day)
        where = _Where(commune.id, desk, "" if luck > 1 - _NOBODY else worker.id, day)
        good = _votes(rng, rows.votes, where, _Votes(count, slots, worker.threshold(day)), hours)
        good += _votes(rng, rows.votes, where, _Votes(burst, _BURST_MINUTES, 65_536), hours)
        bad = count + burst - good
        if good or bad:
            rows.officer_days.append((commune.id, day, desk.id, where.officer, good, bad))
        good_in_all, bad_in_all = good_in_all + good, bad_in_all + bad
        served = round(expected / commune.participation * rng.uniform(0.85, 1.15))
        handled.append((desk.id, where.officer, max(count, served)))
    pairs = zip(hours[1::2], hours[::2], strict=True)
    rows.unit_hours = [(commune.id, day, hour, good, bad) for hour, (good, bad) in enumerate(pairs) if good or bad]
    for rating, votes in (("satisfied", good_in_all), ("dissatisfied", bad_in_all)):
        said = rng.choices(_REASONS[rating], cum_weights=_LIKELY[rating], k=int(votes * _WITH_REASON[rating] + rng.random()))
        rows.reason_days += [(commune.id, day, reason, times) for reason, times in sorted(Counter(said).items())]
    if commune.told and rng.random() < _TOLD_DAYS:
        rows.transactions = _told(commune, day, handled)
    return rows


def _told(commune: Commune, day: date, handled: Sequence[tuple[str, str, int]]) -> list[Row]:
    """What the commune tells the next morning: by counter and officer where a system does it, by counter or as a whole where people do."""
    at = datetime.combine(day + timedelta(days=1), time(1, 15), UTC)
    if not commune.by_counter:
        told = [("", "", sum(count for _, _, count in handled))]
    elif commune.source == "api":
        told = list(handled)
    else:
        told = [(counter, "", count) for counter, _, count in handled]
    return [(commune.id, day, *key, count, commune.source, "simulate", at) for *key, count in told if count]


class _Where(NamedTuple):
    """At which counter of which unit, on which day, for whom, or empty."""

    unit: str
    desk: Desk
    officer: str
    day: date


class _Votes(NamedTuple):
    """So many, in minutes of the day that are as likely each. threshold: of 65,536, so many are satisfied."""

    number: int
    slots: Sequence[int]
    threshold: int


def _votes(rng: Random, rows: list[Row], where: _Where, cast: _Votes, hours: list[int]) -> int:
    """Add the votes, in their order, and count them by hour: dissatisfied and satisfied in turn; returns how many were satisfied."""
    count, slots, threshold = cast
    unit, desk, officer, day = where
    midnight = (day.toordinal() - _EPOCH) * 86_400_000 - _EAST * 60_000
    counter, ledger, seq, written, size = desk.id, desk.ledger, desk.seq, f"{day} ", len(slots)
    good = 0
    draws = [rng.getrandbits(128) for _ in range(count)]
    for instant, bits in sorted([(slots[bits % size] * 60_000 + (bits >> 12) % 60_000, bits) for bits in draws]):
        seq += 1
        minute, rest = divmod(instant, 60_000)
        satisfied = (bits >> 32 & 0xFFFF) < threshold
        good += satisfied
        hours[minute // 60 * 2 + satisfied] += 1
        name = f"{midnight + instant:012x}7{bits >> 48 & 0xFFF:03x}{bits >> 66 | 1 << 63:016x}"  # a UUIDv7
        at = f"{written}{_MINUTES[minute - _EAST]}{_MILLISECONDS[rest]}"
        rows.append((unit, name, ledger, seq, counter, officer, int(satisfied), at, 0))
    desk.seq = seq
    return good
