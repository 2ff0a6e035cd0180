"""The communes, who works there, how content citizens are with them, and how each commune keeps its books."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from server.simulation import names
from sync.crockford import ALPHABET

_MEAN_RATE, _RATE_WEIGHT = 0.93, 40.0  # a beta distribution: most officers between 85 and 98 %
_CHANGES = 0.15  # of the officers, somebody for the better or the worse
_NEGLECTED = 0.01  # of the counters, rated by hardly anybody
_NEGLECT = 0.02  # of those who would rate
_SILENT = 0.1  # of the communes, which tell no transactions
_BY_COUNTER = 0.4  # of those who do
_SATURDAYS = 0.4  # of the communes
_ROTATES = 0.2  # of the communes, where all change places on a day
_FEWEST_COUNTERS, _MOST_COUNTERS = 4, 12


@dataclass(frozen=True)
class Worker:
    """An officer. rate: share of those who are content, until the day `turns`, `later` from then on."""

    id: str
    name: str
    title: str
    rate: float
    later: float
    turns: date

    def threshold(self, day: date) -> int:
        """The rate of a day, of 65,536."""
        return int(65_536 * (self.rate if day < self.turns else self.later))


@dataclass
class Desk:
    """A counter, its kiosk and the kiosk's ledger. busy: beside the others of the commune. asked: share of those who would rate and
    are let. seq: the last entry of the ledger.
    """

    id: str
    name: str
    device: str
    ledger: str
    busy: float
    asked: float
    seq: int = 1


@dataclass(frozen=True)
class Commune:
    """participation: votes over transactions. told: whether it tells transactions; by_counter: how. rotates: from when on everybody
    sits one counter further. workers: one for each desk and one who steps in.
    """

    id: str
    name: str
    province: str
    busy: float
    saturdays: bool
    participation: float
    told: bool
    by_counter: bool
    source: str
    rotates: date
    desks: list[Desk]
    workers: list[Worker]

    def at(self, place: int, day: date) -> Worker:
        """Who sits at a desk, by its place, on a day; who steps in has the place after the last."""
        return self.workers[(place + (day >= self.rotates)) % len(self.workers)]


def invent(seed: int, communes: int, first: date, days: int) -> list[Commune]:
    """So many communes, the same for the same seed, and what happens to their people in so many days from the first on."""
    rng = Random(f"places {seed}")
    found = []
    for province, count in names.spread(communes):
        found += [_commune(rng, province, name, first, days) for name in names.communes(rng, count)]
    return found


def _commune(rng: Random, province: str, name: str, first: date, days: int) -> Commune:
    count = min(_MOST_COUNTERS, max(_FEWEST_COUNTERS, round(rng.gauss(8, 2.2))))
    local = rng.gauss(0, 0.015)  # some places are better run than others
    never = first + timedelta(days=days)
    return Commune(
        id=_id(rng, "u", 8),
        name=name,
        province=province,
        busy=rng.lognormvariate(0, 0.45) * count,
        saturdays=rng.random() < _SATURDAYS,
        participation=rng.uniform(0.4, 0.9),
        told=rng.random() >= _SILENT,
        by_counter=rng.random() < _BY_COUNTER,
        source=rng.choice(("typed", "typed", "workbook", "api")),
        rotates=first + timedelta(days=rng.randrange(days)) if rng.random() < _ROTATES else never,
        desks=[_desk(rng, number) for number in range(1, count + 1)],
        workers=[_worker(rng, local, first, days) for _ in range(count + 1)],
    )


def _desk(rng: Random, number: int) -> Desk:
    ledger = UUID(int=rng.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)
    asked = _NEGLECT if rng.random() < _NEGLECTED else 1.0
    return Desk(_id(rng, "c", 8), f"Quầy {number}", _id(rng, "d", 10), f"l-{ledger}", rng.uniform(0.5, 1.5), asked)


def _worker(rng: Random, local: float, first: date, days: int) -> Worker:
    rate = _possible(rng.betavariate(_MEAN_RATE * _RATE_WEIGHT, (1 - _MEAN_RATE) * _RATE_WEIGHT) + local)
    later = _possible(rate + rng.gauss(0, 0.07)) if rng.random() < _CHANGES else rate
    turns = first + timedelta(days=rng.randrange(days))
    return Worker(_id(rng, "o", 8), names.person(rng), rng.choice(names.TITLES), rate, later, turns)


def _possible(rate: float) -> float:
    return min(0.995, max(0.4, rate))


def _id(rng: Random, letter: str, characters: int) -> str:
    return f"{letter}-{''.join(rng.choices(ALPHABET, k=characters))}"
