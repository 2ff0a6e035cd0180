"""Quarantined lines as people see them: what kind of entry, when, from where, why it was put aside. Never what it says."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from server.devices.models import Device
from server.intake.clock import instant
from server.intake.decisions import Place, places_of, ready, with_verdict
from server.intake.fold import UNKNOWN_OFFICER
from server.intake.models import Decision, Head, Quarantine
from server.places.models import Counter, Unit
from server.places.scope import Right, Somebody, units_for
from sync.entries import Entry, Malformed, Vote, decode_entry

NOON = 12


class Reason(NamedTuple):
    """Why lines are put aside. advice: what a person may do; foldable: whether accepting can ever help."""

    words: str
    advice: str
    foldable: bool


_SAME = "Dòng đầu tiên đã được tính. Dòng này trái với nó nên không thể tính; xin để riêng."
REASONS = {
    "unknown-officer": Reason(
        "Cán bộ không có trong đơn vị",
        "Nếu cán bộ có thật: nhập cán bộ với đúng mã đó, rồi chấp nhận. Dòng đã chấp nhận sẽ được tính ngay khi có cán bộ.",
        True,
    ),
    "ledger-not-opened": Reason(
        "Sổ không mở đúng ở một quầy của máy này",
        "Thường gặp khi máy mất khóa và được đăng ký lại ở quầy khác. Nếu biết máy và tin dữ liệu của nó: chấp nhận. "
        "Lượt được tính ở quầy mà dòng đầu của sổ nêu.",
        True,
    ),
    "malformed": Reason(
        "Không đọc được, sai cấu trúc",
        "Có thể do phiên bản kiosk mới hơn máy chủ: nâng cấp máy chủ rồi chấp nhận. Nếu không, để riêng.",
        True,
    ),
    "wrong-opened": Reason(
        "Dòng mở sổ không hợp lệ", "Dòng này không phải lượt đánh giá, chỉ cho biết sổ thuộc quầy nào. Xin xem các dòng sau của sổ.", False
    ),
    "id-reused": Reason("Trùng mã nhưng khác nội dung", "Có thể dữ liệu trên máy đã bị sửa. Xin kiểm tra máy; dòng này để riêng.", False),
    "late-change": Reason("Sửa lượt quá muộn (sau 10 giây)", "Kiosk không cho sửa sau 10 giây. Xin để riêng.", False),
    "second-change": Reason("Sửa một lượt lần thứ hai", _SAME, False),
    "second-reasons": Reason("Lý do lần thứ hai cho một lượt", _SAME, False),
    "second-comment": Reason("Góp ý lần thứ hai cho một lượt", _SAME, False),
}
KINDS = {
    "Opened": "mở sổ",
    "Started": "khởi động",
    "Vote": "lượt đánh giá",
    "Change": "sửa lượt",
    "Reasons": "lý do",
    "Comment": "góp ý (không hiện nội dung)",
    "Duty": "phân công trực",
    "Closed": "đóng sổ",
}


class Group(NamedTuple):
    """Lines that were put aside for the same reason. open, accepted, rejected: how many, by what was decided."""

    name: str
    reason: Reason
    open: int
    accepted: int
    rejected: int


class LineRow(NamedTuple):
    """A line as the list shows it. at: when, as exactly as the user may know; ready: whether it can be counted now; mine: whether
    the user may decide about it. place: where it counts or would count. officer: the id that nobody there has, or empty.
    """

    row: Quarantine
    verdict: str | None
    kind: str
    officer: str
    at: str
    place: str
    device_id: str
    reason: Reason
    ready: bool
    mine: bool

    @property
    def name(self) -> str:
        """Where it stands, as forms and commands say it."""
        return f"{self.row.ledger}:{self.row.seq}"


def visible(user: Somebody) -> QuerySet[Quarantine]:
    """The quarantined lines of the units whose devices the user may see."""
    return Quarantine.objects.filter(unit_id__in=units_for(user, Right.SEE_DEVICES).values("pk"))


def from_device(user: Somebody, device: Device) -> QuerySet[Quarantine]:
    """Of those, what the device brought."""
    heads = Head.objects.filter(device_id=device.pk)
    return visible(user).filter(ledger__in=heads.values("ledger"))


def by_reason(rows: QuerySet[Quarantine]) -> list[Group]:
    """The lines counted by reason and decision, the most first."""
    counts: defaultdict[str, dict[str | None, int]] = defaultdict(dict)
    grouped = with_verdict(rows).annotate(group=_GROUP).order_by().values_list("group", "verdict").annotate(lines=Count("*"))
    for group, verdict, lines in grouped:
        known = None if verdict == Decision.Verdict.FOLDED else verdict  # it came back, for another reason
        counts[group][known] = counts[group].get(known, 0) + lines
    groups = [
        Group(name, reason_of(name), *(by.get(verdict, 0) for verdict in (None, Decision.Verdict.ACCEPT, Decision.Verdict.REJECT)))
        for name, by in counts.items()
    ]
    return sorted(groups, key=lambda group: (-group.open, -group.accepted, group.name))


def of_reason(rows: QuerySet[Quarantine], name: str) -> QuerySet[Quarantine]:
    """Those of the lines that were put aside for the reason."""
    return rows.filter(Q(reason=name) | Q(reason__startswith=f"{name}:"))


def reason_of(text: str) -> Reason:
    """What a stored reason means; what follows a colon there may hold parts of the line and is never shown."""
    return REASONS.get(text.partition(":")[0], Reason("Lý do khác", "Xin hỏi đơn vị cung cấp phần mềm.", False))


def line_rows(rows: Collection[Quarantine], user: Somebody) -> list[LineRow]:
    """The lines, each with where it counts and whether the user may decide about it. The queries do not grow with them."""
    heads = Head.objects.in_bulk({row.ledger for row in rows})
    places = places_of(heads.values())
    units = Unit.objects.in_bulk({place.unit_id for place in places.values()})
    counters = dict(Counter.objects.filter(pk__in={place.counter_id for place in places.values()}).values_list("id", "name"))
    exact = _among(user, Right.SEE_MOMENTS, {row.unit_id for row in rows})
    mine = {_key(row) for row in decidable(rows, user, places)}
    countable = {_key(row) for row in ready(rows)}
    shown = []
    for row in rows:
        place, reason = places[row.ledger], reason_of(row.reason)
        unit = units.get(place.unit_id)
        where = f"{counters.get(place.counter_id or '', 'không rõ quầy')}, {unit.name if unit else place.unit_id}"
        at = _moment(instant(row.at), unit, exact=row.unit_id in exact)
        verdict: str | None = getattr(row, "verdict", None)
        key = _key(row)
        device_id = heads[row.ledger].device_id
        entry = _entry(bytes(row.line))
        kind = KINDS.get(type(entry).__name__, "không rõ")
        officer = entry.officer or "" if isinstance(entry, Vote) and row.reason == UNKNOWN_OFFICER else ""
        shown.append(LineRow(row, verdict, kind, officer, at, where, device_id, reason, key in countable, key in mine))
    return shown


def decidable(rows: Collection[Quarantine], user: Somebody, places: dict[str, Place] | None = None) -> list[Quarantine]:
    """Those of the lines about which the user may decide: they may where the line is kept, and where it would count."""
    if places is None:
        places = places_of(Head.objects.filter(pk__in={row.ledger for row in rows}))
    units = {row.unit_id for row in rows} | {place.unit_id for place in places.values()}
    allowed = _among(user, Right.DECIDE_QUARANTINE, units)
    return [row for row in rows if row.unit_id in allowed and places[row.ledger].unit_id in allowed]


def _among(user: Somebody, right: Right, units: Iterable[str]) -> set[str]:
    return set(units_for(user, right).filter(pk__in=set(units)).values_list("pk", flat=True))


def _key(row: Quarantine) -> tuple[str, int]:
    return row.ledger, row.seq


def _entry(line: bytes) -> Entry | None:
    try:
        return decode_entry(line)
    except Malformed:
        return None


def _moment(at: datetime, unit: Unit | None, *, exact: bool) -> str:
    """As exactly as the user may know when a citizen voted: to the half-day, or to the second."""
    local = at.astimezone(ZoneInfo(unit.time_zone if unit else "Asia/Ho_Chi_Minh"))
    if exact:
        return f"{local:%d/%m/%Y %H:%M:%S}"
    return f"{'sáng' if local.hour < NOON else 'chiều'} {local:%d/%m/%Y}"


_GROUP = Case(When(reason__startswith="malformed", then=Value("malformed")), default=F("reason"), output_field=CharField())
