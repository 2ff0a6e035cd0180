"""A period cut into days, weeks or months: the votes of each, and participation. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server.results.charts import words
from server.results.charts.size import NOTHING_HEIGHT, Width
from server.results.counts import Count, Row, total
from server.results.period import Kind, Period
from server.results.templatetags.vietnamese import number, percent

MOST_DAYS = 45  # more are drawn as weeks
MOST_WEEKS = 30  # more are drawn as months
_HEIGHTS = {Width.PHONE: 250, Width.HALF: 270, Width.FULL: 300}


@dataclass(frozen=True)
class Stretch:
    """What one bar stands for. label: below it; says: in a sentence; first: its first day, or None where it is an hour."""

    label: str
    says: str
    first: date | None
    count: Count


@dataclass(frozen=True)
class Votes:
    """Satisfied and dissatisfied votes of each stretch of a period, all stretches in their order. when: the period in words."""

    when: str
    stretches: list[Stretch]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(one.count.n for one in self.stretches)

    def height(self, width: Width) -> int:
        """Of the picture."""
        return NOTHING_HEIGHT if self.empty else _HEIGHTS[width]

    def sentence(self) -> str:
        """What the picture shows."""
        if self.empty:
            return f"{words.NOTHING}, {self.when}."
        whole = _whole(self.stretches)
        most = max(self.stretches, key=lambda one: one.count.n)
        good = words.satisfied(whole)
        return words.sentence(
            [
                f"Số lượt đánh giá, {self.when}: {words.votes(whole)}",
                f"{good} hài lòng" if good else "",
                f"nhiều nhất {_lowered(most.says)}: {number(most.count.n)} lượt",
            ]
        )


@dataclass(frozen=True)
class DailyParticipation:
    """Participation in each stretch of a period; one without transactions is unknown, never 0."""

    when: str
    stretches: list[Stretch]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw: no votes and no transactions."""
        return not any(one.count.n or one.count.handled for one in self.stretches)

    def height(self, width: Width) -> int:
        """Of the picture."""
        return NOTHING_HEIGHT if self.empty else _HEIGHTS[width]

    def sentence(self) -> str:
        """What the picture shows."""
        if self.empty:
            return f"{words.NOTHING}, {self.when}."
        told = [one for one in self.stretches if one.count.participation is not None]
        untold = sum(1 for one in self.stretches if one.count.n and one.count.participation is None)
        least = min(told, key=lambda one: one.count.participation or 0, default=None)
        return words.sentence(
            [
                f"Tỷ lệ tham gia, {self.when}: {words.participation(_whole(self.stretches))}",
                f"thấp nhất {_lowered(least.says)}: {percent(least.count.participation or 0)}\u00a0%" if least else "",
                f"{number(untold)} cột {words.NOT_TOLD}" if untold else "",
            ]
        )


def stretches(period: Period, counts: Mapping[date, Count]) -> list[Stretch]:
    """The period cut into days, into weeks where those were too many, or else into months, with what was counted in each."""
    if period.days <= MOST_DAYS:
        return [Stretch(f"{day:%d/%m}", words.on(day), day, counts.get(day, Count())) for day in _days(period.first, period.last)]
    cuts = _cuts(period, weekly=period.kind is not Kind.YEAR and period.days <= 7 * MOST_WEEKS)
    found = []
    for first, last in cuts:
        count = sum((counts.get(day, Count()) for day in _days(first, last)), Count())
        if period.kind is Kind.YEAR:
            found.append(Stretch(f"T{first.month}", f"Tháng {first.month}/{first.year}", first, count))
        elif period.days <= 7 * MOST_WEEKS:
            found.append(Stretch(f"{first:%d/%m}", f"Từ {first:%d/%m} đến {last:%d/%m}", first, count))
        else:
            found.append(Stretch(f"{first:%m/%Y}", f"Tháng {first.month}/{first.year}", first, count))
    return found


def hours(counts: Mapping[int, Count]) -> list[Stretch]:
    """One day cut into the hours from the first to the last that was counted."""
    if not counts:
        return []
    return [Stretch(f"{hour}h", f"{hour} giờ", None, counts.get(hour, Count())) for hour in range(min(counts), max(counts) + 1)]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _cuts(period: Period, *, weekly: bool) -> Iterator[tuple[date, date]]:
    first = period.first
    while first <= period.last:
        if weekly:
            last = first + timedelta(days=6 - first.weekday())
        else:
            last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        yield first, min(last, period.last)
        first = last + timedelta(days=1)


def _whole(stretches: Iterable[Stretch]) -> Count:
    return total(Row("", "", one.count) for one in stretches)


def _lowered(says: str) -> str:
    return says if says.startswith(("Thứ", "Chủ")) else says[:1].lower() + says[1:]
