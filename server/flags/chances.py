"""How likely chance alone makes something at least as extreme. Exact sums, for numbers as a counter has them. Pure."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp, lgamma, log, log1p
from typing import NamedTuple

_NEGLIGIBLE = 1e-16  # of a sum: what a float can no longer hold


class Beta(NamedTuple):
    """What is believed of a share: a beta distribution; mean a / (a + b)."""

    a: float
    b: float


def negative_binomial_tail(least: int, mean: float, shape: float) -> float:
    """How likely a count is at least that, when its rate varies by a gamma distribution of this shape (the smaller, the wilder).

    M. Greenwood and G. U. Yule, An inquiry into the nature of frequency distributions …, J. R. Stat. Soc. 83 (1920), 255–279.
    """
    return _tail(least, mean, lambda count: _negative_binomial(count, mean, shape))


def poisson_tail(least: int, mean: float) -> float:
    """How likely a count is at least that, when its rate is known."""
    return _tail(least, mean, lambda count: exp(count * log(mean) - mean - lgamma(count + 1)))


def beta_binomial_at_most(most: int, n: int, share: Beta) -> float:
    """How likely at most so many of n are hits, of a share that is itself uncertain.

    J. G. Skellam, A probability distribution derived from the binomial distribution by regarding the probability of success as
    variable between the sets of trials, J. R. Stat. Soc. B 10 (1948), 257–261.
    """
    return min(1.0, sum(_beta_binomial(hits, n, share) for hits in range(min(most, n) + 1)))


def beta_binomial_at_least(least: int, n: int, share: Beta) -> float:
    """The same for at least so many."""
    return beta_binomial_at_most(n - least, n, Beta(share.b, share.a))


def longest_run_tail(least: int, n: int, share: float) -> float:
    """How likely n answers hold a run of at least so many hits, when each is one with this chance.

    Recursion of M. F. Schilling, The longest run of heads, The College Mathematics Journal 21 (1990), 196–207.
    """
    return 1 - _without_run(least, n, share)[-1] if n >= least else 0.0


def longest_run_tail_of_some(least: int, mean: float, shape: float, share: float) -> float:
    """The same where how many answers there are is left to chance too: `negative_binomial_tail` of this mean and shape."""
    longest = least
    while negative_binomial_tail(longest, mean, shape) > _NEGLIGIBLE:
        longest += 16
    without = _without_run(least, longest, share)
    inside = sum(_negative_binomial(n, mean, shape) * (1 - without[n]) for n in range(least, longest))
    return min(1.0, inside + negative_binomial_tail(longest, mean, shape))


def predicted(hits: int, n: int, spread: float) -> Beta:
    """What hits of n before say of the share from now on. spread: the correlation within a day or a week, from 0 to 1; it and the
    uncertainty of a short history widen the distribution.
    """
    mean = min(max((hits + 0.5) / (n + 1), 1e-6), 1 - 1e-6)  # Jeffreys' prior: never quite 0 or 1
    weight = 1 / (spread + 1 / (n + 1))
    return Beta(mean * weight, (1 - mean) * weight)


def spread(groups: Sequence[tuple[int, int]], least: float) -> float:
    """The correlation within groups of (hits, n), by moments; never below `least`, however alike they look.

    J. C. Kleinman, Proportions with extraneous variance: single and independent samples, J. Am. Stat. Assoc. 68 (1973), 46–54.
    """
    counted = [(hits, n) for hits, n in groups if n]
    n_all = sum(n for _, n in counted)
    hits_all = sum(hits for hits, _ in counted)
    if not 0 < hits_all < n_all:
        return least
    share = hits_all / n_all
    pearson = sum((hits - n * share) ** 2 / (n * share * (1 - share)) for hits, n in counted)
    scale = sum((n - 1) * (1 - n / n_all) for _, n in counted)
    return min(0.5, max(least, (pearson - (len(counted) - 1)) / scale)) if scale > 0 else least


def _tail(least: int, mean: float, chance: Callable[[int], float]) -> float:
    if least <= 0:
        return 1.0
    if least <= mean:
        return max(0.0, 1 - sum(chance(count) for count in range(least)))
    total, count = 0.0, least
    while (term := chance(count)) > total * _NEGLIGIBLE:
        total += term
        count += 1
    return min(1.0, total)


@lru_cache(4096)
def _negative_binomial(count: int, mean: float, shape: float) -> float:
    ways = lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
    return exp(ways - shape * log1p(mean / shape) + count * log(mean / (mean + shape)))


def _beta_binomial(hits: int, n: int, share: Beta) -> float:
    ways = lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
    return exp(ways + _log_beta(hits + share.a, n - hits + share.b) - _log_beta(share.a, share.b))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _without_run(least: int, n: int, share: float) -> list[float]:
    """For 0 … n answers: how likely no run of hits is so long."""
    run = share**least
    without = [1.0] * least
    for length in range(least, n + 1):
        before = 1.0 if length == least else (1 - share) * without[length - least - 1]
        without.append(without[-1] - run * before)
    return without
