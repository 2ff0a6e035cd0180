"""What citizens wrote to the office of `tests.stage.office`, and what became of it: unread slips, some from the telephone and the paper
box, one that has not arrived, cases at every step, two that are overdue, and one for leaders alone. Everybody is invented.
"""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from server.cases.models import Case
    from server.intake.models import Vote
    from server.places.models import Unit
    from sync.sealing import Written

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEADER, STAFF = "lanhdao", "vanphong"


class Wrote(NamedTuple):
    """Somebody's comment. days: ago; way: kiosk, form or paper; steps: how far its case came, empty for none; late: nobody went on
    with it.
    """

    days: int
    way: str
    counter: str
    satisfied: bool
    reasons: tuple[str, ...]
    text: str
    name: str = ""
    phone: str = ""
    address: str = ""
    steps: tuple[str, ...] = ()
    became: str = ""
    late: bool = False


WROTE = (
    Wrote(
        1,
        "kiosk",
        "Quầy 2",
        False,
        ("waiting", "explanation"),
        "Tôi chờ từ 8 giờ đến 10 giờ mới được gọi. Cán bộ nói nhanh quá, tôi già rồi nghe không kịp.",
        "Nguyễn Văn Tám",
        "0912 345 678",
        "Khối 5, phường Thái Hòa",
    ),
    Wrote(1, "form", "Quầy 3", True, ("devoted",), "Cháu Hạnh hướng dẫn tôi điền tờ khai rất tận tình. Xin cảm ơn!"),
    Wrote(0, "kiosk", "Quầy 1", False, ("more-papers",), "Lần nào đến cũng thiếu một giấy. Sao không nói đủ một lần?"),
    Wrote(2, "paper", "", False, ("late",), "Giấy hẹn ngày 16 mà đến 19 vẫn chưa có kết quả."),
    Wrote(
        0,
        "kiosk",
        "Quầy 2",
        False,
        ("extra-cost",),
        "Có người gợi ý tôi đưa thêm 200 nghìn để làm nhanh.",
        "Trần Thị Mười",
        "0987 111 222",
        "12 Nguyễn Trãi, phường Thái Hòa",
    ),
    Wrote(0, "absent", "Quầy 4", False, ("waiting",), "Chưa đến nơi."),
    Wrote(3, "kiosk", "Quầy 1", True, ("friendly",), "Cán bộ vui vẻ, nhiệt tình.", became="noted"),
    Wrote(
        1,
        "kiosk",
        "Quầy 2",
        False,
        ("attitude",),
        "Hỏi thì gắt. Mong các cô chú nhẹ nhàng hơn.",
        "Lê Thị Hoa",
        "0905123456",
        "Khối 7, phường Thái Hòa",
        ("opened",),
    ),
    Wrote(
        9,
        "form",
        "Quầy 2",
        False,
        ("late", "explanation"),
        "Sổ đỏ hẹn 15 ngày, đã 25 ngày chưa có, hỏi không ai trả lời.",
        "Phạm Văn Đức",
        "0977 888 999",
        "25 Lê Lợi, phường Thái Hòa",
        ("opened", "verified"),
        late=True,
    ),
    Wrote(
        12,
        "kiosk",
        "Quầy 1",
        False,
        ("more-papers",),
        "Phải đi lại bốn lần cho một bộ hồ sơ.",
        "Hoàng Văn Lợi",
        "0911222333",
        "Xóm 3, phường Thái Hòa",
        ("opened", "verified", "invited"),
    ),
    Wrote(
        14,
        "paper",
        "Quầy 3",
        False,
        ("procedure",),
        "Một tờ giấy xác nhận mà phải nộp ba bản sao công chứng.",
        "Đặng Thị Nga",
        "0966000111",
        "Khối 2, phường Thái Hòa",
        ("opened", "verified", "invited", "listed"),
    ),
    Wrote(
        18,
        "kiosk",
        "Quầy 2",
        False,
        ("waiting",),
        "Chờ cả buổi sáng.",
        "Vũ Văn Bình",
        "0944555666",
        "",
        ("opened", "verified", "invited", "listed", "met"),
        late=True,
    ),
    Wrote(
        24,
        "kiosk",
        "Quầy 1",
        False,
        ("late",),
        "Trả kết quả chậm một tuần.",
        "Bùi Thị Lan",
        "0933444555",
        "",
        ("opened", "verified", "answered"),
    ),
    Wrote(
        33,
        "form",
        "Quầy 3",
        False,
        ("explanation",),
        "Bảng hướng dẫn chữ nhỏ quá, người già không đọc được.",
        "",
        "",
        "",
        ("opened", "verified", "answered", "published"),
    ),
    Wrote(40, "kiosk", "Quầy 4", False, ("other-bad",), "Thiếu ghế ngồi chờ.", "", "", "", ("opened", "verified", "answered", "published")),
    Wrote(30, "kiosk", "Quầy 2", False, ("attitude",), "Thôi không cần nữa.", "Ngô Văn Tư", "0922333444", "", ("opened", "withdrawn")),
    Wrote(
        5,
        "kiosk",
        "Quầy 4",
        False,
        ("extra-cost",),
        "Bảo tôi mua hồ sơ ở quán trước cổng mới nhận.",
        "Cao Văn Sáu",
        "0955666777",
        "Khối 1, phường Thái Hòa",
        ("opened", "verified"),
    ),
)
PUBLISHED = {
    "Bảng hướng dẫn chữ nhỏ quá, người già không đọc được.": "Đã in lại bảng hướng dẫn bằng chữ to và đặt ngang tầm mắt ở cả bốn quầy.",
    "Thiếu ghế ngồi chờ.": "Đã bổ sung 12 ghế tại phòng chờ, ưu tiên người già và phụ nữ có thai.",
}


