"""The tables as a workbook (.xlsx), or one of them as a CSV file."""

from collections.abc import Mapping, Sequence

from server.places.sheets.columns import GUIDE, TABLES, Table
from server.spreadsheets.writing import Workbook, csv_file

Rows = Sequence[Sequence[str]]  # cells in the order of the table's columns
WIDE = 110
_HEAD = {"bold": True, "bg_color": "#E7EDF3", "bottom": 1}
_TEXT = {"num_format": "@", "text_wrap": True}


def workbook(rows: Mapping[str, Rows]) -> bytes:
    """All tables, a sheet each, and one that explains the columns. rows: by the table's key. Every cell is text."""
    made = Workbook(valign="top")
    text = made.look(**_TEXT)
    for table in TABLES:
        sheet = made.book.add_worksheet(table.name)
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, column.width, text)
            made.put(sheet, 0, at, column.label, **_HEAD)
        for number, row in enumerate(rows[table.key], start=1):
            for at, cell in enumerate(row):
                if cell:
                    made.put(sheet, number, at, cell, **_TEXT)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, len(rows[table.key])), len(table.columns) - 1)
    guide = made.book.add_worksheet(GUIDE)
    guide.set_column(0, 1, 20, text)
    guide.set_column(2, 2, WIDE, text)
    for at, label in enumerate(("Trang", "Cột", "Cách điền (* là cột bắt buộc)")):
        made.put(guide, 0, at, label, **_HEAD)
    explained = [
        (table.name, f"{column.label}{' *' if column.needed else ''}", column.explained) for table in TABLES for column in table.columns
    ]
    for number, words in enumerate(explained, start=1):
        for at, cell in enumerate(words):
            made.put(guide, number, at, cell, **_TEXT)
    return made.done()


def comma_separated(table: Table, rows: Rows) -> bytes:
    """One table as CSV."""
    return csv_file([[column.label for column in table.columns], *rows])
