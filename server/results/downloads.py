"""A table of results as a file: Excel, or CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.results.cells import Value
from server.results.tables import Line, Table
from server.spreadsheets.writing import CSV_TYPE, EXCEL_TYPE, Workbook, csv_file

XLSX, CSV = "xlsx", "csv"
TYPES = {XLSX: EXCEL_TYPE, CSV: CSV_TYPE}
_WIDEST = 60


@dataclass(frozen=True)
class About:
    """What stands over the table in a workbook."""

    unit: str
    period: str
    at: datetime
    who: str
    notes: Sequence[str]


def headings(table: Table) -> list[str]:
    """The columns' names in a file: a cell that says several things has several."""
    return [f"{column.label}{heading}" for column in table.columns for heading in column.kind.headings]


def rows(table: Table) -> list[list[Value]]:
    """The rows of the file, as they stand on the page, that of all together last."""
    return [_values(line) for line in (*table.lines, *([table.foot] if table.foot else []))]


def as_csv(table: Table) -> bytes:
    """The table alone."""
    return csv_file([headings(table), *rows(table)])


def as_workbook(table: Table, about: About) -> bytes:
    """The table for people: what it is about over it, numbers as numbers, ready to print on A4."""
    made = Workbook(font_name="Arial", font_size=11, valign="top")
    sheet = made.book.add_worksheet("Kết quả")
    made.put(sheet, 0, 0, f"{about.unit}: {table.caption}", bold=True, font_size=14)
    made.put(sheet, 1, 0, f"Kỳ: {about.period}. Lập lúc {about.at:%H:%M ngày %d/%m/%Y} bởi {about.who}.")
    top = 3
    names, body = headings(table), rows(table)
    formats = [name for column in table.columns for name in column.kind.formats]
    for place, name in enumerate(names):
        made.put(sheet, top, place, name, bold=True, text_wrap=True, bottom=2)
    for down, row in enumerate(body, top + 1):
        last = {"bold": True, "top": 1} if table.foot and down == top + len(body) else {}
        for place, value in enumerate(row):
            made.put(sheet, down, place, value, num_format=formats[place], **last)
    for place, name in enumerate(names):
        longest = max([12, len(name) // 2, *(len(str(row[place])) for row in body if isinstance(row[place], str))])
        sheet.set_column(place, place, min(_WIDEST, longest + 2))
    for down, note in enumerate(about.notes, top + len(body) + 2):
        made.put(sheet, down, 0, note)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RTrang &P/&N")
    made.book.set_properties({"title": table.caption, "author": about.who, "created": about.at.replace(tzinfo=None)})
    return made.done()


def _values(line: Line) -> list[Value]:
    return [value for cell in line.cells for value in cell.values]
