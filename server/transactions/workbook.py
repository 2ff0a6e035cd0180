"""Transaction counts as people keep them in workbooks: columns ngày, quầy, cán bộ, số hồ sơ; read, with each fault named."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from server.places.models import Unit
from server.places.names import folded
from server.results.templatetags.vietnamese import number
from server.spreadsheets.cells import cleaned
from server.spreadsheets.rows import Cell, Row, opened
from server.spreadsheets.unpacking import Limits, UnreadableError
from server.transactions.calendar import open_days
from server.transactions.forms import whole
from server.transactions.telling import MOST, MOST_ROWS, Handled

LIMITS = Limits(sent=2, unpacked=40, mend="Xin chia thành nhiều tệp.")
MAX_ROWS = 5000
COLUMNS = {"ngay": "Ngày", "quay": "Quầy", "can bo": "Cán bộ", "so ho so": "Số hồ sơ"}


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
    """The counts of the unit in the first sheet of a workbook (.xlsx), or in a CSV file. Raises `UnreadableError`."""
    with opened("", body, LIMITS) as sheets:
        return _read(sheets[0].rows, unit)


def _read(rows: Iterator[Row], unit: Unit) -> Reading:
    places = _header(rows)
    first, last = open_days(unit)
    counters, officers = _Names(), _Names()
    for counter in unit.counters.all():
        counters.add(counter.pk, counter.name)
    for officer in unit.officers.all():
        officers.add(officer.pk, officer.name)
    days: dict[date, dict[tuple[str, str], Handled]] = defaultdict(dict)
    faults, blank = [], 0
    for count, row in enumerate(rows, 1):
        if row.wrong:
            raise UnreadableError(f"{row.wrong}. {row.mend}")
        if count > MAX_ROWS:
            raise UnreadableError(f"Tệp có hơn {number(MAX_ROWS)} dòng. Xin chia thành nhiều tệp.")
        said = {column: row.cells[at] if at < len(row.cells) else Cell() for column, at in places.items()}
        if said["so ho so"] == Cell():
            blank += any(cell != Cell() for cell in said.values())
            continue
        try:
            _check(said)
            day = _day(said["ngay"], first, last)
            at_counter = _id(said.get("quay"), counters, "Đơn vị không có quầy")
            by_officer = _id(said.get("can bo"), officers, "Đơn vị không có cán bộ")
            handled = Handled(at_counter, by_officer, _count(said["so ho so"]))
            if handled[:2] in days[day]:
                raise ValueError("Ngày, quầy và cán bộ này đã có ở một dòng trên")
            if len(days[day]) == MOST_ROWS:
                raise ValueError(f"Một ngày có nhiều nhất {MOST_ROWS} dòng")
        except ValueError as error:
            faults.append(Fault(row.number, " · ".join(cell.text for cell in said.values() if cell.text), f"{error}."))
        else:
            days[day][handled[:2]] = handled
    return Reading({day: list(rows.values()) for day, rows in sorted(days.items()) if rows}, faults, blank)


def _header(rows: Iterator[Row]) -> dict[str, int]:
    """Where each column is, by the row with the columns' names, which is among the first ten."""
    for row in islice(rows, 10):
        names = [_plain(cell.text) for cell in row.cells]
        if "ngay" in names and "so ho so" in names:
            return {column: names.index(column) for column in COLUMNS if column in names}
    raise UnreadableError("Không thấy dòng tiêu đề. Tệp cần có các cột: Ngày, Quầy, Cán bộ, Số hồ sơ (Quầy và Cán bộ có thể bỏ).")


def _check(said: Mapping[str, Cell]) -> None:
    """Raises ValueError for cells of which nothing can be used."""
    read = {column: cell if column == "ngay" else cell.as_text() for column, cell in said.items()}
    wrong = [f"Cột {COLUMNS[column]}: {cell.wrong}. {cell.mend}" for column, cell in read.items() if cell.wrong]
    if wrong:
        raise ValueError(" ".join(wrong).removesuffix("."))


def _day(cell: Cell, first: date, last: date) -> date:
    day = cell.day or _typed_day(cell.text)
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


def _id(cell: Cell | None, names: _Names, none: str) -> str:
    text = cell.text if cell else ""
    plain = _plain(text)
    if not plain:
        return ""
    if plain in names.twice:
        raise ValueError(f"“{text}” có hai; xin ghi mã thay cho tên")
    if plain not in names.ids:
        raise ValueError(f"{none} “{text}”")
    return names.ids[plain]


def _count(cell: Cell) -> int:
    count = whole(cell.text)
    if count is None:
        raise ValueError(f"Số hồ sơ cần là số nguyên từ 0 đến {number(MOST)}")
    return count


def _plain(text: str) -> str:
    """Without accents, case and double spaces, so that a slip of the keyboard is no other name."""
    return folded(cleaned(text))
