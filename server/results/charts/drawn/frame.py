"""Lines one below another: where their names, drawings and figures stand."""

from collections.abc import Callable, Mapping, Sequence

import altair as alt

from server.results.charts.drawn import look
from server.results.charts.size import Width

_NAMES = 0.46  # of the width, at most
_NAME_LINE = 26  # on a phone, above the drawings

Figures = Mapping[tuple[int, int], tuple[str, str]]


class Rows:
    """On a phone a line's name is above its drawings, else on their left.

    head: what is kept free above the lines. names: of the lines; remarks: which of them are but remarks. parts: drawings in a line.
    figures: by line and part, a share and what it is of; they stand at the right end of their drawing, but on a phone a line's only
    share is beside the name.
    """

    def __init__(
        self, width: Width, pitch: int, head: int, names: Sequence[str], figures: Figures, *, parts: int = 1, remarks: Sequence[int] = ()
    ) -> None:
        self._width, self._pitch, self._head, self._parts = width, pitch, head, parts
        self._phone = width is Width.PHONE
        self._apart = self._phone and parts == 1
        self._remarks, self._figures = set(remarks), figures
        ends = [look.length(of if self._apart else f"{share} · {of}", 600) for share, of in figures.values()]
        at_end = max(ends, default=0) + 14 if ends else 0
        self._names = [look.cut(name, self._room(at)) for at, name in enumerate(names)]
        beside = 0 if self._phone else max(look.length(name) for at, name in enumerate(self._names) if at not in self._remarks) + 18
        self.left, self.right = beside + 8, width - 9 - at_end
        self.bottom = head + pitch * len(names)

    def middle(self, at: int, part: int = 0) -> float:
        """Of the drawing of a line, or of one of its drawings that stand one below another."""
        top, lift = (_NAME_LINE, 3) if self._phone else (0, 0)
        return self._head + self._pitch * at + top + (self._pitch - top) * (part + 0.5) / self._parts - lift

    def place(self, value: float, first: float, end: float) -> float:
        """Of a value on the scale."""
        return self.left + (self.right - self.left) * (value - first) / (end - first)

    def axis(self, ticks: Sequence[float], write: Callable[[float], str], end: float) -> tuple[alt.Scale, list[alt.Chart]]:
        """A scale of ticks, from the first to `end`, with lines down and its amounts below; and lines between the lines."""
        scale = alt.Scale(domain=[ticks[0], end], range=[self.left, self.right], nice=False, zero=False)
        places = [(self.place(tick, ticks[0], end), write(tick)) for tick in ticks]
        down = [{"x": x, "y": self._head, "x2": x, "y2": self.bottom + 4} for x, _ in places]
        halves = [look.length(label) / 2 for _, label in places]
        inside = [(min(max(x, half), self._width - half), label) for (x, label), half in zip(places, halves, strict=True)]
        amounts = [{"x": x, "y": self.bottom + 18, "text": label} for x, label in _clear(inside)]
        tops = [self._top(at) + 0.5 for at in range(1, len(self._names))]
        across = [{"x": 0, "y": y, "x2": self._width, "y2": y} for y in tops]
        return scale, [look.lines(down), look.lines(across), look.text(amounts, "center", colour=look.SOFT_INK)]

    def written(self) -> list[alt.Chart]:
        """Names, remarks and figures; on a phone what is behind the names is hidden."""
        names = [{"x": 1, "y": self._name(at), "text": name} for at, name in enumerate(self._names)]
        said = [name for at, name in enumerate(names) if at not in self._remarks]
        remarks = [name for at, name in enumerate(names) if at in self._remarks]
        return [*self._bands(), look.text(said), look.text(remarks, colour=look.SOFT_INK), *self._ends()]

    def instead(self, words: Mapping[tuple[int, int], str]) -> list[alt.Chart]:
        """Words in the place of drawings, by line and part."""
        said = [{"x": self.left, "y": self.middle(at, part), "text": text} for (at, part), text in words.items()]
        return look.backed(said, look.SOFT_INK)

    def touched(self, says: Sequence[str]) -> alt.Chart:
        """Where each line is pointed at: all of it."""
        tops = [(self._top(at) + 1, what) for at, what in enumerate(says)]
        return look.touch([{"x": 0, "y": y, "x2": self._width, "y2": y + self._pitch - 2, "says": what} for y, what in tops])

    def _ends(self) -> list[alt.Chart]:
        end = self._width - 1
        if not self._apart:
            joined = [{"x": end, "y": self.middle(*place), "text": f"{share} · {of}"} for place, (share, of) in self._figures.items()]
            return [look.text(joined, "right", 600)]
        shares = [{"x": end, "y": self._name(at), "text": share} for (at, _), (share, _) in self._figures.items()]
        of = [{"x": end, "y": self.middle(at), "text": of} for (at, _), (_, of) in self._figures.items()]
        return [look.text(shares, "right", 600), look.text(of, "right", colour=look.SOFT_INK)]

    def _bands(self) -> list[alt.Chart]:
        if not self._phone:
            return []
        tops = [self._top(at) + 1 for at in range(len(self._names))]
        return [look.boxes([{"x": 0, "y": y, "x2": self._width, "y2": y + _NAME_LINE - 2} for y in tops], look.SURFACE, None)]

    def _room(self, at: int) -> float:
        if at in self._remarks:
            return self._width - 2
        if not self._phone:
            return self._width * _NAMES
        beside = self._figures.get((at, 0)) if self._apart else None
        return self._width - 2 - (look.length(beside[0], 600) + 12 if beside else 0)

    def _top(self, at: int) -> float:
        return self._head + self._pitch * at

    def _name(self, at: int) -> float:
        return self._top(at) + (_NAME_LINE / 2 if self._phone else self._pitch / 2)


def _clear(places: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """As many of the labels as do not touch one another, the last first."""
    shown: list[tuple[float, str]] = []
    for x, label in reversed(places):
        if not shown or shown[-1][0] - x >= (look.length(label) + look.length(shown[-1][1])) / 2 + 12:
            shown.append((x, label))
    return shown
