"""A table of results as a file: Excel, or CSV for programs (commas, decimal points, UTF-8)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import xlsxwriter

from server.results.cells import Value
from server.results.tables import Line, Table

XLSX, CSV = "xlsx", "csv"
TYPES = {XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CSV: "text/csv; charset=utf-8"}
_WIDEST = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a program of tables would calculate what begins so


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
    """The table for programs. Text that a program of tables would take for a formula gets an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(headings(table))
    for row in rows(table):
        writer.writerow([f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value for value in row])
    return file.getvalue().encode("utf-8-sig")


def as_workbook(table: Table, about: About) -> bytes:
    """The table for people: what it is about over it, numbers as numbers, ready to print on A4."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("Kết quả")
        font = {"font_name": "Arial", "font_size": 11, "valign": "top"}
        title = workbook.add_format({**font, "bold": True, "font_size": 14})
        plain = workbook.add_format(font)
        head = workbook.add_format({**font, "bold": True, "text_wrap": True, "bottom": 2})
        style = cache(lambda form, **more: workbook.add_format({**font, **more, "num_format": form}))
        sheet.write_string(0, 0, f"{about.unit}: {table.caption}", title)
        sheet.write_string(1, 0, f"Kỳ: {about.period}. Lập lúc {about.at:%H:%M ngày %d/%m/%Y} bởi {about.who}.", plain)
        top = 3
        names, body = headings(table), rows(table)
        formats = [name for column in table.columns for name in column.kind.formats]
        for place, name in enumerate(names):
            sheet.write_string(top, place, name, head)
        for down, row in enumerate(body, top + 1):
            last = {"bold": True, "top": 1} if table.foot and down == top + len(body) else {}
            for place, value in enumerate(row):
                shown = style(formats[place], **last)
                if isinstance(value, str):
                    sheet.write_string(down, place, value, shown)
                elif value is None:
                    sheet.write_blank(down, place, None, shown)
                else:
                    sheet.write_number(down, place, value, shown)
        for place, name in enumerate(names):
            longest = max([12, len(name) // 2, *(len(str(row[place])) for row in body if isinstance(row[place], str))])
            sheet.set_column(place, place, min(_WIDEST, longest + 2))
        for down, note in enumerate(about.notes, top + len(body) + 2):
            sheet.write_string(down, 0, note, plain)
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RTrang &P/&N")
        workbook.set_properties({"title": table.caption, "author": about.who, "created": about.at.replace(tzinfo=None)})
    return file.getvalue()


def _values(line: Line) -> list[Value]:
    return [value for cell in line.cells for value in cell.values]