def fill(unit: "Unit") -> dict[str, str]:
    """Put it all into the box and see to it; returns the numbers of the cases by their last step, the leaders' own under `sensitive`."""
    made = {}
    for number, one in enumerate(WROTE):
        case = _write(unit, one, number)
        if case is not None:
            made["sensitive" if case.sensitive else one.steps[-1]] = case.id
    return made


def _write(unit: "Unit", one: Wrote, number: int) -> "Case | None":
    from server.cases import box
    from server.cases.models import Reading
    from server.cases.taking import Matter, open_about, read
    from server.cases.wording import Names, subject

    today = unit.today()
    came = datetime.combine(today - timedelta(days=one.days), time(8 if one.days else 0, 1 + number), ZONE)
    sealed = _paper(unit, one, came) if one.way == "paper" else _on_screen(unit, one, came, number)
    if one.became:
        read(unit, sealed, came.date(), Reading.Became(one.became), STAFF, came + timedelta(hours=3))
    if not one.steps:
        return None
    slip = box.find(unit, sealed, sensitive=True)
    assert slip is not None
    names = Names([slip.counter_id], [], [slip.reasons])
    called = subject(names.reasons(slip.reasons), names.counter(slip.counter_id), slip.day)
    fields = slip._asdict()
    about = {name: fields[name] for name in ("source", "day", "vote", "counter_id", "officer_id", "reasons")}
    who = LEADER if slip.sensitive else STAFF
    case = open_about(unit, Matter(subject=called, sensitive=slip.sensitive, handler=who, **about), sealed, who, came + timedelta(hours=4))
    apart = timedelta(days=1) if one.late else timedelta(days=one.days - 1) / max(1, len(one.steps) - 1)
    for place, step in enumerate(one.steps[1:], 1):
        _go(unit, case, step, one, came + timedelta(hours=4) + place * apart, who)
    case.refresh_from_db()
    return case


