"""Tables as a workbook (.xlsx) or a CSV file that Excel opens with its Vietnamese letters whole."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

import xlsxwriter

from server.places.sheets.cells import defused, is_formula
from server.places.sheets.columns import GUIDE, TABLES, Table

Rows = Sequence[Sequence[str]]  # cells in the order of the table's columns
WIDE = 110


def workbook(rows: Mapping[str, Rows]) -> bytes:
    """All tables, a sheet each, and one that explains the columns. rows: by the table's key. Every cell is text."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        harmless = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True, "quote_prefix": True})
        head = book.add_format({"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "valign": "top"})
        for table in TABLES:
            sheet = book.add_worksheet(table.name)
            for at, column in enumerate(table.columns):
                sheet.set_column(at, at, column.width, text)
                sheet.write_string(0, at, column.label, head)
            for number, row in enumerate(rows[table.key], start=1):
                for at, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, at, cell, harmless if is_formula(cell) else text)
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, max(1, len(rows[table.key])), len(table.columns) - 1)
        guide = book.add_worksheet(GUIDE)
        guide.set_column(0, 1, 20, text)
        guide.set_column(2, 2, WIDE, text)
        for at, label in enumerate(("Trang", "Cột", "Cách điền (* là cột bắt buộc)")):
            guide.write_string(0, at, label, head)
        explained = [
            (table.name, f"{column.label}{' *' if column.needed else ''}", column.explained) for table in TABLES for column in table.columns
        ]
        for number, row in enumerate(explained, start=1):
            for at, cell in enumerate(row):
                guide.write_string(number, at, cell, text)
    return out.getvalue()


def comma_separated(table: Table, rows: Rows) -> bytes:
    """One table: UTF-8 with a byte order mark, and semicolons, as Excel expects them in Vietnam."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.label for column in table.columns])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
