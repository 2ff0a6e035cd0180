"""What an import would do: every row with its outcome, and every fault. Nothing is written until `applying` does all of it."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple

import msgspec

from server.places.models import Counter, Officer, Unit
from server.places.sheets.columns import Table
from server.places.sheets.reading import Fault, Line, Sheet
from server.spreadsheets.cells import cleaned, has_control

MOST_LETTERS = 200


class What(Enum):
    """What becomes of a row."""

    MADE = "thêm mới"
    CHANGED = "thay đổi"
    KEPT = "giữ nguyên"


class Step(NamedTuple):
    """A row that is right. where: of which unit; changes: in words."""

    table: Table
    sheet: str
    row: int
    what: What
    name: str
    where: str
    changes: tuple[str, ...]


class Stand(NamedTuple):
    """A unit's name and parent from a day on."""

    unit: Unit
    since: date
    name: str
    parent: Unit | None


@dataclass
class Draft:
    """The outcome of a try; what is to be written stands beside the words for it."""

    faults: list[Fault] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    new_units: list[tuple[Unit, date]] = field(default_factory=list)
    corrected: list[Unit] = field(default_factory=list)
    stands: list[Stand] = field(default_factory=list)
    moved: list[tuple[Unit, str | None]] = field(default_factory=list)  # with the id of the parent before
    new_counters: list[Counter] = field(default_factory=list)
    renamed: list[Counter] = field(default_factory=list)
    new_officers: list[Officer] = field(default_factory=list)
    edited: list[Officer] = field(default_factory=list)
    on_duty: dict[str, Officer | None] = field(default_factory=dict)  # by the counter's id
    claims: dict[str, tuple[str, int]] = field(default_factory=dict)  # by id: the row that speaks of it
    unreadable: set[tuple[str, int]] = field(default_factory=set)  # rows whose faults were told when they were read
    touched: dict[str, list[What]] = field(default_factory=dict)  # by the unit's id

    def digest(self) -> str:
        """The same for the same outcome: new ids, which are random, are not in it."""
        said = [(step.table.key, step.sheet, step.row, step.what.value, step.name, step.where, step.changes) for step in self.steps]
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()

    def count(self, table: Table, what: What) -> int:
        """How many rows of a table have that outcome."""
        return sum(step.table is table and step.what is what for step in self.steps)

    def changes_nothing(self) -> bool:
        """Whether all is there already."""
        return all(step.what is What.KEPT for step in self.steps)


class Row:
    """A row that is being looked at: its cells, and what is wrong with them."""

    def __init__(self, draft: Draft, sheet: Sheet, line: Line) -> None:
        self._draft, self._sheet, self._line = draft, sheet, line
        self.ok = True

    def unreadable(self) -> bool:
        """Whether its faults have been told already."""
        return (self._sheet.name, self._line.number) in self._draft.unreadable

    def has(self, key: str) -> bool:
        """Whether its table has the column."""
        return key in self._line.cells

    def text(self, key: str) -> str:
        """What the cell says; empty too where there is no such column."""
        return self._line.cells.get(key, "")

    def wrong(self, key: str, wrong: str, mend: str) -> None:
        """Something is: the row has no outcome."""
        self.ok = False
        label = self._sheet.table.column(key).label if key else ""
        self._draft.faults.append(Fault(self._sheet.name, self._line.number, label, wrong, mend))

    def needs(self, *keys: str) -> bool:
        """Whether these cells say anything, and nothing that could not be stored; tells what is wrong with them."""
        for key in keys:
            text = self.text(key)
            if self.has(key) and not text:
                self.wrong(key, "Ô trống", f"Ghi {self._sheet.table.column(key).label.lower()}.")
            elif len(text) > MOST_LETTERS:
                self.wrong(key, f"Dài hơn {MOST_LETTERS} ký tự", "Rút ngắn lại.")
            elif has_control(text):
                self.wrong(key, "Có ký tự điều khiển (ví dụ: tab)", "Xóa ô rồi gõ lại.")
        return self.ok

    def claim(self, id: str, key: str = "name") -> bool:  # noqa: A002 – as everywhere
        """Whether no other row speaks of the same."""
        first = self._draft.claims.setdefault(id, (self._sheet.name, self._line.number))
        if first == (self._sheet.name, self._line.number):
            return True
        where = f"dòng {first[1]}" if first[0] == self._sheet.name else f"dòng {first[1]} trang {first[0]}"
        self.wrong(key, f"Trùng với {where}", "Xóa một dòng. Nếu là hai người cùng tên, xin thêm người thứ hai ở trang Cán bộ.")
        return False

    def outcome(self, unit: Unit, name: str, what: What, changes: tuple[str, ...] = ()) -> None:
        """What becomes of it."""
        step = Step(self._sheet.table, self._sheet.name, self._line.number, what, name, unit.name if name != unit.name else "", changes)
        self._draft.steps.append(step)
        if what is not What.KEPT:
            self._draft.touched.setdefault(unit.pk, []).append(what)


def differs(stored: str, typed: str) -> bool:
    """Whether somebody typed something else than what is stored, and not only cleaner."""
    return cleaned(stored) != typed
