"""Participation of officers, counters or units, one below another. Pure."""

from dataclasses import dataclass

from server.results.charts import words
from server.results.charts.lines import Line, height_of
from server.results.charts.size import NOTHING_HEIGHT, Width
from server.results.counts import Count

FOOT = 32  # the scale


@dataclass(frozen=True)
class Participation:
    """Participation of officers, counters or units, and of all together. when: the period in words."""

    when: str
    lines: list[Line]
    whole: Count

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.lines or not (self.whole.n or self.whole.handled)

    def height(self, width: Width) -> int:
        """Of the picture."""
        return NOTHING_HEIGHT if self.empty else len(self.lines) * height_of(width) + FOOT

    def says(self, line: Line) -> str:
        """A line as a sentence."""
        return f"{line.name}: {words.participation(line.count)}" if line.count else line.name

    def sentence(self) -> str:
        """What the picture shows."""
        if self.empty:
            return f"{words.NOTHING}, {self.when}."
        told = [line for line in self.lines if line.count and line.count.participation is not None]
        return words.sentence(
            [
                f"Tỷ lệ tham gia, {self.when}: cả đơn vị {words.participation(self.whole)}",
                f"cao nhất {self.says(told[0])}" if told else "",
                f"thấp nhất {self.says(told[-1])}" if len(told) > 1 else "",
            ]
        )
