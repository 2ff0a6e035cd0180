"""What is counted, and what of it may be said. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from server.results.statistics import Share, share, tenths


@dataclass(frozen=True)
class Count:
    """Votes of anybody in any period.

    handled: transactions, of those who told them for those days; rated: the votes that fall to these, so that participation
    compares like with like.
    """

    satisfied: int = 0
    dissatisfied: int = 0
    handled: int = 0
    rated: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.satisfied + other.satisfied, self.dissatisfied + other.dissatisfied, self.handled + other.handled, self.rated + other.rated
        )

    @property
    def n(self) -> int:
        """All votes."""
        return self.satisfied + self.dissatisfied

    @cached_property
    def share(self) -> Share | None:
        """Of the satisfied, or None where there are too few votes to say."""
        return share(self.satisfied, self.n)

    @cached_property
    def percents(self) -> tuple[float, float] | None:
        """Satisfied and dissatisfied in percent with one decimal, together 100.0; None where there are too few votes to say."""
        if self.share is None:
            return None
        satisfied, dissatisfied = tenths([self.satisfied, self.dissatisfied])
        return satisfied / 10, dissatisfied / 10

    @property
    def participation(self) -> float | None:
        """Votes over transactions, of the days for which these were told; above 1 where more voted. None where nothing was told."""
        return self.rated / self.handled if self.handled else None


@dataclass(frozen=True)
class Row:
    """A line of a table: whom or what it is about, and its count. key: its id, empty for what is nobody's."""

    key: str
    name: str
    count: Count
    note: str = ""


def total(rows: Iterable[Row]) -> Count:
    """All rows together."""
    return sum((row.count for row in rows), Count())
