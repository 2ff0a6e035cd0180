"""Tables as files for people: workbooks, and CSV as Excel reads it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from server.transactions.workbook import FORMULA, MAX_ROWS, shown


def as_workbook(rows: Iterable[Sequence[Any]], columns: Sequence[str], *, lists: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook with these columns. Dates are dates; lists: what may be chosen in a column, by its name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("Số hồ sơ"), book.add_format({"bold": True, "bottom": 1})
        dates = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        sheet.write_row(0, 0, columns, bold)
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, datetime(cell.year, cell.month, cell.day), dates)  # noqa: DTZ001 – a day has no zone
                elif isinstance(cell, int):
                    sheet.write_number(at, column, cell)
                elif cell:
                    sheet.write_string(at, column, cell)
        for column, name in enumerate(columns):
            sheet.set_column(column, column, max(14, len(name) + 4))
        if lists:
            names = book.add_worksheet("Danh mục")
            for place, (title, choices) in enumerate(lists.items()):
                names.write_column(0, place, [title, *choices])
                names.set_column(place, place, 30)
                if choices:
                    letter, column = chr(ord("A") + place), list(columns).index(title)
                    cells = f"='Danh mục'!${letter}$2:${letter}${len(choices) + 1}"
                    sheet.data_validation(1, column, MAX_ROWS, column, {"validate": "list", "source": cells})
    return out.getvalue()


def as_csv(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> bytes:
    """The same as CSV for Excel: UTF-8 with a byte order mark, parted by semicolons, as Vietnamese Windows expects."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_safe(shown(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(text: str) -> str:
    """A spreadsheet takes it for text; `server.transactions.workbook.shown` takes the mark off again."""
    return f"'{text}" if text.startswith(FORMULA) else text
