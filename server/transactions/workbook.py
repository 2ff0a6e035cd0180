"""Transaction counts as people keep them in workbooks: columns ngày, quầy, cán bộ, số hồ sơ; read, with each fault named."""

import csv
import io
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from server.places.models import Unit
from server.results.templatetags.vietnamese import number
from server.transactions.calendar import open_days
from server.transactions.forms import whole
from server.transactions.telling import MOST, MOST_ROWS, Handled

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED = 40 * 1024 * 1024
MAX_ROWS = 5000
COLUMNS = {"ngay": "Ngày", "quay": "Quầy", "can bo": "Cán bộ", "so ho so": "Số hồ sơ"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate with such a text


class UnreadableFile(Exception):
    """The file cannot be read at all; the message says what to mend, in Vietnamese."""


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken. row: its number in the file, from 1; said: what it says; why: what to mend."""

    row: int
    said: str
    why: str


@dataclass(frozen=True)
class Reading:
    """What a file says. days: each day's counts; faults: rows to mend, in their order; blank: rows without a count, left out."""

    days: Mapping[date, Sequence[Handled]]
    faults: Sequence[Fault]
    blank: int = 0


@dataclass
class _Names:
    """Ids by id and by name; a name that two have is none's."""

    ids: dict[str, str] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)

    def add(self, key: str, name: str) -> None:
        """Keep one."""
        plain = _plain(name)
        self.twice.update({plain} & self.ids.keys())
        self.ids[plain] = key
        self.ids[_plain(key)] = key


def read(body: bytes, unit: Unit) -> Reading:
    """The counts of the unit in a workbook (.xlsx) or CSV file (UTF-8, parted by commas, semicolons or tabs).

    Raises `UnreadableFile`.
    """
    rows = _sheet(body) if body.startswith(b"PK") else _text(body)
    header, places = _header(rows)
    first, last = open_days(unit)
    counters, officers = _Names(), _Names()
    for counter in unit.counters.all():
        counters.add(counter.pk, counter.name)
    for officer in unit.officers.all():
        officers.add(officer.pk, officer.name)
    days: dict[date, dict[tuple[str, str], Handled]] = defaultdict(dict)
    faults, blank = [], 0
    for place, cells in enumerate(rows, header + 1):
        if place > MAX_ROWS + header:
            raise UnreadableFile(f"Tệp có hơn {number(MAX_ROWS)} dòng. Xin chia thành nhiều tệp.")
        said = {column: cells[at] if at < len(cells) else None for column, at in places.items()}
        if all(cell in (None, "") for cell in said.values()):
            continue
        if said["so ho so"] in (None, ""):
            blank += 1
            continue
        try:
            day = _day(said["ngay"], first, last)
            at_counter = _id(said.get("quay"), counters, "Đơn vị không có quầy")
            by_officer = _id(said.get("can bo"), officers, "Đơn vị không có cán bộ")
            handled = Handled(at_counter, by_officer, _count(said["so ho so"]))
            if handled[:2] in days[day]:
                raise ValueError("Ngày, quầy và cán bộ này đã có ở một dòng trên")
            if len(days[day]) == MOST_ROWS:
                raise ValueError(f"Một ngày có nhiều nhất {MOST_ROWS} dòng")
        except ValueError as error:
            faults.append(Fault(place, " · ".join(shown(cell) for cell in said.values() if cell not in (None, "")), f"{error}."))
        else:
            days[day][handled[:2]] = handled
    return Reading({day: list(rows.values()) for day, rows in sorted(days.items()) if rows}, faults, blank)


def _sheet(body: bytes) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
                raise UnreadableFile("Tệp Excel quá lớn.")
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        rows = [list(row) for row, _ in zip(book.worksheets[0].iter_rows(values_only=True), range(MAX_ROWS + 50), strict=False)]
    except UnreadableFile:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError) as error:
        raise UnreadableFile("Không đọc được tệp Excel này. Xin lưu lại dạng .xlsx rồi thử lại.") from error
    return iter(rows)


def _text(body: bytes) -> Iterator[list[Any]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("Tệp không phải Excel (.xlsx), cũng không phải CSV mã UTF-8. Trong Excel, xin chọn “CSV UTF-8”.") from error
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        return iter([list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)])
    except csv.Error as error:
        raise UnreadableFile("Không đọc được tệp CSV này.") from error


def _header(rows: Iterator[list[Any]]) -> tuple[int, dict[str, int]]:
    """The number of the row with the columns' names, among the first ten, and where each column is."""
    for place, cells in zip(range(1, 11), rows, strict=False):
        names = [_plain(shown(cell)) for cell in cells]
        if "ngay" in names and "so ho so" in names:
            return place, {column: names.index(column) for column in COLUMNS if column in names}
    raise UnreadableFile("Không thấy dòng tiêu đề. Tệp cần có các cột: Ngày, Quầy, Cán bộ, Số hồ sơ (Quầy và Cán bộ có thể bỏ).")


def _day(cell: Any, first: date, last: date) -> date:  # noqa: ANN401 – a cell
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    else:
        day = _typed_day(shown(cell))
    if not first <= day <= last:
        raise ValueError(f"Ngày {day:%d/%m/%Y} không nhập được; nhập được từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}")
    return day


def _typed_day(text: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 – a day has no zone
        except ValueError:
            continue
    raise ValueError("Ngày cần viết như 26/11/2026")


def _id(cell: Any, names: _Names, none: str) -> str:  # noqa: ANN401 – a cell
    text = shown(cell)
    plain = _plain(text)
    if not plain:
        return ""
    if plain in names.twice:
        raise ValueError(f"“{text}” có hai; xin ghi mã thay cho tên")
    if plain not in names.ids:
        raise ValueError(f"{none} “{text}”")
    return names.ids[plain]


def _count(cell: Any) -> int:  # noqa: ANN401 – a cell
    said = shown(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    count = None if isinstance(cell, bool) else whole(said)
    if count is None:
        raise ValueError(f"Số hồ sơ cần là số nguyên từ 0 đến {number(MOST)}")
    return count


def shown(cell: Any) -> str:  # noqa: ANN401 – a cell
    """What a cell says, as a Vietnamese reader writes it."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text = "" if cell is None else str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text


def _plain(text: str) -> str:
    """Without accents, case and double spaces, so that a slip of the keyboard is no other name."""
    parts = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(one for one in parts if not unicodedata.combining(one)).split())
