"""What stands in a table of results: each cell is written once, for the page, for the workbook and for sorting. Pure.

kind: how the page shows it. headings: of its columns in a workbook, after the column's own; values: what these columns hold.
order: by what it is sorted; None comes last.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from server.results.comparing import Verdict
from server.results.counts import Count
from server.results.statistics import Rank

TOO_FEW = "chưa đủ dữ liệu"
INTEGER, RATIO, POINTS, TEXT = "#,##0", "0.0%", "+0.0;-0.0;0.0", "@"
Value = str | int | float | None
Order = tuple[float, ...] | str | None


@dataclass(frozen=True)
class Words:
    """Anything said. link: where it leads; remark: what stands below it."""

    text: str
    link: str = ""
    remark: str = ""
    by: Order = None
    kind: ClassVar[str] = "words"
    headings: ClassVar[tuple[str, ...]] = ("",)
    formats: ClassVar[tuple[str, ...]] = (TEXT,)

    @property
    def values(self) -> tuple[Value, ...]:
        return (f"{self.text} ({self.remark})" if self.text and self.remark else self.text or self.remark,)

    @property
    def order(self) -> Order:
        return self.text if self.by is None else self.by


@dataclass(frozen=True)
class Number:
    """How many. hook: what tests and the try-out call it."""

    value: int
    hook: str = ""
    kind: ClassVar[str] = "number"
    headings: ClassVar[tuple[str, ...]] = ("",)
    formats: ClassVar[tuple[str, ...]] = (INTEGER,)

    @property
    def values(self) -> tuple[Value, ...]:
        return (self.value,)

    @property
    def order(self) -> Order:
        return (self.value,)


@dataclass(frozen=True)
class Part:
    """How many of a whole, and that in percent, or None where the whole is too small to say."""

    value: int
    percent: float | None
    hook: str = ""
    kind: ClassVar[str] = "part"
    headings: ClassVar[tuple[str, ...]] = ("", " (%)")
    formats: ClassVar[tuple[str, ...]] = (INTEGER, RATIO)

    @property
    def values(self) -> tuple[Value, ...]:
        return self.value, None if self.percent is None else round(self.percent / 100, 3)

    @property
    def order(self) -> Order:
        return (self.value,)


@dataclass(frozen=True)
class Satisfied:
    """The share of the satisfied with its interval."""

    count: Count
    kind: ClassVar[str] = "share"
    headings: ClassVar[tuple[str, ...]] = ("", ": từ", ": đến")
    formats: ClassVar[tuple[str, ...]] = (RATIO, RATIO, RATIO)

    @property
    def values(self) -> tuple[Value, ...]:
        share, percents = self.count.share, self.count.percents
        if share is None or percents is None:
            return TOO_FEW, None, None
        return round(percents[0] / 100, 3), round(share.low, 4), round(share.high, 4)

    @property
    def order(self) -> Order:
        return (self.count.share.value,) if self.count.share else None


@dataclass(frozen=True)
class Participation:
    """Votes over transactions. said: instead of it, where there is none to tell."""

    count: Count
    said: str = ""
    kind: ClassVar[str] = "participation"
    headings: ClassVar[tuple[str, ...]] = ("", ": lượt", ": hồ sơ")
    formats: ClassVar[tuple[str, ...]] = (RATIO, INTEGER, INTEGER)

    @property
    def value(self) -> float | None:
        """The share, or None."""
        return None if self.said else self.count.participation

    @property
    def too_many(self) -> bool:
        """Whether more voted than came."""
        return self.value is not None and self.value > 1

    @property
    def values(self) -> tuple[Value, ...]:
        return (
            None if self.value is None else round(self.value, 4),
            self.count.rated if self.count.handled else None,
            self.count.handled or None,
        )

    @property
    def order(self) -> Order:
        return None if self.value is None else (self.value,)


@dataclass(frozen=True)
class Compared:
    """Whether it differs from others, and by how much."""

    verdict: Verdict | None
    kind: ClassVar[str] = "compared"
    headings: ClassVar[tuple[str, ...]] = ("", ": chênh từ (điểm)", ": đến (điểm)")
    formats: ClassVar[tuple[str, ...]] = (TEXT, POINTS, POINTS)

    @property
    def values(self) -> tuple[Value, ...]:
        if self.verdict is None:
            return None, None, None
        return self.verdict.words, round(self.verdict.low, 2), round(self.verdict.high, 2)

    @property
    def order(self) -> Order:
        return None if self.verdict is None else (self.verdict.gap,)


@dataclass(frozen=True)
class Place:
    """A rank and how far it may be another: 3 (2–9)."""

    rank: Rank | None
    kind: ClassVar[str] = "place"
    headings: ClassVar[tuple[str, ...]] = ("", ": tốt nhất", ": thấp nhất")
    formats: ClassVar[tuple[str, ...]] = (INTEGER, INTEGER, INTEGER)

    @property
    def values(self) -> tuple[Value, ...]:
        return (TOO_FEW, None, None) if self.rank is None else tuple(self.rank)

    @property
    def order(self) -> Order:
        return None if self.rank is None else (self.rank.place,)


@dataclass(frozen=True)
class Interval:
    """The interval of the share of the satisfied, where that itself stands beside it."""

    count: Count
    kind: ClassVar[str] = "between"
    headings: ClassVar[tuple[str, ...]] = (": từ", ": đến")
    formats: ClassVar[tuple[str, ...]] = (RATIO, RATIO)

    @property
    def values(self) -> tuple[Value, ...]:
        share = self.count.share
        return (TOO_FEW, None) if share is None else (round(share.low, 4), round(share.high, 4))

    @property
    def order(self) -> Order:
        return (self.count.share.low,) if self.count.share else None


@dataclass(frozen=True)
class Measure:
    """A figure with its unit of measure, in tables whose lines are of different kinds. value: None where it cannot be told."""

    value: Decimal | int | None
    unit: str = ""
    kind: ClassVar[str] = "measure"
    headings: ClassVar[tuple[str, ...]] = ("", " (đơn vị)")
    formats: ClassVar[tuple[str, ...]] = ("General", TEXT)

    @property
    def values(self) -> tuple[Value, ...]:
        return (float(self.value) if isinstance(self.value, Decimal) else self.value), None if self.value is None else self.unit or None

    @property
    def order(self) -> Order:
        return None if self.value is None else (float(self.value),)


Cell = Words | Number | Part | Satisfied | Participation | Compared | Place | Interval | Measure
