"""What a report says: one description, from which the page, Word, Excel and the API are made, so that they say the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from server.places.models import Unit
from server.reports.said import said
from server.reports.sound import Sound
from server.results.cells import Compared
from server.results.period import Kind, Period
from server.results.tables import Line

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
KINDS = {
    Kind.DAY: "Báo cáo ngày",
    Kind.WEEK: "Báo cáo tuần",
    Kind.MONTH: "Báo cáo tháng",
    Kind.QUARTER: "Báo cáo quý",
    Kind.YEAR: "Báo cáo năm",
}


class Chart(StrEnum):
    """How a workbook draws a table."""

    STACKED = "stacked"  # satisfied and dissatisfied votes of each line, a column each
    SHARES = "shares"  # the satisfied in percent, a bar each, with n
    TIMES = "times"  # the parts of the column, a bar each


@dataclass(frozen=True)
class Block:
    """A table with what is said of it. label: a few words, its sheet's name in a workbook; says: before it; notes: how to read it.

    lasting: its figures are those of the period, whenever they are asked for.
    """

    label: str
    table: Sound
    says: Sequence[str] = ()
    notes: Sequence[str] = ()
    chart: Chart | None = None
    lasting: bool = True


@dataclass(frozen=True)
class Chapter:
    """key: in addresses of the page and in the API."""

    key: str
    title: str
    blocks: Sequence[Block] = ()
    says: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    """at: when it was made, on the unit's clocks. called: the unit's name at the end of the period."""

    unit: Unit
    called: str
    period: Period
    at: datetime
    chapters: Sequence[Chapter]

    @property
    def title(self) -> str:
        """What it is about, without the kind of paper."""
        return f"Kết quả đánh giá mức độ hài lòng của người dân {self.period}"

    @property
    def state(self) -> str:
        """Until when it counts where the period is not over, else empty."""
        return f"Số liệu tính đến {self.at:%H:%M} ngày {self.at:%d/%m/%Y}." if self.at.date() <= self.period.last else ""

    @property
    def numbered(self) -> list[tuple[str, Chapter]]:
        """The chapters with their numbers."""
        return list(zip(ROMAN, self.chapters, strict=False))

    @property
    def blocks(self) -> list[Block]:
        """All blocks in their order."""
        return [block for chapter in self.chapters for block in chapter.blocks]


class Change(NamedTuple):
    """A figure that is another one now. where: table, line and column in words; empty values for what was not there."""

    where: str
    before: str
    now: str


def figures(report: Report) -> dict[str, list[str]]:
    """The lasting figures of a report: by table, line and column, what these are called and what stands there."""
    kept: dict[str, list[str]] = {}
    for block in report.blocks:
        table = block.table.table
        for line in lines_of(block.table) if block.lasting else ():
            for place, (column, cell) in enumerate(zip(table.columns, line.cells, strict=True)):
                if place != table.named:
                    where = f"{block.label} · {said(line.cells[table.named])} · {column.label}"
                    kept[f"{table.name}/{line.key}/{place}"] = [where, said(cell)]
    return kept


def changes(before: dict[str, list[str]], now: dict[str, list[str]]) -> list[Change]:
    """What differs between the figures of two reports of the same unit and period."""
    found = []
    for key in dict.fromkeys([*now, *before]):
        was, is_now = before.get(key, ["", ""]), now.get(key, ["", ""])
        if was[1] != is_now[1]:
            found.append(Change(is_now[0] or was[0], was[1], is_now[1]))
    return found


def lines_of(table: Sound) -> list[Line]:
    """The lines, and that of all together last."""
    return [*table.table.lines, *([table.table.foot] if table.table.foot else [])]


def written(table: Sound) -> list[list[str]]:
    """What stands in the cells of these, for people; in the line of all together nothing is compared."""
    foot = table.table.foot
    return [["" if line is foot and isinstance(cell, Compared) else said(cell) for cell in line.cells] for line in lines_of(table)]
