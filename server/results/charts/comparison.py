"""Two periods side by side. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.results.charts import words
from server.results.charts.lines import MOST_LINES, Line, by_share, line
from server.results.charts.size import NOTHING_HEIGHT, Width
from server.results.counts import Count, Row

WHOLE = "Cả đơn vị"
FOOT = 32  # the scale
_MOST = MOST_LINES // 2


@dataclass(frozen=True)
class Comparison:
    """Shares of two periods: first the whole's, then of officers, counters or units. now, then: the periods in words."""

    now: str
    then: str
    lines: list[Line]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any((line.count and line.count.n) or (line.then and line.then.n) for line in self.lines)

    def height(self, width: Width) -> int:
        """Of the picture."""
        return NOTHING_HEIGHT if self.empty else head(width) + len(self.lines) * pitch(width) + FOOT

    def says(self, line: Line) -> str:
        """A line as a sentence."""
        if line.count is None or line.then is None:
            return line.name
        return f"{line.name}: {self.now} {words.share(line.count)}; {self.then} {words.share(line.then)}"

    def sentence(self) -> str:
        """What the picture shows."""
        if self.empty:
            return f"{words.NOTHING}, {self.now} và {self.then}."
        return f"So sánh tỷ lệ hài lòng. {self.says(self.lines[0])}."


def head(width: Width) -> int:
    """The height of what says which period is which: on a phone one below the other."""
    return 60 if width is Width.PHONE else 34


def pitch(width: Width) -> int:
    """The height of a line: two intervals, on a phone with the name above them."""
    return 88 if width is Width.PHONE else 62


def compare(now: tuple[str, Iterable[Row], Count], then: tuple[str, Iterable[Row], Count]) -> Comparison:
    """Two periods, each as its name, its rows and the whole's count; whoever has no row in one was not rated in it."""
    (now_words, now_rows, now_whole), (then_words, then_rows, then_whole) = now, then
    before = {row.key: row for row in then_rows}
    rows = [row for row in now_rows if row.key or row.count.n]  # nobody's transactions have no share
    keys = {row.key for row in rows}
    rows += [Row(row.key, row.name, Count()) for row in before.values() if row.key not in keys and (row.key or row.count.n)]
    lines = [Line(WHOLE, now_whole, then_whole)]
    for row in by_share(rows, _MOST):
        drawn = line(row)
        lines.append(
            drawn if isinstance(row, str) else Line(drawn.name, drawn.count, before[row.key].count if row.key in before else Count())
        )
    return Comparison(now_words, then_words, lines)
