"""Tables of results: one description, from which the page, the workbook and the CSV are made, so that they say the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.results.cells import Cell, Order, Satisfied


@dataclass(frozen=True)
class Column:
    """key: what an address calls it, empty where nothing is sorted by it. kind: of its cells, a class of `server.results.cells`.

    falling: whether it is sorted from the highest down when it is first asked for.
    """

    label: str
    kind: type[Cell]
    key: str = ""
    falling: bool = False


@dataclass(frozen=True)
class Line:
    """A line: the id of whom it is about, and its cells. last: it stays at the end however the table is sorted."""

    key: str
    cells: Sequence[Cell]
    last: bool = False


@dataclass(frozen=True)
class Heading:
    """A column as a page shows it. sorted: ascending, descending, or empty; by: what to ask for to sort by it, or empty."""

    label: str
    kind: str
    sorted: str
    by: str


@dataclass(frozen=True)
class Table:
    """name: in addresses. look: how it is laid out, a class of the style sheet. named: the place of the cell that says whom a line
    is about. hook: the attribute that carries a line's key.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    foot: Line | None = None
    order: str = ""
    look: str = ""
    named: int = 0
    hook: str = "row"

    def sorted_by(self, order: str) -> "Table":
        """Sorted by a column's key, falling with a minus before it; unknown orders change nothing. What has no value comes last."""
        key, falling = order.removeprefix("-"), order.startswith("-")
        place = next((at for at, column in enumerate(self.columns) if column.key and column.key == key), None)
        if place is None:
            return self
        there = [line for line in self.lines if not line.last and line.cells[place].order is not None]
        absent = [line for line in self.lines if not line.last and line.cells[place].order is None]
        # Equal ones stay in the order of their names, whichever way.
        there.sort(key=lambda line: _rank_of(line.cells[place].order), reverse=falling)
        return replace(self, lines=[*there, *absent, *(line for line in self.lines if line.last)], order=order)

    @property
    def floor(self) -> float:
        """Where the drawings of its intervals begin: the ten percent below the lowest, so that they can be told apart."""
        lows = [cell.count.share.low for line in self.lines for cell in line.cells if isinstance(cell, Satisfied) and cell.count.share]
        return min(0.9, int(min(lows, default=0) * 10) / 10)

    def unsortable(self) -> "Table":
        """The same without the offer to sort it."""
        return replace(self, columns=[replace(column, key="") for column in self.columns], order="")

    @property
    def headings(self) -> list[Heading]:
        """The columns as a page shows them."""
        return [self._heading(column) for column in self.columns]

    @property
    def body(self) -> list[tuple[Line, list[tuple[str, Cell]]]]:
        """The lines as a page shows them: each cell beside the label of its column."""
        return [self._labelled(line) for line in self.lines]

    @property
    def end(self) -> list[tuple[Line, list[tuple[str, Cell]]]]:
        """The line of all together in the same way, if there is one."""
        return [self._labelled(self.foot)] if self.foot else []

    @property
    def choices(self) -> list[Heading]:
        """The columns that it can be sorted by."""
        return [heading for heading in self.headings if heading.by]

    def _labelled(self, line: Line) -> tuple[Line, list[tuple[str, Cell]]]:
        return line, [(column.label, cell) for column, cell in zip(self.columns, line.cells, strict=True)]

    def _heading(self, column: Column) -> Heading:
        if not column.key:
            return Heading(column.label, column.kind.kind, "", "")
        falling = f"-{column.key}"
        first, second = (falling, column.key) if column.falling else (column.key, falling)
        state = "descending" if self.order == falling else "ascending" if self.order == column.key else ""
        return Heading(column.label, column.kind.kind, state, second if self.order == first else first)


def _rank_of(order: Order) -> tuple[str, tuple[float, ...]]:
    return (order, ()) if isinstance(order, str) else ("", order or ())
