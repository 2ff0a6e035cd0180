"""The call of reports: the tables that the page and the papers have, with the same figures."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from server.problems import ProblemError
from server.reports.building import build
from server.reports.content import Block, Chapter, lines_of
from server.reports.sound import UnsoundError
from server.results.api.answers import Days, UnitName, days, unit_name
from server.results.api.asking import PeriodQuery, asked_period
from server.results.downloads import headings
from server.tokens.call import Asked, Calls, Grant, NoBody

CALLS = Calls("reports")
Value = str | int | float | None


class ReportLine(Struct, frozen=True):
    """A line of a table. values: one for each of the table's columns."""

    key: str
    values: Annotated[list[Value], Meta(description="Shares from 0 to 1; null where there is nothing, or too little to say.")]


class ReportTable(Struct, frozen=True):
    """A table of a report. Its total, where it has one, is the sum of its lines: else there is no report."""

    name: str
    caption: str
    columns: list[str]
    lines: list[ReportLine]
    total: ReportLine | None
    says: Annotated[list[str], Meta(description="What the report says of it, in Vietnamese.")]


class ReportChapter(Struct, frozen=True):
    """A chapter of a report."""

    key: str
    title: str
    says: list[str]
    tables: list[ReportTable]


class Report(Struct, frozen=True):
    """The official report of a unit and a period as things are now, as its page shows it."""

    unit: UnitName
    period: Days
    title: str
    at: Annotated[datetime, Meta(tz=True)]
    chapters: list[ReportChapter]


@CALLS.get("reports/{unit}", Report, grants=[Grant.READS_RESULTS], query=PeriodQuery, problems=["bad-period", "unsound"])
def report(asked: Asked[PeriodQuery, NoBody]) -> Report:
    """The official report of a unit and a period. What citizens sent to leaders alone is in none of its figures."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    try:
        made = build(unit, period, asked.now, waited_for=True)
    except UnsoundError as unsound:
        raise ProblemError("unsound", f"{unsound}") from unsound
    return Report(unit_name(unit), days(period), made.title, made.at.replace(microsecond=0), [_chapter(one) for one in made.chapters])


def _chapter(chapter: Chapter) -> ReportChapter:
    return ReportChapter(chapter.key, chapter.title, list(chapter.says), [_table(block) for block in chapter.blocks])


def _table(block: Block) -> ReportTable:
    table = block.table.table
    lines = [ReportLine(line.key, [value for cell in line.cells for value in cell.values]) for line in lines_of(block.table)]
    total = lines.pop() if table.foot else None
    return ReportTable(table.name, table.caption, headings(table), lines, total, list(block.says))
