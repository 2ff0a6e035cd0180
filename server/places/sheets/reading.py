"""A file that somebody sent, as rows of text: a workbook's sheets, or the one table of a CSV file."""

import csv
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, NamedTuple

import openpyxl

from server.places.sheets.cells import armed, folded, lines
from server.places.sheets.columns import GUIDE, TABLES, Table
from server.places.sheets.unpacking import SAVE_AS, UnreadableError, is_workbook

logger = logging.getLogger(__name__)

MAX_ROWS = 20_000
_MOST_COLUMNS = 20
_LAST_ROW = 50_000  # empty ones too: a file may claim any number


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


class _Cell(NamedTuple):
    text: str
    wrong: str = ""
    mend: str = ""
    is_day: bool = False


_EMPTY = _Cell("")
_Row = tuple[int, Sequence[_Cell]]


def read(name: str, body: bytes) -> Contents:
    """The tables of a file. name: its own, for a CSV file also the sheet's. Raises UnreadableError."""
    contents = Contents([], [], [])
    if is_workbook(body):
        _workbook(body, contents)
    else:
        _sheet(name, None, _comma_separated(body), contents)
    if not contents.sheets and not contents.faults:
        wanted = ", ".join(f"“{table.name}”" for table in TABLES)
        raise UnreadableError(f"Không thấy trang nào tên {wanted}. Xin tải tệp mẫu (nút “Xuất Excel”) và điền vào đó.")
    return contents


def _workbook(body: bytes, contents: Contents) -> None:
    try:
        book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=False, keep_links=False)
        try:
            sheets = [one for one in book.worksheets if folded(one.title) != folded(GUIDE)]
            for sheet in sheets:
                table = next((table for table in TABLES if folded(table.name) == folded(sheet.title)), None)
                if table is None and len(sheets) > 1:
                    contents.ignored.append(sheet.title)
                    continue
                sheet.reset_dimensions()
                _sheet(sheet.title, table, _cells(sheet), contents)
        finally:
            book.close()
    except UnreadableError:
        raise
    except Exception as error:  # a damaged workbook lets openpyxl fail in dozens of ways
        logger.info("a workbook cannot be read: %r", error)
        raise UnreadableError(f"Tệp Excel bị hỏng, không đọc được. {SAVE_AS}") from error


def _cells(sheet: Any) -> Iterator[_Row]:  # noqa: ANN401 openpyxl's type does not know iter_rows of cells
    rows = sheet.iter_rows(max_col=_MOST_COLUMNS)
    for number, row in enumerate(islice(rows, _LAST_ROW), start=1):
        yield number, [_EMPTY if cell.value is None else _cell(cell) for cell in row]
    if next(rows, None) is not None:
        wrong = f"Trang có hơn {_with_dots(_LAST_ROW)} dòng, kể cả dòng trống"
        yield _LAST_ROW + 1, [_Cell("", wrong, "Chép các dòng có chữ sang một trang mới.")]


def _cell(cell: Any) -> _Cell:  # noqa: ANN401 one of openpyxl's kinds of cells
    value = cell.value
    if cell.data_type == "f":
        return _Cell("", "Ô có công thức", "Chép ô rồi dán lại bằng “Dán giá trị” (Paste Values).")
    if cell.data_type == "e":
        return _Cell("", f"Ô có lỗi của Excel ({value})", "Gõ lại nội dung của ô.")
    if isinstance(value, bool):
        return _Cell("có" if value else "không")
    if isinstance(value, datetime | date):
        return _Cell(f"{value:%d/%m/%Y}", is_day=True)
    if isinstance(value, float) and value.is_integer():
        return _Cell(str(int(value)))
    return _Cell(lines(str(value)))


def _comma_separated(body: bytes) -> Iterator[_Row]:
    text = _decoded(body)
    if re.match(r"sep=.\r?\n", text):
        text = text.split("\n", 1)[1]
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator), start=1):
            yield number, [_Cell(lines(armed(cell))) for cell in row[:_MOST_COLUMNS]]
    except csv.Error as error:
        raise UnreadableError("Tệp CSV bị hỏng: có dấu ngoặc kép không khớp. Xin mở bằng Excel, sửa rồi lưu lại dạng CSV UTF-8.") from error


def _decoded(body: bytes) -> str:
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "Không đọc được chữ trong tệp. Nếu là tệp CSV: xin lưu lại dạng “CSV UTF-8”. Nếu là tệp Excel: xin lưu lại dạng .xlsx."
        ) from error
    if "\x00" in text:
        raise UnreadableError(f"Đây không phải tệp Excel (.xlsx) hay CSV. {SAVE_AS}")
    return text


def _sheet(name: str, table: Table | None, rows: Iterator[_Row], contents: Contents) -> None:
    """Reads one table into the contents. table: which it is by its name, or None where its columns must tell."""
    rows = (row for row in rows if any(cell.text or cell.wrong for cell in row[1]))
    header = next(rows, None)
    if header is None:
        if table is not None:
            contents.sheets.append(Sheet(table, name, []))
        return
    number, cells = header
    labels = [cell.text for cell in cells]
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


def _with_dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


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


def _lines(name: str, table: Table, at: dict[int, str | None], rows: Iterator[_Row], faults: list[Fault]) -> Iterator[Line]:
    labels = {column.key: column.label for column in table.columns}
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MAX_ROWS:
            faults.append(Fault(name, number, "", f"Trang có hơn {_with_dots(MAX_ROWS)} dòng", "Chia thành nhiều tệp, ví dụ theo tỉnh."))
            return
        line = Line(number, {key: "" for key in at.values() if key})
        for place, cell in enumerate(cells):
            key = at.get(place)
            if key is None:
                if cell.text or cell.wrong:
                    faults.append(Fault(name, number, "", "Có chữ ở cột không có tiêu đề", "Xóa ô thừa, hoặc ghi tiêu đề cho cột."))
                continue
            if cell.wrong:
                faults.append(Fault(name, number, labels[key], cell.wrong, cell.mend))
            elif cell.is_day and key != "since":
                wrong = f"Excel đã đổi ô này thành ngày tháng ({cell.text})"
                faults.append(Fault(name, number, labels[key], wrong, "Định dạng ô là Text (Văn bản) rồi gõ lại."))
            line.cells[key] = cell.text if key == "at" else cell.text.replace("\n", " ")
        yield line
