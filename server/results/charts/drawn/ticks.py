"""Round numbers beside a scale. Pure."""

from math import ceil, floor, log10

_AT_MOST = 5


def amounts(highest: int) -> list[int]:
    """Whole numbers at equal distances from 0 to at least `highest`: 1, 2 or 5 times a power of ten apart."""
    power = 10 ** max(0, floor(log10(max(1, highest / _AT_MOST))))
    step = next(step * power for step in (1, 2, 5, 10) if ceil(highest / (step * power)) <= _AT_MOST)
    return list(range(0, step * max(1, ceil(highest / step)) + 1, step))


def shares(lowest: float) -> list[float]:
    """Shares from a round one below `lowest` to 1."""
    tenths = min(8, floor(lowest * 10))
    step = {8: 5, 7: 10, 6: 10, 5: 10}.get(tenths, 20)
    first = tenths * 10 if tenths >= 5 else tenths // 2 * 20
    return [percent / 100 for percent in range(first, 101, step)]
