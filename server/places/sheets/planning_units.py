"""What the rows of units would do."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError

from server.places.models import ABOVE, BEGINNING, Standing, Unit, validate_time_zone
from server.places.sheets.draft import Draft, Row, Stand, What, differs
from server.places.sheets.known import Known, UnknownError
from server.places.sheets.reading import Sheet
from server.spreadsheets.cells import folded

_LEVELS = (Unit.Kind.COUNTRY, Unit.Kind.PROVINCE, Unit.Kind.COMMUNE)
_WORDS = {
    **{folded(word): kind for kind in Unit.Kind for word in (kind.label, *kind.label.split(", "))},
    folded("trung ương"): Unit.Kind.COUNTRY,
}


class _Said(NamedTuple):
    """What a row says, as far as it could be read."""

    row: Row
    unit: Unit | None  # by its id
    kind: Unit.Kind
    since: date | None


def plan_units(draft: Draft, known: Known, sheets: Iterable[Sheet]) -> None:
    """Those that are told by their ids first, so that a name they leave is free."""
    said = [one for sheet in sheets for line in sheet.lines if (one := _read(Row(draft, sheet, line), known))]
    said.sort(key=lambda one: (_LEVELS.index(one.kind), one.unit is None))
    for one in said:
        _plan(draft, known, one)


def _read(row: Row, known: Known) -> _Said | None:
    if row.unreadable():
        return None
    unit = None
    if text := row.text("id"):
        unit = known.units.get(text)
        if unit is None:
            row.wrong(
                "id", f"Không có đơn vị mã {text} trong phần ông/bà quản lý", "Xóa ô này nếu là đơn vị mới, hoặc ghi lại mã cho đúng."
            )
        elif unit.pk not in known.alive:
            row.wrong("id", f"Đơn vị {unit} đã kết thúc", "Xóa dòng này.")
    kind = _WORDS.get(folded(row.text("kind")))
    if kind is None and not row.text("kind") and unit is not None:
        kind = Unit.Kind(unit.kind)
    if kind is None:
        offered = "” hoặc “".join(level.label for level in _LEVELS[1:])
        row.wrong("kind", f"Không có cấp “{row.text('kind')}”" if row.text("kind") else "Ô trống", f"Ghi “{offered}”.")
    elif unit is not None and kind != unit.kind:
        row.wrong("kind", f"{unit} đang là {Unit.Kind(unit.kind).label}; cấp không đổi được", "Ghi lại cấp cũ, hoặc thêm đơn vị mới.")
    since = None
    if text := row.text("since"):
        since = _day(text)
        if since is None:
            row.wrong("since", f"“{text}” không phải ngày", "Ghi ngày/tháng/năm, ví dụ 01/07/2025.")
        elif since <= BEGINNING:
            row.wrong("since", f"Ngày phải sau {BEGINNING:%d/%m/%Y}", "Ghi lại ngày, hoặc để trống nếu chỉ sửa cho đúng.")
    if text := row.text("time_zone"):
        try:
            validate_time_zone(text)
        except ValidationError:
            row.wrong("time_zone", f"Không có múi giờ “{text}”", "Ghi Asia/Ho_Chi_Minh, hoặc để trống.")
    return _Said(row, unit, kind, since) if row.needs("name") and row.ok and kind is not None else None


def _plan(draft: Draft, known: Known, said: _Said) -> None:
    row, name = said.row, said.row.text("name")
    unit = said.unit
    if unit is None:
        same = [one for one in known.named(name, row.text("parent")) if one.kind == said.kind]
        if len(same) > 1:
            row.wrong("parent", f"Có {len(same)} đơn vị tên “{name}”", "Ghi tên cấp trên ở cột Thuộc, hoặc ghi mã ở cột Mã đơn vị.")
            return
        unit = same[0] if same else None
    try:
        parent = _parent(known, said, unit)
    except UnknownError as unknown:
        row.wrong("parent", str(unknown), "Ghi tên (hoặc mã) của đơn vị cấp trên cho đúng, hoặc thêm đơn vị ấy ở một dòng của trang này.")
        return
    if unit is None:
        _make(draft, known, said, parent)
    elif row.claim(unit.pk):
        _change(draft, known, said, unit, parent)


def _parent(known: Known, said: _Said, unit: Unit | None) -> Unit | None:
    """What the row says that it belongs to. Raises UnknownError."""
    text = said.row.text("parent")
    if unit is not None and (not text or (unit.parent and (text == unit.parent_id or folded(text) == folded(unit.parent.name)))):
        return unit.parent
    above = ABOVE.get(said.kind)
    if not text:
        if known.everything and said.kind != Unit.Kind.COMMUNE:
            return None
        raise UnknownError("Chưa ghi đơn vị cấp trên")
    if above is None:
        raise UnknownError("Cả nước không thuộc đơn vị nào")
    found = [known.unit(text)] if text in known.units else [one for one in known.named(text) if one.kind == above]
    if len(found) > 1:
        raise UnknownError(f"Có {len(found)} đơn vị tên “{text}”; xin ghi mã")
    if not found or found[0].kind != above:
        raise UnknownError(f"Không có {above.label} “{text}” trong phần ông/bà quản lý")
    return found[0]


def _make(draft: Draft, known: Known, said: _Said, parent: Unit | None) -> None:
    row = said.row
    unit = Unit(name=row.text("name"), kind=said.kind, parent=parent, time_zone=row.text("time_zone") or "Asia/Ho_Chi_Minh")
    row.claim(unit.pk)
    known.add(unit)
    draft.new_units.append((unit, said.since or BEGINNING))
    row.outcome(unit, unit.name, What.MADE, (f"thuộc {parent}",) if parent else ())


def _change(draft: Draft, known: Known, said: _Said, unit: Unit, parent: Unit | None) -> None:
    row, before, name = said.row, unit.name, said.row.text("name")
    if said.unit is None or not differs(unit.name, name):
        name = unit.name  # who is known by the name is called as they are, whatever the capitals
    zone = row.text("time_zone") or unit.time_zone
    changes = []
    known.also(unit, name, parent)
    if said.since is not None and _stood(unit, said.since) != (name, parent.pk if parent else None):
        draft.stands.append(Stand(unit, said.since, name, parent))
        changes.append(f"từ {said.since:%d/%m/%Y}: {name}" + (f", thuộc {parent}" if parent else ""))
    elif said.since is None:
        if name != before:
            changes.append(f"tên: {before} → {name}")
            known.rename(unit, name)
        if parent != unit.parent:
            changes.append(f"thuộc: {unit.parent or '–'} → {parent or '–'}")
            draft.moved.append((unit, unit.parent_id))
            unit.parent = parent
    corrected = said.since is None and bool(changes)
    if zone != unit.time_zone:
        changes.append(f"múi giờ: {unit.time_zone} → {zone}")
        unit.time_zone, corrected = zone, True
    if corrected:
        draft.corrected.append(unit)
    row.outcome(unit, before, What.CHANGED if changes else What.KEPT, tuple(changes))


def _stood(unit: Unit, day: date) -> tuple[str, str | None] | None:
    row = Standing.objects.filter(unit_id=unit.pk, since__lte=day).order_by("-since").values_list("name", "parent_id").first()
    return row if row is None else (row[0], row[1])


def _day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return None
