"""Shares one below another, each with its interval, beside that of the whole. Pure."""

from dataclasses import dataclass

from server.results.charts import words
from server.results.charts.lines import Line, height_of
from server.results.charts.size import NOTHING_HEIGHT, Width
from server.results.counts import Count
from server.results.templatetags.vietnamese import number

HEAD = 30  # the name of the reference line
FOOT = 32  # the scale


@dataclass(frozen=True)
class Intervals:
    """The shares of officers, counters or units, and of all together. when: the period in words."""

    when: str
    lines: list[Line]
    whole: Count

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.lines or not self.whole.n

    def height(self, width: Width) -> int:
        """Of the picture."""
        return NOTHING_HEIGHT if self.empty else HEAD + len(self.lines) * height_of(width) + FOOT

    def says(self, line: Line) -> str:
        """A line as a sentence."""
        return f"{line.name}: {words.share(line.count)}" if line.count else line.name

    def sentence(self) -> str:
        """What the picture shows."""
        if self.empty:
            return f"{words.NOTHING}, {self.when}."
        rated = [line for line in self.lines if line.count and line.count.share]
        few = sum(1 for line in self.lines if line.count and not line.count.share)
        return words.sentence(
            [
                f"Tỷ lệ hài lòng, {self.when}: cả đơn vị {words.share(self.whole)}",
                f"cao nhất {self.says(rated[0])}" if rated else "",
                f"thấp nhất {self.says(rated[-1])}" if len(rated) > 1 else "",
                f"{number(few)} dòng chưa đủ dữ liệu" if few else "",
            ]
        )
