"""A month of a commune and of its province for reports, and what is read back out of each form of a report."""

import io
import random
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl

from server.places.models import Counter, Officer, Unit
from server.reports.content import Report, lines_of, written
from server.reports.excel import TOP
from server.results.cells import Cell, Value
from server.results.downloads import rows
from server.results.period import Kind, containing
from tests.server.charted import reasoned, told, voted

OCTOBER = containing(Kind.MONTH, date(2026, 10, 1))
Texts = list[list[str]]


def place(name: str, parent: Unit | None = None, people: Sequence[str] = ("Trần Quốc Bảo", "Lê Hoàng Phúc", "Phạm Thu Thảo")) -> Unit:
    """A commune with a counter for each of the people."""
    unit = Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=parent)
    for number, who in enumerate(people, 1):
        officer = Officer.objects.create(unit=unit, name=who, title="Công chức")
        Counter.objects.create(unit=unit, name=f"Quầy {number}", on_duty=officer)
    return unit


def month(unit: Unit, chance: random.Random, days: int = 8) -> None:
    """Votes, transactions and reasons of some days of October 2026, and of one day before."""
    counters = list(unit.counters.order_by("name"))
    for day in [OCTOBER.first - timedelta(days=3), *sorted(chance.sample([OCTOBER.first + timedelta(days=n) for n in range(31)], days))]:
        for counter in counters:
            good, bad = chance.randrange(14), chance.choice((0, 0, 0, 1, 4))
            voted(unit, day, good, bad, counter.pk, counter.on_duty_id or "", hour=8 + counters.index(counter))
            if chance.random() < 0.8:
                told(unit, day, good + bad + chance.randrange(9), counter.pk)
    for reason in ("waiting", "attitude", "friendly", "late"):
        if times := chance.choice((0, 3, 40)):
            reasoned(unit, reason, times, OCTOBER.first)


def described(report: Report) -> dict[str, list[list[Cell]]]:
    """The cells of a report, by table."""
    return {block.table.table.name: [list(line.cells) for line in lines_of(block.table)] for block in report.blocks}


def texts(report: Report) -> dict[str, Texts]:
    """What stands in its cells, by table."""
    return {block.table.table.name: written(block.table) for block in report.blocks}


def values(report: Report) -> dict[str, list[list[Value]]]:
    """What its cells are for machines, by table."""
    return {
        block.table.table.name: [[None if value == "" else value for value in line] for line in rows(block.table.table)]
        for block in report.blocks
    }


def in_word(file: bytes, report: Report) -> dict[str, Texts]:
    """The tables of the Word file, without their heads and without the head and the signature of the paper."""
    tables = docx.Document(io.BytesIO(file)).tables[1:-1]
    found = [[[cell.text for cell in row.cells] for row in table.rows][1:] for table in tables]
    return dict(zip([block.table.table.name for block in report.blocks], found, strict=True))


def words_of(file: bytes) -> str:
    """All text of the Word file."""
    document = docx.Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def in_excel(file: bytes, report: Report) -> dict[str, list[list[Value]]]:
    """The tables of the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    found: dict[str, list[list[Value]]] = {}
    for block in report.blocks:
        wide = sum(len(column.kind.headings) for column in block.table.table.columns)
        high = len(lines_of(block.table))
        lines = book[block.label].iter_rows(min_row=TOP + 2, max_row=TOP + 1 + high, max_col=wide, values_only=True)
        found[block.table.table.name] = [list(line) for line in lines] if high else []  # type: ignore[arg-type]
    return found


def in_answer(answer: dict[str, Any]) -> dict[str, list[list[Value]]]:
    """The tables of the API's answer."""
    tables = [table for chapter in answer["chapters"] for table in chapter["tables"]]
    return {
        table["name"]: [
            [None if value == "" else value for value in line["values"]]
            for line in (*table["lines"], *([table["total"]] if table["total"] else []))
        ]
        for table in tables
    }


def on_page(html: str) -> dict[str, Texts]:
    """The tables of the page, without their heads."""
    reader = _Tables()
    reader.feed(html)
    return reader.tables


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, Texts] = {}
        self._name, self._body, self._cell = "", False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._name = (given.get("id") or "").removeprefix("bang-")
            self.tables[self._name] = []
        self._body = self._body or tag in ("tbody", "tfoot")
        if self._name and self._body and tag == "tr":
            self.tables[self._name].append([])
        if self._name and self._body and tag in ("td", "th"):
            self._cell = True
            self.tables[self._name][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tbody", "tfoot"):
            self._body = False
        if tag in ("td", "th"):
            self._cell = False
        if tag == "table":
            self._name = ""

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[self._name][-1][-1] += data


def numbers(text: str) -> list[float]:
    """The numbers that a Vietnamese reader reads in it."""
    found = re.findall(r"(?<![\w.,])([−+]?)(\d+(?:\.\d{3})*(?:,\d+)?)(?![\d/]*/\d{4})", unescape(text))
    return [float(digits.replace(".", "").replace(",", ".")) * (-1 if sign == "−" else 1) for sign, digits in found]


def plain(values: Iterable[Value], *, percent: bool) -> list[float]:
    """The numbers among what a cell is for machines; shares in percent."""
    return [
        float(value) * (100 if percent and isinstance(value, float) else 1)
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
