"""A file that somebody sent, as rows of cells: a workbook's sheets, or the one table of a CSV file."""

import csv
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, NamedTuple

import openpyxl

from server.spreadsheets.cells import armed, lines
from server.spreadsheets.unpacking import SAVE_AS, Limits, UnreadableError, is_workbook

logger = logging.getLogger(__name__)

_MOST_COLUMNS = 40
_LAST_ROW = 50_000  # empty ones too: a file may claim any number


class Cell(NamedTuple):
    """A cell. text: what it says; wrong, mend: why it says nothing that can be used, and what to do; day: the one that it is."""

    text: str = ""
    wrong: str = ""
    mend: str = ""
    day: date | None = None

    def as_text(self) -> "Cell":
        """The same where text is expected: a spreadsheet makes a day of many things that a person types."""
        if self.day is None:
            return self
        return Cell(self.text, f"Excel đã đổi ô này thành ngày tháng ({self.text})", "Định dạng ô là Text (Văn bản) rồi gõ lại.")


class Row(NamedTuple):
    """A row. number: as the person sees it, from 1; wrong, mend: of the row as a whole, after which there is no other."""

    number: int
    cells: Sequence[Cell]
    wrong: str = ""
    mend: str = ""

    def says_nothing(self) -> bool:
        """Whether all of it is empty."""
        return not (self.wrong or any(cell.text or cell.wrong for cell in self.cells))


class Sheet(NamedTuple):
    """A table. name: as the person knows it; rows: those that say something. Reading them may raise UnreadableError."""

    name: str
    rows: Iterator[Row]


_EMPTY = Cell()


def more_than(rows: int) -> str:
    """What is said of a sheet that has more rows than it may."""
    return f"Trang có hơn {rows:,} dòng".replace(",", ".")


@contextmanager
def opened(name: str, body: bytes, limits: Limits) -> Iterator[list[Sheet]]:
    """The sheets of a file, whose rows are read as they are asked for. name: the file's, which is also that of a CSV file's table.

    Raises UnreadableError.
    """
    if not is_workbook(body, limits):
        yield [_sheet(name, _comma_separated(body))]
        return
    try:
        book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # a damaged workbook lets openpyxl fail in dozens of ways
        raise _damaged(error) from error
    try:
        if not book.worksheets:
            raise UnreadableError("Tệp Excel không có trang tính nào.")
        yield [_sheet(one.title, _of_workbook(one)) for one in book.worksheets]
    finally:
        book.close()


def _sheet(name: str, rows: Iterator[Row]) -> Sheet:
    return Sheet(name, (row for row in rows if not row.says_nothing()))


def _of_workbook(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 openpyxl's type does not know iter_rows of cells
    try:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=_MOST_COLUMNS)
        for number, row in enumerate(islice(rows, _LAST_ROW), start=1):
            yield Row(number, [_EMPTY if cell.value is None else _cell(cell) for cell in row])
        if next(rows, None) is not None:
            yield Row(_LAST_ROW + 1, [], f"{more_than(_LAST_ROW)}, kể cả dòng trống", "Chép các dòng có chữ sang một trang mới.")
    except Exception as error:  # as above
        raise _damaged(error) from error


def _damaged(error: Exception) -> UnreadableError:
    logger.info("a workbook cannot be read: %r", error)
    return UnreadableError(f"Tệp Excel bị hỏng, không đọc được. {SAVE_AS}")


def _cell(cell: Any) -> Cell:  # noqa: ANN401 one of openpyxl's kinds of cells
    value = cell.value
    if cell.data_type == "f":
        return Cell("", "Ô có công thức", "Chép ô rồi dán lại bằng “Dán giá trị” (Paste Values).")
    if cell.data_type == "e":
        return Cell("", f"Ô có lỗi của Excel ({value})", "Gõ lại nội dung của ô.")
    if isinstance(value, bool):
        return Cell("có" if value else "không")
    if isinstance(value, datetime | date):
        return Cell(f"{value:%d/%m/%Y}", day=value.date() if isinstance(value, datetime) else value)
    if isinstance(value, float):
        return Cell(str(int(value)) if value.is_integer() else str(value).replace(".", ","))  # as it stands in the cell
    return Cell(lines(str(value)))


def _comma_separated(body: bytes) -> Iterator[Row]:
    text = _decoded(body)
    if re.match(r"sep=.\r?\n", text):
        text = text.split("\n", 1)[1]
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator), start=1):
            yield Row(number, [Cell(lines(armed(cell))) for cell in row[:_MOST_COLUMNS]])
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
