"""A table whose parts add up, or none: what a report shows in any form is made of these. Pure.

Official tables were published in which the units' numbers did not make the province's, nor the percents hundred. Here such a table
cannot be made: whoever tries gets `UnsoundError`, and so no page, file or answer with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.results.cells import Cell, Interval, Measure, Number, Part, Participation
from server.results.counts import Count
from server.results.statistics import MINIMUM_N, tenths
from server.results.tables import Line, Table

WHOLE = 1000  # tenths of a percent


class UnsoundError(ValueError):
    """The table contradicts itself; says where, in Vietnamese."""


@dataclass(frozen=True)
class Sound:
    """A table that was examined. Raises `UnsoundError` when it is made of one that

    - has another number in its last line than its lines make together: of votes, parts, transactions, points;
    - has parts of a line, side by side, that do not make the line's number, or parts of a column (where there is one such column) that
      do not make the column's;
    - has percents that are not those of its counts, by largest remainder, together 100.0; or any where there are too few to say.
    """

    table: Table

    def __post_init__(self) -> None:
        """Examine it."""
        table = self.table
        for line in (*table.lines, *([table.foot] if table.foot else [])):
            if [type(cell) for cell in line.cells] != [column.kind for column in table.columns]:
                raise UnsoundError(f"{table.caption}: dòng “{line.key}” không đúng các cột.")
            _across(table, line)
        if table.foot:
            for place in range(len(table.columns)):
                _together(table, place, [line.cells[place] for line in table.lines], table.foot.cells[place])
        _down(table)


def _across(table: Table, line: Line) -> None:
    """The parts of a line."""
    numbers = [cell.value for cell in line.cells if isinstance(cell, Number)]
    parts = [cell for cell in line.cells if isinstance(cell, Part)]
    if any(value < 0 for value in (*numbers, *(part.value for part in parts))):
        raise UnsoundError(f"{table.caption}: dòng “{line.key}” có số âm.")
    if len(parts) < 2:
        return
    if not numbers or sum(part.value for part in parts) != numbers[0]:
        raise UnsoundError(f"{table.caption}: dòng “{line.key}” có các phần không cộng thành tổng.")
    _percents(table, f"dòng “{line.key}”", parts)
    for cell in line.cells:
        if isinstance(cell, Interval | Participation) and [cell.count.satisfied, cell.count.dissatisfied] != [one.value for one in parts]:
            raise UnsoundError(f"{table.caption}: dòng “{line.key}” có khoảng tin cậy hoặc tỷ lệ tham gia của số khác.")
        if isinstance(cell, Participation) and cell.count.rated > cell.count.n:
            raise UnsoundError(f"{table.caption}: dòng “{line.key}” có số lượt tính tham gia nhiều hơn số lượt.")


def _down(table: Table) -> None:
    """The parts of a column."""
    places = [place for place, column in enumerate(table.columns) if column.kind is Part]
    if len(places) != 1:
        return
    [place] = places
    parts = [cell for line in table.lines if isinstance(cell := line.cells[place], Part)]
    foot = table.foot.cells[place] if table.foot else None
    if not isinstance(foot, Part):
        raise UnsoundError(f"{table.caption}: thiếu dòng tổng.")
    _percents(table, f"cột “{table.columns[place].label}”", parts)
    if foot.percent != (100.0 if foot.value >= MINIMUM_N else None):
        raise UnsoundError(f"{table.caption}: tổng phần trăm không phải là 100.")


def _percents(table: Table, where: str, parts: Sequence[Part]) -> None:
    counts = [part.value for part in parts]
    enough = sum(counts) >= MINIMUM_N
    right = tenths(counts)
    for part, tenth in zip(parts, right, strict=True):
        if (None if part.percent is None else round(part.percent * 10, 6)) != (tenth if enough else None):
            raise UnsoundError(f"{table.caption}: {where} có phần trăm không khớp với số đếm.")
    if enough and sum(right) != WHOLE:
        raise UnsoundError(f"{table.caption}: {where} có phần trăm không cộng thành 100.")


def _together(table: Table, place: int, cells: Sequence[Cell], foot: Cell) -> None:
    """The number of the last line, and what the others make together."""
    if _figures(foot) != _sum(cells, foot):
        raise UnsoundError(f"{table.caption}: cột “{table.columns[place].label}” không cộng thành dòng tổng.")


def _sum(cells: Sequence[Cell], foot: Cell) -> object:
    if isinstance(foot, Measure):
        values = [cell.value for cell in cells if isinstance(cell, Measure)]
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) and known else None
    if isinstance(foot, Number | Part):
        return sum(cell.value for cell in cells if isinstance(cell, Number | Part))
    if isinstance(foot, Interval | Participation):
        counts = sum((cell.count for cell in cells if isinstance(cell, Interval | Participation)), Count())
        return _of(counts, foot)
    return None


def _figures(foot: Cell) -> object:
    if isinstance(foot, Measure | Number | Part):
        return foot.value
    return _of(foot.count, foot) if isinstance(foot, Interval | Participation) else None


def _of(count: Count, cell: Interval | Participation) -> tuple[int, ...]:
    votes = count.satisfied, count.dissatisfied
    return votes if isinstance(cell, Interval) else (*votes, count.handled, count.rated)
