"""When citizens come: votes by hour and weekday. Pure."""

from dataclasses import dataclass

from server.results.charts import words
from server.results.charts.size import NOTHING_HEIGHT, Width
from server.results.counts import Count
from server.results.templatetags.vietnamese import number

HEAD = 28  # of the line of labels above the cells
FOOT = 30  # says what the counts are
CELL = {Width.PHONE: 32, Width.HALF: 36, Width.FULL: 40}
_WORKDAYS = 5


@dataclass(frozen=True)
class Moment:
    """An hour (0 to 23) of a weekday (0: Monday), and its votes."""

    weekday: int
    hour: int
    count: Count

    def says(self) -> str:
        """Thứ Hai, 9 giờ: 57 lượt, 53 hài lòng, 4 không hài lòng."""
        return f"{words.WEEKDAYS[self.weekday]}, {self.hour} giờ: {words.votes(self.count)}"


@dataclass(frozen=True)
class Week:
    """Those hours of the week that have votes. when: the period in words."""

    when: str
    moments: list[Moment]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.moments

    @property
    def hours(self) -> list[int]:
        """Those that occur."""
        return sorted({one.hour for one in self.moments})

    @property
    def weekdays(self) -> list[int]:
        """Monday to Friday, and of the weekend what occurs."""
        return sorted({*range(_WORKDAYS), *(one.weekday for one in self.moments)})

    def height(self, width: Width) -> int:
        """Of the picture: on a phone the hours are its lines, else the weekdays."""
        if self.empty:
            return NOTHING_HEIGHT
        return HEAD + FOOT + CELL[width] * len(self.hours if width is Width.PHONE else self.weekdays)

    def sentence(self) -> str:
        """What the picture shows."""
        if self.empty:
            return f"{words.NOTHING}, {self.when}."
        most = max(self.moments, key=lambda one: one.count.n)
        return words.sentence(
            [
                f"Số lượt theo giờ trong tuần, {self.when}: {number(sum(one.count.n for one in self.moments))} lượt",
                f"đông nhất {words.WEEKDAYS[most.weekday]} lúc {most.hour} giờ: {number(most.count.n)} lượt",
            ]
        )
