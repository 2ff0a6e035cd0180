"""Shares with their uncertainty. Pure."""

from math import sqrt
from typing import NamedTuple

MINIMUM_N = 30  # below, a share says more about chance than about service
_Z = 1.959963984540054  # the normal distribution's 97.5 % point: 95 % lie within


class Share(NamedTuple):
    """A share and its 95 % interval, each from 0 to 1, of n votes."""

    value: float
    low: float
    high: float
    n: int


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share: hits of n (at least 1).

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22 (1927), 209–212.
    """
    share = hits / n
    centre = share + _Z * _Z / (2 * n)
    spread = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def share(hits: int, n: int) -> Share | None:
    """The share of hits among n, or None where n is too small to say."""
    return Share(hits / n, *wilson(hits, n), n) if n >= MINIMUM_N else None
