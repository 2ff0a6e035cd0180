"""What the rows of counters and of officers would do."""

import re
from collections.abc import Iterable

from server.places.models import Counter, Officer, Unit
from server.places.sheets.draft import Draft, Row, What, differs
from server.places.sheets.exporting import NO, YES
from server.places.sheets.known import AmbiguousError, Known, UnknownError
from server.places.sheets.reading import Sheet
from server.spreadsheets.cells import folded

_YES = {folded(word) for word in (YES, "x", "1", "đúng", "true", "yes")}
_NO = {folded(word) for word in (NO, "0", "sai", "false", "no")}


def plan_counters(draft: Draft, known: Known, sheets: Iterable[Sheet]) -> None:
    """Each by its id, else by its name within its unit."""
    for row in _by_id_first(draft, sheets):
        counter = known.counters.get(row.text("id"))
        unit = _unit(known, row, counter, "quầy")
        if not row.needs("name") or unit is None:
            continue
        name = row.text("name")
        if counter is None:
            same = known.counters_of[unit.pk, folded(name)]
            if len(same) > 1:
                row.wrong("name", f"{unit} có {len(same)} quầy tên “{name}”", "Ghi mã ở cột Mã quầy.")
                continue
            counter = same[0] if same else None
            name = counter.name if counter else name
        if counter is None:
            counter = Counter(unit=unit, name=name)
            row.claim(counter.pk)
            known.counters_of[unit.pk, folded(name)].append(counter)
            draft.new_counters.append(counter)
            row.outcome(unit, name, What.MADE)
        elif row.claim(counter.pk):
            before = counter.name
            if differs(before, name):
                known.counters_of[unit.pk, folded(before)].remove(counter)
                counter.name = name
                known.counters_of[unit.pk, folded(name)].append(counter)
                draft.renamed.append(counter)
                row.outcome(unit, before, What.CHANGED, (f"tên: {before} → {name}",))
            else:
                row.outcome(unit, before, What.KEPT)


def plan_officers(draft: Draft, known: Known, sheets: Iterable[Sheet]) -> None:
    """Each by its id, else by its name within its unit."""
    rows = _by_id_first(draft, sheets)
    for row in rows:
        officer = known.officers.get(row.text("id"))
        unit = _unit(known, row, officer, "cán bộ")
        active = _active(row)
        if not row.needs("name", "title") or unit is None:
            continue
        name = row.text("name")
        if officer is None:
            same = known.officers_of[unit.pk, folded(name)]
            same = [one for one in same if one.active] or list(same)
            if len(same) > 1:
                row.wrong("name", f"{unit} có {len(same)} cán bộ tên “{name}”", "Ghi mã ở cột Mã cán bộ.")
                continue
            officer = same[0] if same else None
            name = officer.name if officer else name
        if officer is None:
            _make(draft, known, row, unit, active)
        elif row.claim(officer.pk):
            _change(draft, known, row, unit, officer, name, active)


def _by_id_first(draft: Draft, sheets: Iterable[Sheet]) -> list[Row]:
    rows = [Row(draft, sheet, line) for sheet in sheets for line in sheet.lines]
    return sorted((row for row in rows if not row.unreadable()), key=lambda row: not row.text("id"))


def _unit(known: Known, row: Row, there: Counter | Officer | None, kind: str) -> Unit | None:
    """The unit of the row, which is that of the counter or officer that it speaks of."""
    if row.text("id") and there is None:
        row.wrong(
            "id",
            f"Không có {kind} mã {row.text('id')} trong phần ông/bà quản lý",
            f"Xóa ô này nếu là {kind} mới, hoặc ghi lại mã cho đúng.",
        )
        return None
    if not row.text("unit") and there is None:
        row.wrong("unit", "Ô trống", "Ghi tên (hoặc mã) đơn vị.")
        return None
    try:
        unit = known.unit(row.text("unit") or (there.unit_id if there else ""), row.text("above"))
    except AmbiguousError as ambiguous:
        row.wrong("unit", str(ambiguous), "Ghi tên cấp trên ở cột Thuộc, hoặc ghi mã đơn vị.")
        return None
    except UnknownError as unknown:
        row.wrong("unit", str(unknown), "Ghi đúng tên (hoặc mã), hoặc thêm đơn vị ấy ở trang Đơn vị.")
        return None
    if there is not None and there.unit_id != unit.pk:
        now = known.units[there.unit_id]
        if isinstance(there, Officer):
            row.wrong("unit", f"{there} đang ở {now}", "Chuyển cán bộ sang đơn vị khác ở trang Cán bộ: kết quả cũ ở lại đơn vị cũ.")
        else:
            row.wrong(
                "unit", f"{there.name} là quầy của {now}; quầy không chuyển đơn vị", "Ghi lại đơn vị cũ, hoặc xóa mã để thêm quầy mới."
            )
        return None
    return unit


