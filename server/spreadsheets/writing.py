"""Tables as files for people: CSV as Excel opens it in Vietnam, and workbooks. No text in them is ever taken for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from server.spreadsheets.cells import defused, is_formula

__all__ = ["CSV_TYPE", "EXCEL_TYPE", "Chart", "Value", "Workbook", "Worksheet", "csv_file", "csv_lines"]

CSV_TYPE = "text/csv; charset=utf-8"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | int | float | date | None


class _Line:
    """What `csv` writes into: gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The lines of a CSV file, one by one as the rows come; the first begins with the mark by which Excel knows UTF-8.

    Semicolons between cells and commas in decimals, as Excel expects them where Windows is Vietnamese.
    """
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    mark = "\ufeff"
    for row in rows:
        yield mark + str(writer.writerow([_said(cell) for cell in row]))
        mark = ""


def csv_file(rows: Iterable[Sequence[Value]]) -> bytes:
    """The same at once."""
    return "".join(csv_lines(rows)).encode()


def _said(cell: Value) -> str:
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell).replace(".", ",")


class Workbook:
    """A workbook in the making. look: of every cell, in xlsxwriter's words for formats."""

    def __init__(self, **look: object) -> None:
        """Begins an empty one."""
        self._out = BytesIO()
        self._look = look
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self.book = xlsxwriter.Workbook(self._out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})

    def look(self, **look: object) -> Format:
        """A format that has this beside what every cell has."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**self._look, **look})
        return self._formats[key]

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, **look: object) -> None:
        """Write a cell as what it is: text, a number, a day, or nothing but its look. Text stays text also when somebody edits it."""
        if isinstance(value, str) and value:
            quoted = {"quote_prefix": True} if is_formula(value) else {}
            sheet.write_string(row, column, value, self.look(**look, **quoted))
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 – a day has no zone
            sheet.write_datetime(row, column, moment, self.look(**{"num_format": "dd/mm/yyyy", "align": "left", **look}))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.look(**look))
        else:
            sheet.write_blank(row, column, None, self.look(**look))

    def done(self) -> bytes:
        """The file; nothing more can be written."""
        self.book.close()
        return self._out.getvalue()
