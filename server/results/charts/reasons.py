"""Which reasons citizens gave, ranked. Pure."""

from dataclasses import dataclass

from server.results.charts import words
from server.results.charts.size import NOTHING_HEIGHT, Width
from server.results.templatetags.vietnamese import number

MOST_REASONS = 15
NO_REASON = "Chưa có lý do nào"


@dataclass(frozen=True)
class Given:
    """A reason, and how often it was given."""

    words: str
    times: int

    def says(self) -> str:
        """Chờ lâu: 31 lần."""
        return f"{self.words}: {number(self.times)} lần"


@dataclass(frozen=True)
class Reasons:
    """Reasons that were given after one answer, the most frequent first; those beyond `MOST_REASONS` together as the last.

    when: the period in words. satisfied: whether it was the good answer.
    """

    when: str
    satisfied: bool
    given: list[Given]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.given

    def height(self, width: Width) -> int:
        """Of the picture."""
        return NOTHING_HEIGHT if self.empty else len(self.given) * pitch(width)

    def sentence(self) -> str:
        """What the picture shows."""
        answer = "hài lòng" if self.satisfied else "không hài lòng"
        if self.empty:
            return f"{NO_REASON} khi {answer}, {self.when}."
        return words.sentence([f"Lý do khi {answer}, {self.when}: {', '.join(one.says() for one in self.given[:3])}"])


def pitch(width: Width) -> int:
    """The height of a line: on a phone the words stand above the bar."""
    return 58 if width is Width.PHONE else 38


def most(given: list[Given]) -> list[Given]:
    """Those that are drawn, the rarest together as one."""
    if len(given) <= MOST_REASONS:
        return given
    rest = given[MOST_REASONS - 1 :]
    return [*given[: MOST_REASONS - 1], Given(f"{number(len(rest))} lý do khác", sum(one.times for one in rest))]
