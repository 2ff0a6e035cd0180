"""Bars that stand side by side along a period: votes, and participation."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import altair as alt

from server.results.charts import words
from server.results.charts.days import DailyParticipation, Stretch, Votes
from server.results.charts.drawn import look
from server.results.charts.drawn.ticks import amounts
from server.results.charts.size import Width
from server.results.templatetags.vietnamese import number

_TOP, _BELOW, _LEGEND = 12, 24, 34
_BETWEEN_LABELS = 14


def votes(data: Votes, width: Width) -> alt.LayerChart:
    """Satisfied votes, and on top of them the dissatisfied ones."""
    height = data.height(width)
    ticks = amounts(max(one.count.n for one in data.stretches))
    frame = _Frame(data.stretches, width, height, ticks, number)
    good = [{"at": at, "from": 0, "to": one.count.satisfied} for at, one in enumerate(data.stretches) if one.count.satisfied]
    bad = [{"at": at, "from": one.count.satisfied, "to": one.count.n} for at, one in enumerate(data.stretches) if one.count.dissatisfied]
    says = [f"{one.says}: {words.votes(one.count)}" if one.count.n else "" for one in data.stretches]
    legend = look.legend([(look.SATISFIED, "hài lòng"), (look.HATCHED, "không hài lòng")], 0, height - 12)
    bars = [frame.bars(good, look.SATISFIED), frame.bars(bad, look.HATCHED)]
    return look.picture([*frame.behind(), *bars, *legend, look.touch(frame.touched(says))], width, height)


def participation(data: DailyParticipation, width: Width) -> alt.LayerChart:
    """Participation; where votes came but no transactions were told, an empty frame."""
    height = data.height(width)
    highest = max((one.count.participation or 0 for one in data.stretches), default=0)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0] if highest <= 1 else [tick / 100 for tick in amounts(round(highest * 100))]
    frame = _Frame(data.stretches, width, height, ticks, lambda tick: f"{number(round(tick * 100))}\u00a0%")
    known = [{"at": at, "from": 0, "to": one.count.participation} for at, one in enumerate(data.stretches) if one.count.participation]
    unknown = [at for at, one in enumerate(data.stretches) if one.count.n and one.count.participation is None]
    says = [f"{one.says}: {words.participation(one.count)}" if one.count.n or one.count.handled else "" for one in data.stretches]
    empty = look.boxes([frame.box(at) for at in unknown], look.SURFACE, look.SOFT_INK, dash=(3, 3))
    legend = [(look.DEEP_TEAL, "tham gia"), *([("", words.NOT_TOLD)] if unknown else [])]
    layers = [*frame.behind(), empty, frame.bars(known, look.DEEP_TEAL), *look.legend(legend, 0, height - 12)]
    return look.picture([*layers, look.touch(frame.touched(says))], width, height)


class _Frame:
    """The amounts on the left, the stretches below, and where each bar stands."""

    def __init__(self, stretches: Sequence[Stretch], width: Width, height: int, ticks: Sequence[float], write: Callable[..., str]) -> None:
        self._stretches = stretches
        self._labels = [(tick, write(tick)) for tick in ticks]
        self.left = max(look.length(label) for _, label in self._labels) + 10
        self._right, self._bottom = width - 4, height - _BELOW - _LEGEND
        self._pitch = (self._right - self.left) / len(stretches)
        self._thick = min(self._pitch * 0.72, 48)
        self._scale = alt.Scale(domain=[0, ticks[-1]], range=[self._bottom, _TOP], nice=False)
        self._highest = ticks[-1]

    def middle(self, at: int) -> float:
        """Of a bar."""
        return self.left + (at + 0.5) * self._pitch

    def behind(self) -> list[alt.Chart]:
        """Lines across, amounts, and the labels for which there is room."""
        heights = [(self._bottom - (self._bottom - _TOP) * tick / self._highest, label) for tick, label in self._labels]
        across = [{"x": self.left, "y": y, "x2": self._right, "y2": y} for y, _ in heights]
        amounts_text = look.text([{"x": self.left - 8, "y": y, "text": label} for y, label in heights], "right", colour=look.SOFT_INK)
        below = []
        for at in self._labelled():
            label = self._stretches[at].label
            half = look.length(label) / 2
            below.append({"x": min(max(self.middle(at), half), self._right + 4 - half), "y": self._bottom + 15, "text": label})
        base = [{"x": self.left, "y": self._bottom, "x2": self._right, "y2": self._bottom}]
        return [
            look.lines(across[1:]),
            look.lines(base, look.INK, look.STROKE),
            amounts_text,
            look.text(below, "center", colour=look.SOFT_INK),
        ]

    def bars(self, values: look.Values, fill: str) -> alt.Chart:
        """Of a bar each: number `at`, amounts `from` and `to`."""
        placed = [{**value, "x": self.middle(value["at"])} for value in values]
        mark = {"type": "bar", "width": self._thick, "fill": fill, "stroke": look.INK, "strokeWidth": min(look.STROKE, self._thick / 6)}
        start = alt.Y(field="from", type="quantitative", scale=self._scale, axis=None)
        return look.layer(placed, mark, y=start, y2=alt.Y2(field="to"))

    def box(self, at: int) -> dict[str, float]:
        """The place of a bar, in its whole height."""
        half = self._thick / 2
        return {"x": self.middle(at) - half, "y": _TOP, "x2": self.middle(at) + half, "y2": self._bottom}

    def touched(self, says: Sequence[str]) -> look.Values:
        """Where each bar is pointed at: the whole height of the picture, for those that say anything."""
        half = self._pitch / 2
        return [
            {"x": self.middle(at) - half, "y": _TOP, "x2": self.middle(at) + half, "y2": self._bottom, "says": what}
            for at, what in enumerate(says)
            if what
        ]

    def _labelled(self) -> range | list[int]:
        """Which stretches are labelled: all, or each Monday, or as many as there is room for."""
        widest = max(look.length(one.label) for one in self._stretches) + _BETWEEN_LABELS
        if widest <= self._pitch or len(self._stretches) == 1:
            return range(len(self._stretches))
        step = int(-(-widest // self._pitch))
        first = [one.first for one in self._stretches]
        if first[0] is not None and first[1] == first[0] + timedelta(days=1):
            mondays = [at for at, day in enumerate(first) if day is not None and day.weekday() == 0]
            return mondays[:: -(-step // 7)] or range(0, len(self._stretches), step)
        return range(0, len(self._stretches), step)
