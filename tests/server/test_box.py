"""The suggestion box: what came, what became of it, and who may see it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from server import settings
from server.cases import box
from server.cases.models import Case, Event, PaperSlip, Reading
from server.cases.queries import sentences
from server.comments.erasure import erase
from server.comments.opening import open_sealed
from server.comments.words import CONSENT
from server.record.models import Line
from server.record.veil import veiled
from tests.server.complaints import ADDRESS, NAME, PERSONAL, PHONE, TEXT, by_telephone, complain, on_paper, vote, written
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody


@pytest.fixture(autouse=True)
def no_register() -> Iterator[None]:
    yield
    (settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


def seen(kiosk: Kiosk, role: str, query: str = "") -> str:
    answer = somebody(role, kiosk.unit).get(f"/gop-y/{kiosk.unit.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_came_by_each_way_is_read_with_its_counter_officer_answer_and_reasons(kiosk: Kiosk) -> None:
    first = complain(kiosk, ["waiting", "explanation"])
    second = by_telephone(kiosk, vote(kiosk, ["friendly"], rating="satisfied"), written("Rất vui vẻ", reachable=False))
    kiosk.send()
    third = on_paper(kiosk, ["late"], written("Trễ hẹn một tuần", reachable=False))
    page = seen(kiosk, Role.LEADER)
    for words in (
        TEXT,
        "Chờ lâu · Giải thích khó hiểu",
        NAME,
        PHONE,
        ADDRESS,
        "Rất vui vẻ",
        "Thái độ thân thiện",
        "Trễ hẹn một tuần",
        "Trần Quốc Bảo",
    ):
        assert words in page
    assert [one.source for one in box.slips(kiosk.unit, kiosk.unit.today(), kiosk.unit.today(), sensitive=True)].count("paper") == 1
    lines = Line.objects.filter(action="view", detail="góp ý trong hòm thư")
    assert set(lines.values_list("subject", flat=True)) == {veiled(first.sealed), veiled(second.sealed), veiled(third)}


def test_each_opening_is_recorded_once(kiosk: Kiosk) -> None:
    wrote = complain(kiosk)
    leader = somebody(Role.LEADER, kiosk.unit, "chu-tich")
    for _ in range(3):
        leader.get(f"/gop-y/{kiosk.unit.pk}/")
    assert Line.objects.filter(subject=veiled(wrote.sealed), who="chu-tich").count() == 1
    seen(kiosk, Role.STAFF)
    assert Line.objects.filter(subject=veiled(wrote.sealed)).count() == 2


def test_the_days_figures_count_what_became_of_each(kiosk: Kiosk) -> None:
    opened, noted, _ = complain(kiosk), complain(kiosk), complain(kiosk)
    leader, today = somebody(Role.LEADER, kiosk.unit), kiosk.unit.today()
    address = f"/gop-y/{kiosk.unit.pk}/"
    assert leader.post(address, {"gop-y": opened.sealed, "viec": "mo"}).status_code == 302
    assert leader.post(address, {"gop-y": noted.sealed, "viec": "ghi-nhan"}).status_code == 302
    assert box.report(kiosk.unit, today, sensitive=True) == box.Report(today, 3, 1, 0, 1, 1)
    page = leader.get(address).content.decode()
    assert 'data-figure="came">3<' in page
    assert 'data-figure="waiting">1<' in page


def test_two_who_press_at_once_open_one_case_with_one_event(kiosk: Kiosk) -> None:
    wrote = complain(kiosk)
    for role in (Role.LEADER, Role.STAFF, Role.STAFF):
        answer = somebody(role, kiosk.unit).post(f"/gop-y/{kiosk.unit.pk}/", {"gop-y": wrote.sealed, "viec": "mo"})
        assert answer.headers["Location"] == f"/vu-viec/{kiosk.unit.pk}/{wrote.number}/"
    assert Case.objects.get().id == wrote.number
    assert Event.objects.count() == 1


def test_what_became_a_case_is_not_merely_noted_afterwards(kiosk: Kiosk) -> None:
    wrote = complain(kiosk)
    leader = somebody(Role.LEADER, kiosk.unit)
    for deed in ("mo", "ghi-nhan"):
        leader.post(f"/gop-y/{kiosk.unit.pk}/", {"gop-y": wrote.sealed, "viec": deed})
    assert Reading.objects.get().became == Reading.Became.CASE


def test_a_comment_that_has_not_arrived_is_told_as_such(kiosk: Kiosk) -> None:
    complain(kiosk, arrives=False)
    page = seen(kiosk, Role.LEADER)
    assert "Chưa nhận được nội dung" in page
    assert 'data-figure="came">0<' in page
    assert "mã số" not in page.lower()


def test_an_erased_comment_vanishes_and_is_awaited_no_more(kiosk: Kiosk) -> None:
    wrote, slip = complain(kiosk), on_paper(kiosk)
    erase([wrote.sealed, slip], who="an", because="đơn số 7", at=timezone.now())
    page = seen(kiosk, Role.LEADER)
    assert not any(words in page for words in PERSONAL)
    assert "data-slip" not in page
    assert "Chưa nhận được nội dung" not in page
    assert 'data-figure="came">0<' in page


def test_what_nobody_read_stays_on_the_page_of_every_day(kiosk: Kiosk) -> None:
    complain(kiosk)
    yesterday = kiosk.unit.today() - timedelta(days=1)
    assert TEXT in seen(kiosk, Role.LEADER, f"?ngay={yesterday:%Y-%m-%d}")


# --- for leaders alone -----------------------------------------------------------------------------------------------


def test_of_the_sensitive_reason_staff_find_neither_words_nor_line_nor_number(kiosk: Kiosk) -> None:
    wrote, slip = complain(kiosk, ["waiting", "extra-cost"]), on_paper(kiosk, ["extra-cost"])
    vote(kiosk, ["extra-cost"])
    complain(kiosk, ["extra-cost"], arrives=False)
    kiosk.send()
    page = seen(kiosk, Role.STAFF)
    assert not any(words in page for words in (*PERSONAL, wrote.number, "lãnh đạo xem", "Chưa nhận được", "chi phí"))
    assert 'data-figure="came">0<' in page
    assert 'data-figure="waiting">0<' in page
    staff = somebody(Role.STAFF, kiosk.unit)
    for sealed in (wrote.sealed, slip):
        for deed in ("mo", "ghi-nhan"):
            assert staff.post(f"/gop-y/{kiosk.unit.pk}/", {"gop-y": sealed, "viec": deed}).status_code == 404
    page = seen(kiosk, Role.LEADER)
    assert page.count(TEXT) == 2
    assert "Chưa nhận được" in page
    today = kiosk.unit.today()
    assert sentences(kiosk.unit, today, reads=True, follows=True, sensitive=False) == []
    assert sentences(kiosk.unit, today, reads=True, follows=True, sensitive=True)[0].head == "2 góp ý chưa đọc."


def test_what_comes_by_telephone_before_the_kiosk_said_why_is_for_leaders_until_it_did(kiosk: Kiosk) -> None:
    secret, usual = vote(kiosk, ["extra-cost"]), vote(kiosk, [])
    by_telephone(kiosk, secret)
    by_telephone(kiosk, usual, written("Ghế hỏng", reachable=False))

    def shown(sensitive: bool) -> int:
        return len(box.unread(kiosk.unit, kiosk.unit.today(), sensitive=sensitive))

    assert (shown(False), shown(True)) == (0, 2)
    kiosk.send(1, 2)  # the vote, not its reasons
    assert (shown(False), shown(True)) == (0, 2)
    kiosk.send(3)
    assert (shown(False), shown(True)) == (0, 2)  # of the second, more may still come
    vote(kiosk)
    kiosk.send(5)
    assert (shown(False), shown(True)) == (1, 2)
    assert "Ghế hỏng" in seen(kiosk, Role.STAFF)


# --- votes without a comment -----------------------------------------------------------------------------------------


def test_a_case_is_opened_from_a_vote_with_reasons_and_nothing_tells_when_it_was_cast(kiosk: Kiosk) -> None:
    voted = vote(kiosk, ["attitude"])
    complain(kiosk, ["late"])
    page = seen(kiosk, Role.STAFF)
    assert page.count('name="luot"') == 1
    assert str(voted) not in page
    assert voted.hex not in page
    number = page.split('name="luot" value="')[1].split('"')[0]
    for _ in range(2):
        answer = somebody(Role.STAFF, kiosk.unit).post(f"/gop-y/{kiosk.unit.pk}/", {"luot": number, "viec": "mo"})
        assert answer.status_code == 302
    case = Case.objects.get()
    assert (case.source, case.vote, case.reasons, case.id) == ("vote", voted, ["attitude"], number)
    shown = somebody(Role.LEADER, kiosk.unit).get(answer.headers["Location"]).content.decode()
    assert "không viết góp ý" in shown
    assert str(voted) not in shown
    assert f"Vụ việc {number}" in seen(kiosk, Role.STAFF)


# --- paper -----------------------------------------------------------------------------------------------------------


def typed(kiosk: Kiosk, role: str = Role.STAFF, **fields: str) -> tuple[int, str]:
    said = {"day": f"{kiosk.unit.today():%Y-%m-%d}", "text": TEXT, "answer": "bad", **fields}
    answer = somebody(role, kiosk.unit).post(f"/gop-y/{kiosk.unit.pk}/phieu/", said, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_slip_of_paper_is_sealed_at_once_and_lies_in_the_box(kiosk: Kiosk) -> None:
    status, page = typed(kiosk, consent="on", name=NAME, phone="0912 345.678", address=ADDRESS, reasons="late")
    assert status == 200
    assert TEXT in page
    slip = PaperSlip.objects.get()
    kept = open_sealed(slip.sealed)
    assert (kept.text, kept.name, kept.phone, kept.address, kept.consent) == (TEXT, NAME, PHONE, ADDRESS, CONSENT)
    assert slip.reasons == ["late"]


@pytest.mark.parametrize("field", ["name", "phone", "address"])
def test_without_consent_nothing_of_the_writer_is_kept(kiosk: Kiosk, field: str) -> None:
    status, page = typed(kiosk, **{field: {"name": NAME, "phone": PHONE, "address": ADDRESS}[field]})
    assert status == 422
    assert "không ghi sự đồng ý" in page
    assert TEXT in page  # nothing is lost
    assert not PaperSlip.objects.exists()


def test_the_wording_that_the_paper_bears_is_shown_exactly(kiosk: Kiosk) -> None:
    assert CONSENT in somebody(Role.STAFF, kiosk.unit).get(f"/gop-y/{kiosk.unit.pk}/phieu/").content.decode()


def test_a_slip_about_money_that_staff_typed_in_goes_to_leaders_alone(kiosk: Kiosk) -> None:
    _, page = typed(kiosk, reasons="extra-cost")
    assert "gửi riêng lãnh đạo" in page
    assert TEXT not in page
    assert TEXT in seen(kiosk, Role.LEADER)


@pytest.mark.parametrize(
    ("field", "value"), [("day", "2099-01-01"), ("day", "hôm qua"), ("text", ""), ("phone", "không có"), ("counter", "c-x")]
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(kiosk: Kiosk, field: str, value: str) -> None:
    status, page = typed(kiosk, **{"consent": "on", "name": NAME, field: value})
    assert status == 422
    assert 'role="alert"' in page
    assert NAME in page
    assert not PaperSlip.objects.exists()