def _go(unit: "Unit", case: "Case", step: str, one: Wrote, at: datetime, who: str) -> None:
    from server.cases.models import Case, Paper
    from server.cases.steps import Step, mondays
    from server.cases.taking import add_paper, move
    from server.comments.by_office import keep
    from sync.sealing import Written

    notes = {
        "verified": "Đã hỏi cán bộ ở quầy và xem hồ sơ: phản ánh đúng.", "met": "Người dân đồng ý với cách khắc phục.",
        "answered": "Đã xin lỗi qua điện thoại và hẹn ngày trả.", "withdrawn": "Người dân gọi điện báo rút.",
    }  # fmt: skip
    monday: date = mondays(unit.today() - timedelta(days=15 if "met" in one.steps else 1), 1)[0]
    fields: dict[str, object] = {}
    if step in ("invited", "listed"):
        fields = {"reception": monday, "hour": time(8, 30), "place": f"Phòng tiếp công dân, {unit.name}"}
    elif step == "answered":
        fields = {"outcome": Case.Outcome.APOLOGISED}
    elif step == "published":
        fields = {"published": PUBLISHED[one.text]}
    if step in notes:
        add_paper(case, Paper.Kind.NOTE, keep(unit.pk, Written(text=notes[step], language="vi"), who, at), who, at)
    said = f"{monday:%d/%m/%Y}, 08 giờ 30" if step in ("invited", "listed") else ""
    move(case, Step(step), LEADER if step == "published" else who, at, said, **fields)


def _paper(unit: "Unit", one: Wrote, came: datetime) -> str:
    from server.cases.taking import FoundPaper, put_in

    counter = unit.counters.filter(name=one.counter).first()
    officer = (counter.on_duty_id or "") if counter else ""
    found = FoundPaper(came.date(), counter.pk if counter else "", officer, one.satisfied, one.reasons)
    return put_in(unit, _written(one), found, STAFF, came)


def _on_screen(unit: "Unit", one: Wrote, came: datetime, number: int) -> str:
    """On a kiosk, or on the citizen's telephone: the reasons of a vote of the history, and the comment, as intake folds them."""
    from django.conf import settings

    from server import keys
    from server.comments.models import FormComment, SealedComment
    from server.intake.models import Comment, Reasons
    from sync.entries import uuid7
    from sync.sealing import key_id, seal
    from sync.wire import sha256

    vote = _vote(unit, one, came)
    line = {"unit_id": unit.pk, "ledger": vote.ledger, "vote": vote.id, "said": ""}
    Reasons.objects.create(**line, id=uuid7(), seq=1000 + 2 * number, reasons=list(one.reasons))
    key = keys.sealing_key(settings.KEYS).public_key.encode().hex()
    body = seal(_written(one), key)
    sealed = sha256(body)
    if one.way == "form":
        link = {"device_id": "", "device_key": "", "expires": came, "signature": ""}
        FormComment.objects.create(unit_id=unit.pk, vote=vote.id, sealed=sealed, key=key_id(key), received_at=came, **link)
    else:
        said = {"sealed": sealed, "key": key_id(key), "at": came, "arrived": one.way != "absent"}
        Comment.objects.create(**line, id=uuid7(), seq=1001 + 2 * number, **said)
    if one.way != "absent":
        SealedComment.objects.create(unit_id=unit.pk, sha256=sealed, device_id="", received_at=came, body=body)
    return sealed


def _vote(unit: "Unit", one: Wrote, came: datetime) -> "Vote":
    """The last vote before, of which nobody said why yet; at that counter, if there is one."""
    from server.intake.models import Reasons, Vote

    told = Reasons.objects.filter(unit_id=unit.pk).values("vote")
    votes = Vote.objects.filter(unit_id=unit.pk, satisfied=one.satisfied, at__lt=came).exclude(id__in=told).order_by("-at")
    return votes.filter(counter_id=unit.counters.get(name=one.counter).pk).first() or votes[0]


def _written(one: Wrote) -> "Written":
    from server.comments.words import CONSENT
    from sync.sealing import Written

    phone = one.phone.replace(" ", "")
    consent = CONSENT if one.name or one.phone or one.address else ""
    return Written(text=one.text, language="vi", name=one.name, phone=phone, address=one.address, consent=consent)
