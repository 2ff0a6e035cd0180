"""A file that somebody sent, as the rows of our tables by their columns; what does not fit is told."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from server.places.sheets.columns import GUIDE, TABLES, Table
from server.spreadsheets.cells import folded
from server.spreadsheets.rows import Row, more_than, opened
from server.spreadsheets.rows import Sheet as Found
from server.spreadsheets.unpacking import Limits, UnreadableError

LIMITS = Limits(sent=10, unpacked=150, mend="Xin chia theo tỉnh thành nhiều tệp.")
MAX_ROWS = 20_000


class Fault(NamedTuple):
    """What is wrong in a cell, and what to do. row, column: as the person sees them; 0 and empty where it is about more than one."""

    sheet: str
    row: int
    column: str
    wrong: str
    mend: str


class Line(NamedTuple):
    """A row. cells: by the column's key, those of the columns that are there."""

    number: int
    cells: dict[str, str]


class Sheet(NamedTuple):
    """A table as it was read. name: as the person knows it."""

    table: Table
    name: str
    lines: list[Line]


class Contents(NamedTuple):
    """What was read. ignored: names of sheets that are none of ours."""

    sheets: list[Sheet]
    faults: list[Fault]
    ignored: list[str]


def read(name: str, body: bytes) -> Contents:
    """The tables of a file. name: its own, for a CSV file also the sheet's. Raises UnreadableError."""
    contents = Contents([], [], [])
    with opened(name, body, LIMITS) as found:
        sheets = [one for one in found if folded(one.name) != folded(GUIDE)]
        for sheet in sheets:
            table = next((table for table in TABLES if folded(table.name) == folded(sheet.name)), None)
            if table is None and len(sheets) > 1:
                contents.ignored.append(sheet.name)
            else:
                _read(sheet, table, contents)
    if not contents.sheets and not contents.faults:
        wanted = ", ".join(f"“{table.name}”" for table in TABLES)
        raise UnreadableError(f"Không thấy trang nào tên {wanted}. Xin tải tệp mẫu (nút “Xuất Excel”) và điền vào đó.")
    return contents


def _read(sheet: Found, table: Table | None, contents: Contents) -> None:
    """Reads one table into the contents. table: which it is by its name, or None where its columns must tell."""
    name, rows = sheet
    header = next(rows, None)
    if header is None:
        if table is not None:
            contents.sheets.append(Sheet(table, name, []))
        return
    number = header.number
    if header.wrong:
        contents.faults.append(Fault(name, number, "", header.wrong, header.mend))
        return
    labels = [cell.text for cell in header.cells]
    table = table or _told_by(labels)
    if table is None:
        wanted = "; ".join(f"{one.name}: " + ", ".join(column.label for column in one.columns if column.needed) for one in TABLES)
        contents.faults.append(Fault(name, number, "", "Không nhận ra bảng này qua hàng tiêu đề", f"Hàng đầu cần có các cột – {wanted}."))
        return
    keys = {folded(column.label): column.key for column in table.columns}
    at = {place: keys.get(folded(label)) for place, label in enumerate(labels)}
    faults = _of_header(name, number, table, labels, at)
    if faults:
        contents.faults.extend(faults)
        return
    contents.sheets.append(Sheet(table, name, list(_lines(name, table, at, rows, contents.faults))))


def _told_by(labels: Iterable[str]) -> Table | None:
    there = {folded(label) for label in labels}
    return next((table for table in TABLES if folded(table.column(table.told_by).label) in there), None)


def _of_header(name: str, number: int, table: Table, labels: Sequence[str], at: dict[int, str | None]) -> list[Fault]:
    offered = ", ".join(column.label for column in table.columns)
    faults = [
        Fault(
            name, number, label, f"Không có cột nào tên “{label}” ở bảng {table.name}", f"Xóa cột này hoặc sửa tên. Các cột có: {offered}."
        )
        for place, label in enumerate(labels)
        if label and at[place] is None
    ]
    there = [key for key in at.values() if key]
    for column in table.columns:
        if column.needed and column.key not in there:
            faults.append(Fault(name, number, column.label, f"Thiếu cột “{column.label}”", "Thêm cột này vào hàng tiêu đề."))
        if there.count(column.key) > 1:
            faults.append(Fault(name, number, column.label, f"Có hai cột “{column.label}”", "Xóa một cột."))
    return faults


def _lines(name: str, table: Table, at: dict[int, str | None], rows: Iterator[Row], faults: list[Fault]) -> Iterator[Line]:
    labels = {column.key: column.label for column in table.columns}
    for count, (number, cells, wrong, mend) in enumerate(rows, start=1):
        if wrong:
            faults.append(Fault(name, number, "", wrong, mend))
            return
        if count > MAX_ROWS:
            faults.append(Fault(name, number, "", more_than(MAX_ROWS), "Chia thành nhiều tệp, ví dụ theo tỉnh."))
            return
        line = Line(number, {key: "" for key in at.values() if key})
        for place, typed in enumerate(cells):
            key = at.get(place)
            cell = typed if key == "since" else typed.as_text()
            if key is None:
                if cell.text or cell.wrong:
                    faults.append(Fault(name, number, "", "Có chữ ở cột không có tiêu đề", "Xóa ô thừa, hoặc ghi tiêu đề cho cột."))
                continue
            if cell.wrong:
                faults.append(Fault(name, number, labels[key], cell.wrong, cell.mend))
            line.cells[key] = cell.text if key == "at" else cell.text.replace("\n", " ")
        yield line