def _active(row: Row) -> bool | None:
    """Whether the officer works; None where the row does not say."""
    text = folded(row.text("active"))
    if text and text not in _YES | _NO:
        row.wrong("active", f"Không hiểu “{row.text('active')}”", f"Ghi “{YES}” hoặc “{NO}”.")
    return text in _YES if text else None


def _make(draft: Draft, known: Known, row: Row, unit: Unit, active: bool | None) -> None:
    officer = Officer(unit=unit, name=row.text("name"), title=row.text("title"), active=active is not False)
    at = _counters(draft, known, row, unit) if officer.active else []
    row.claim(officer.pk)
    known.officers_of[unit.pk, folded(officer.name)].append(officer)
    if not row.ok or at is None:
        return
    draft.new_officers.append(officer)
    for counter in at:
        draft.on_duty[counter.pk] = officer
    words = tuple(_replaced(counter, officer) for counter in at)
    row.outcome(unit, officer.name, What.MADE, (officer.title, *words))


def _change(draft: Draft, known: Known, row: Row, unit: Unit, officer: Officer, name: str, active: bool | None) -> None:
    now = known.on_duty.get(officer.pk, [])
    working = officer.active if active is None else active
    if not working:
        at = [] if officer.active else now
    elif row.has("at"):
        wanted = _counters(draft, known, row, unit)
        if wanted is None:
            return
        at = wanted
    else:
        at = now
    changes = []
    before, title = officer.name, row.text("title") if row.has("title") else officer.title
    if differs(officer.name, name):
        changes.append(f"họ và tên: {before} → {name}")
        officer.name = name
    if differs(officer.title, title):
        changes.append(f"chức danh: {officer.title} → {title}")
        officer.title = title
    if working != officer.active:
        changes.append("công tác trở lại" if working else "thôi công tác")
        officer.active = working
    if changes:
        draft.edited.append(officer)
    for counter in now:
        if counter not in at:
            changes.append(f"thôi trực {counter.name}")
            draft.on_duty.setdefault(counter.pk, None)
    for counter in at:
        if counter not in now:
            changes.append(_replaced(counter, officer))
            draft.on_duty[counter.pk] = officer
    row.outcome(unit, before, What.CHANGED if changes else What.KEPT, tuple(changes))


def _counters(draft: Draft, known: Known, row: Row, unit: Unit) -> list[Counter] | None:
    """Where the row puts the officer on duty; None where that is wrong. What is no name as a whole is several behind semicolons."""
    lines = [line for line in row.text("at").split("\n") if line]
    words = [word for line in lines for word in ([line] if _named(known, unit, line) else re.split(r"\s*;\s*", line)) if word]
    found = []
    for word in words:
        same = _named(known, unit, word)
        if len(same) != 1:
            wrong = f"{unit} có {len(same)} quầy tên “{word}”" if same else f"{unit} không có quầy “{word}”"
            row.wrong("at", wrong, "Ghi mã quầy." if same else "Ghi đúng tên quầy, hoặc thêm quầy ấy ở trang Quầy.")
            return None
        if same[0] not in found:
            found.append(same[0])
    return found if all(row.claim(f"{counter.pk} on duty", "at") for counter in found) else None


def _named(known: Known, unit: Unit, word: str) -> list[Counter]:
    counter = known.counters.get(word)
    return [counter] if counter is not None and counter.unit_id == unit.pk else list(known.counters_of[unit.pk, folded(word)])


def _replaced(counter: Counter, officer: Officer) -> str:
    other = counter.on_duty if counter.on_duty_id not in (None, officer.pk) else None
    return f"trực {counter.name}" + (f" (thay {other})" if other else "")
