"""Shares with their uncertainty, and what may be said of two of them. Pure."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

MINIMUM_N = 30  # below, a share says more about chance than about service
_Z = 1.959963984540054  # the normal distribution's 97.5 % point: 95 % lie within


class Share(NamedTuple):
    """A share and its 95 % interval, each from 0 to 1, of n votes."""

    value: float
    low: float
    high: float
    n: int


class Difference(NamedTuple):
    """A difference of two shares and its interval, each from -1 to 1."""

    value: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether the interval excludes that there is none."""
        return self.low > 0 or self.high < 0


class Rank(NamedTuple):
    """A place among others, and the best and the worst that the intervals allow; 1 is the highest share."""

    place: int
    best: int
    worst: int


def wilson(hits: int, n: int, z: float = _Z) -> tuple[float, float]:
    """The score interval of a share: hits of n (at least 1); 95 % unless another z is given.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22 (1927), 209–212.
    """
    share = hits / n
    centre = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def share(hits: int, n: int) -> Share | None:
    """The share of hits among n, or None where n is too small to say."""
    return Share(hits / n, *wilson(hits, n), n) if n >= MINIMUM_N else None


def difference(hits: int, n: int, other_hits: int, other_n: int, comparisons: int = 1) -> Difference | None:
    """The first share minus the other, with its interval, or None where either n is too small to say.

    R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998),
    873–890, method 10. comparisons: how many are made at once; together they err in at most 5 % (Bonferroni).
    """
    if min(n, other_n) < MINIMUM_N:
        return None
    z = NormalDist().inv_cdf(1 - 0.025 / comparisons)
    one, other = hits / n, other_hits / other_n
    low, high = wilson(hits, n, z)
    other_low, other_high = wilson(other_hits, other_n, z)
    gap = one - other
    return Difference(
        gap, gap - sqrt((one - low) ** 2 + (other_high - other) ** 2), gap + sqrt((high - one) ** 2 + (other - other_low) ** 2)
    )


def ranks(shares: Sequence[Share | None]) -> list[Rank | None]:
    """The rank of each share among those that are there; equal shares have the same place. None where there is no share.

    best: one more than there are shares whose whole interval lies above; worst: the same from the other end.
    """
    there = [one for one in shares if one is not None]

    def rank(one: Share) -> Rank:
        place = 1 + sum(other.value > one.value for other in there)
        best = 1 + sum(other.low > one.high for other in there)
        worst = len(there) - sum(other.high < one.low for other in there)
        return Rank(place, best, worst)

    return [None if one is None else rank(one) for one in shares]


def tenths(counts: Sequence[int]) -> list[int]:
    """The counts as tenths of a percent that add up to exactly 1000, by largest remainder; all 0 where the counts are.

    Of equal remainders the first gets the tenth. T. Hare's method, as for seats: M. L. Balinski and H. P. Young, Fair
    Representation, Yale University Press, 1982, p. 17.
    """
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    floors = [1000 * count // whole for count in counts]
    remainders = [1000 * count % whole for count in counts]
    first = sorted(range(len(counts)), key=lambda place: (-remainders[place], place))[: 1000 - sum(floors)]
    return [floor + (place in first) for place, floor in enumerate(floors)]
