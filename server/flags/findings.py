"""What detectors are given and what they give. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

Kind = Literal["burst", "outside", "streak", "silent", "hardly", "unlike"]
Rating = Literal["satisfied", "dissatisfied"]

PACE = 12.0  # votes an hour of a counter of which little is known: a citizen every five minutes, each of whom votes
LEAST_RATE = 2.0  # votes an hour; a counter that is hardly visited may have a busy hour for once
FEWEST_DAYS = 5  # of a counter's own, before they say what is usual


class Ballot(NamedTuple):
    """A vote of the day. at: on the unit's clocks. estimated: only placed between its neighbours, so its time says nothing."""

    at: datetime
    counter_id: str
    officer_id: str
    satisfied: bool
    estimated: bool = False


class Worked(NamedTuple):
    """An officer's votes at a counter on a day, and transactions told for them; ids are empty where nobody was named."""

    day: date
    counter_id: str
    officer_id: str
    satisfied: int
    dissatisfied: int
    handled: int

    @property
    def votes(self) -> int:
        """Of either rating."""
        return self.satisfied + self.dissatisfied


class Span(NamedTuple):
    """Open from one time until before another."""

    opens: time
    closes: time


class Opening(NamedTuple):
    """When a counter is open on a day; no spans where it is closed. known: somebody said so, else it is what is usual everywhere."""

    spans: Sequence[Span]
    known: bool


@dataclass(frozen=True)
class Finding:
    """Something that a person should judge. p: how likely honest days of a counter hold it; figures: what is said of it, in counts,
    never an instant, since whoever may see the flag may not see these. begins, ends: the first and last vote, where some are meant.
    """

    kind: Kind
    p: float
    counter_id: str = ""
    officer_id: str = ""
    rating: Rating | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Usual:
    """How many votes a counter gets on a usual day, by hour (0 to 23) and rating; None where its own days are too few to say."""

    satisfied: Sequence[float] | None = None
    dissatisfied: Sequence[float] | None = None

    def rates(self, rating: Rating) -> Sequence[float]:
        """An hour, for each hour, as detectors reckon with: no less than any counter may have for once."""
        own = self.satisfied if rating == "satisfied" else self.dissatisfied
        return [PACE] * 24 if own is None else [max(LEAST_RATE, rate) for rate in own]

    def expected(self, begins: datetime, ends: datetime) -> float:
        """Votes of both ratings between two times of a day, as detectors reckon with."""
        satisfied, dissatisfied = self.rates("satisfied"), self.rates("dissatisfied")
        return sum(satisfied[at.hour] + dissatisfied[at.hour] for at in _minutes(begins, ends)) / 60

    def told(self, begins: datetime, ends: datetime) -> dict[str, float]:
        """The same as it was counted, for people, as `usual`; nothing where it is not known."""
        if self.satisfied is None or self.dissatisfied is None:
            return {}
        return {"usual": sum(self.satisfied[at.hour] + self.dissatisfied[at.hour] for at in _minutes(begins, ends)) / 60}


def usual(counter_id: str, history: Sequence[Worked], by_hour: Mapping[int, int]) -> Usual:
    """What is usual at a counter: its own votes a day, spread over the hours as all votes of the unit are.

    history: the days before, of the whole unit. by_hour: votes of the unit in each hour, over the same days.
    """
    own = [row for row in history if row.counter_id == counter_id and row.votes]
    days = len({row.day for row in own})
    whole = sum(by_hour.values())
    if days < FEWEST_DAYS or not whole:
        return Usual()
    shares = [by_hour.get(hour, 0) / whole / days for hour in range(24)]
    satisfied, dissatisfied = sum(row.satisfied for row in own), sum(row.dissatisfied for row in own)
    return Usual([satisfied * share for share in shares], [dissatisfied * share for share in shares])


def _minutes(begins: datetime, ends: datetime) -> list[datetime]:
    return [begins + timedelta(minutes=minute) for minute in range(max(0, int((ends - begins).total_seconds() // 60)))]
