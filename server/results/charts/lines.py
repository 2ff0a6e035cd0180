"""Officers, counters or units one below another: which are drawn, and how high. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.results.charts.size import Width
from server.results.charts.words import plain
from server.results.counts import Count, Row
from server.results.templatetags.vietnamese import number

MOST_LINES = 36


@dataclass(frozen=True)
class Line:
    """A line: whom it is about and what was counted; or, without a count, a remark. then: the count of an earlier period."""

    name: str
    count: Count | None
    then: Count | None = None


def height_of(width: Width) -> int:
    """Of a line: on a phone the name stands above its drawing."""
    return 64 if width is Width.PHONE else 42


def by_share(rows: Iterable[Row], most: int = MOST_LINES) -> list[Row | str]:
    """The highest share first, then those with too few votes to say, by name; remarks in the place of what is too much to draw."""
    rows = list(rows)
    rated = sorted((row for row in rows if row.count.share), key=lambda row: -(row.count.share.value if row.count.share else 0))
    few = [row for row in rows if not row.count.share]
    if len(rows) <= most:
        return [*rated, *few]
    told: list[Row | str] = [*shortened(rated, most)]
    return [*told, f"và {number(len(few))} dòng chưa đủ dữ liệu"] if few else told


def by_participation(rows: Iterable[Row], most: int = MOST_LINES) -> list[Row | str]:
    """The highest participation first, then those for whom no transactions were told, by name; remarks as in `by_share`."""
    rows = list(rows)
    told = sorted((row for row in rows if row.count.participation is not None), key=lambda row: -(row.count.participation or 0))
    untold = [row for row in rows if row.count.participation is None]
    if len(rows) <= most:
        return [*told, *untold]
    lines: list[Row | str] = [*shortened(told, most)]
    return [*lines, f"và {number(len(untold))} dòng chưa có số hồ sơ"] if untold else lines


def shortened(rows: Sequence[Row], most: int) -> list[Row | str]:
    """The rows, or as many from both ends, with a remark of what was left out between them."""
    if len(rows) <= most:
        return [*rows]
    half = most // 2
    return [*rows[:half], f"… {number(len(rows) - 2 * half)} dòng ở giữa: xem bảng …", *rows[-half:]]


def line(row: Row | str) -> Line:
    """A row as it is drawn."""
    return Line(row, None) if isinstance(row, str) else Line(plain(row.name), row.count)
