"""Cases: the order of their steps, who sees them, and that nothing of the citizen lies open anywhere."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from server import settings
from server.cases.models import Case, Event, Paper, Reading
from server.cases.queries import overdue, sentences, waiting
from server.cases.steps import Step, mondays
from server.cases.taking import Matter, NotNextError, in_hand, move, open_about
from server.comments.by_office import KeptFile, keep_file, open_file
from server.comments.erasure import erase
from server.comments.opening import open_sealed
from server.places.models import Unit
from server.record.models import Line
from server.record.veil import veiled
from sync.entries import Malformed
from sync.reference import reference
from tests.server.complaints import ADDRESS, NAME, PERSONAL, PHONE, TEXT, a_case, attach, by_telephone, complain, page, press, vote, written
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, logged_in, person, somebody

FINDING = "Hồ sơ đúng là trễ ba ngày"
PUBLISHED = "Đã mở thêm quầy vào buổi sáng thứ Hai."
PDF, JPEG, PNG = b"%PDF-1.7 " + TEXT.encode(), b"\xff\xd8\xff\xe0 anh", b"\x89PNG\r\n\x1a\n anh"


@pytest.fixture(autouse=True)
def no_register() -> Iterator[None]:
    yield
    (settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


def said(case: Case, deed: str) -> dict[str, str]:
    """What is filled in for a step."""
    monday = mondays(timezone.localdate(), 1)[0].isoformat()
    return {
        "xac-minh": {"words": FINDING},
        "moi": {"day": monday, "hour": "08:30", "place": "Phòng tiếp công dân"},
        "xep-lich": {"monday": monday, "hour": "09:00", "place": "Phòng tiếp công dân"},
        "da-gap": {"words": f"Gặp {NAME}, đồng ý"},
        "tra-loi": {"outcome": "apologised", "words": f"Đã gọi {PHONE}"},
        "cong-khai": {"text": PUBLISHED},
        "ket-thuc": {"words": f"{NAME} không cần trả lời"},
        "rut": {"words": f"{NAME} gọi từ {PHONE}"},
        "ghi-chu": {"words": f"Nhà ở {ADDRESS}"},
        "dat-ten": {"subject": "Chờ lâu buổi sáng"},
        "giao": {"handler": "chu-tich"},
    }[deed]


STEPS = {
    "xac-minh": Step.VERIFIED, "moi": Step.INVITED, "xep-lich": Step.LISTED, "da-gap": Step.MET, "tra-loi": Step.ANSWERED,
    "cong-khai": Step.PUBLISHED, "ket-thuc": Step.CLOSED, "rut": Step.WITHDRAWN,
}  # fmt: skip


def whole_loop(kiosk: Kiosk) -> Case:
    case = a_case(kiosk)
    leader = somebody(Role.LEADER, kiosk.unit, "chu-tich")
    leader.get(f"/gop-y/{kiosk.unit.pk}/")
    assert attach(leader, case, f"{NAME}.pdf", PDF).status_code == 200
    for deed in ("ghi-chu", "dat-ten", "giao", "xac-minh", "moi", "xep-lich", "da-gap", "tra-loi", "cong-khai"):
        answer = press(leader, case, deed, **said(case, deed))
        assert answer.status_code == 302, (deed, answer.content.decode())
    leader.get(f"/tiep-dan/{kiosk.unit.pk}/?ngay={Case.objects.get().reception:%Y-%m-%d}")
    leader.get(f"/vu-viec/{kiosk.unit.pk}/")
    case.refresh_from_db()
    return case


def test_a_case_goes_its_way_to_the_board(kiosk: Kiosk) -> None:
    case = whole_loop(kiosk)
    assert (case.step, case.published, case.outcome, case.due) == (Step.PUBLISHED, PUBLISHED, "apologised", None)
    assert [one.step for one in Event.objects.order_by("number") if one.step] == [
        "opened", "verified", "invited", "listed", "met", "answered", "published",
    ]  # fmt: skip
    shown = somebody(Role.LEADER, kiosk.unit).get(page(case)).content.decode()
    for words in (*PERSONAL, FINDING, PUBLISHED, f"Gặp {NAME}", f"{NAME}.pdf"):
        assert words in shown


@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(st.sampled_from([*STEPS, "ghi-chu"]), st.sampled_from([Role.LEADER, Role.STAFF])), max_size=6))
def test_the_order_of_steps_holds_for_every_sequence_of_requests(kiosk: Kiosk, deeds: list[tuple[str, str]]) -> None:
    case = a_case(kiosk)
    people: dict[str, Client] = {role: somebody(role, kiosk.unit) for role in (Role.LEADER, Role.STAFF)}
    for deed, role in deeds:
        before = Step(Case.objects.get(id=case.id).step)
        allowed = deed == "ghi-chu" or (STEPS[deed] in before.following and (deed != "cong-khai" or role == Role.LEADER))
        answer = press(people[role], case, deed, **said(case, deed))
        assert (answer.status_code == 302) == allowed
        assert Case.objects.get(id=case.id).step == (STEPS.get(deed, before) if allowed else before)
    went = [Step(one.step) for one in Event.objects.filter(case=case.id).order_by("number") if one.step]
    assert all(after in before.following for before, after in pairwise(went))
    numbers = list(Event.objects.filter(case=case.id).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_of_two_who_press_at_once_one_is_told_and_keeps_their_words(kiosk: Kiosk) -> None:
    case, first, second = a_case(kiosk), somebody(Role.LEADER, kiosk.unit), somebody(Role.STAFF, kiosk.unit)
    assert first.post(page(case), {"da-xem": "1", "viec": "xac-minh", "words": FINDING}).status_code == 302
    answer = second.post(page(case), {"da-xem": "1", "viec": "xac-minh", "words": "Đã hỏi cán bộ quầy 1"})
    assert answer.status_code == 409
    assert "vừa có thay đổi khác" in answer.content.decode()
    assert re.search(r"<textarea[^>]*>\s*Đã hỏi cán bộ quầy 1</textarea>", answer.content.decode())
    assert Event.objects.count() == 2
    assert Paper.objects.filter(kind=Paper.Kind.NOTE).count() == 1
    answer = second.post(page(case), {"da-xem": "1", "viec": "tra-loi", "outcome": "explained", "words": "Đã giải thích rồi"})
    assert answer.status_code == 409  # still to be done, but not as it was seen
    assert "Đã giải thích rồi" in answer.content.decode()
    assert Case.objects.get().step == Step.VERIFIED


def test_of_many_at_the_same_moment_one_opens_the_case_and_one_goes_on(kiosk: Kiosk) -> None:
    wrote, unit, now = complain(kiosk), kiosk.unit, timezone.now()
    matter = Matter(Case.Source.KIOSK, unit.today(), "Chờ lâu", wrote.vote)

    def opens(who: str) -> Case:
        try:
            return open_about(unit, matter, wrote.sealed, who, now)
        finally:
            connection.close()

    def goes_on(who: str) -> bool:
        try:
            with in_hand(Case.objects.get(), 1) as case:
                move(case, Step.VERIFIED, who, now)
            return True
        except NotNextError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as many:
        assert len({case.id for case in many.map(opens, "abcd")}) == 1
        assert sorted(many.map(goes_on, "abcd")) == [False, False, False, True]
    assert list(Event.objects.order_by("number").values_list("number", "step")) == [(1, "opened"), (2, "verified")]
    assert (Case.objects.count(), Reading.objects.count(), Paper.objects.count()) == (1, 1, 1)


# --- publishing ------------------------------------------------------------------------------------------------------


def answered(kiosk: Kiosk) -> Case:
    case = a_case(kiosk)
    staff = somebody(Role.STAFF, kiosk.unit)
    for deed in ("xac-minh", "tra-loi"):
        press(staff, case, deed, **said(case, deed))
    return case


def test_what_is_published_says_nothing_of_the_citizen(kiosk: Kiosk) -> None:
    case, leader = answered(kiosk), somebody(Role.LEADER, kiosk.unit)
    refused = {
        f"Đã xin lỗi {NAME}": "tên", "Đã xin lỗi do thi quynh nhu": "tên", "Gọi 0912.345.678": "số điện thoại",
        "Gọi O912 345 678": "số điện thoại", "Gọi +84 912-345-678": "số điện thoại", "Đến 17 Nguyễn Trãi": "địa chỉ",
        f"số của vụ việc: {case.id.lower()}": "mã số",
    }  # fmt: skip
    for words, what in refused.items():
        answer = press(leader, case, "cong-khai", text=words)
        assert answer.status_code == 422
        assert f"Có {what}" in answer.content.decode()
    assert Case.objects.get().step == Step.ANSWERED


def test_who_may_not_publish_cannot(kiosk: Kiosk) -> None:
    case = answered(kiosk)
    assert press(somebody(Role.STAFF, kiosk.unit), case, "cong-khai", text=PUBLISHED).status_code == 409
    assert Case.objects.get().published == ""


def test_names_and_places_that_stay_readable_say_nothing_of_the_citizen_either(kiosk: Kiosk) -> None:
    case, leader = a_case(kiosk), somebody(Role.LEADER, kiosk.unit)
    assert press(leader, case, "dat-ten", subject=f"Việc của {NAME}").status_code == 422
    press(leader, case, "xac-minh", words=FINDING)
    assert press(leader, case, "moi", **{**said(case, "moi"), "place": ADDRESS}).status_code == 422


# --- who sees it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sensitive", [False, True])
def test_nobody_without_the_right_gets_words_line_or_number(kiosk: Kiosk, sensitive: bool) -> None:
    case = a_case(kiosk, ["extra-cost"] if sensitive else ["waiting"])
    leader = somebody(Role.LEADER, kiosk.unit, "chu-tich")
    attach(leader, case, "don.pdf", PDF)
    for deed in ("xac-minh", "moi", "xep-lich"):
        press(leader, case, deed, **said(case, deed))
    unread = complain(kiosk, ["extra-cost"] if sensitive else ["waiting"])
    vote(kiosk, ["extra-cost"] if sensitive else ["late"])
    kiosk.send()
    people = {role: somebody(role, kiosk.unit) for role in Role.values}
    people["superuser"] = logged_in(User.objects.create_superuser("goc"))
    people["elsewhere"] = somebody(Role.LEADER, enrolled().unit)
    for role, client in people.items():
        if role == Role.LEADER or (role == Role.STAFF and not sensitive):
            assert NAME in client.get(page(case)).content.decode()
            assert client.get(f"{page(case)}tep/{Paper.objects.get(kind='attachment').sealed}").content == PDF
        else:
            _finds_nothing(client, case, unread.sealed)


def _finds_nothing(client: Client, case: Case, unread: str) -> None:
    """Neither by looking nor by doing."""
    file, reception = Paper.objects.get(kind=Paper.Kind.ATTACHMENT), Case.objects.get().reception
    mondays_list = f"/tiep-dan/{case.unit_id}/?ngay={reception:%Y-%m-%d}"
    case_pages = (page(case), f"{page(case)}tep/{file.sealed}")
    lists = ("/", f"/don-vi/{case.unit_id}/", "/gop-y/", f"/gop-y/{case.unit_id}/", "/vu-viec/", f"/vu-viec/{case.unit_id}/", "/tiep-dan/")
    for address in (*lists, mondays_list, *case_pages):
        shown = client.get(address, follow=True).content.decode(errors="replace")
        for words in (*PERSONAL, case.id, reference(unread), case.subject, FINDING, 'name="luot"', "góp ý chưa đọc", "1 đang xử lý"):
            assert words not in shown, (address, words)
        assert not re.search(r'data-figure="\w+">[1-9]', shown)
    done = Event.objects.count()
    for deed in (*STEPS, "ghi-chu", "giao", "dat-ten"):
        assert client.post(page(case), {"da-xem": "5", "viec": deed, **said(case, deed)}).status_code == 404
    assert [client.get(address).status_code for address in case_pages] == [404, 404]
    assert client.post(f"{page(case)}tep/", {"da-xem": "5"}).status_code == 404
    assert client.post(f"/gop-y/{case.unit_id}/", {"gop-y": unread, "viec": "mo"}).status_code == 404
    assert Event.objects.count() == done


def test_a_case_is_given_only_to_who_may_follow_it(kiosk: Kiosk) -> None:
    for name, role in (("chu-tich", Role.LEADER), ("thu-ky", Role.STAFF), ("quay-1", Role.OFFICER)):
        person(name, kiosk.unit, role)
    leader = somebody(Role.LEADER, kiosk.unit)
    usual, secret = a_case(kiosk), a_case(kiosk, ["extra-cost"])
    wanted = {
        ("chu-tich", usual.id): 302,
        ("thu-ky", usual.id): 302,
        ("quay-1", usual.id): 422,
        ("chu-tich", secret.id): 302,
        ("thu-ky", secret.id): 422,
    }
    for (name, number), status in wanted.items():
        case = usual if number == usual.id else secret
        assert press(leader, case, "giao", handler=name).status_code == status, (name, number)
    assert {case.id: case.handler for case in Case.objects.all()} == {usual.id: "thu-ky", secret.id: "chu-tich"}


def test_what_is_for_leaders_alone_is_published_by_a_leader_and_stays_theirs(kiosk: Kiosk) -> None:
    case, leader = a_case(kiosk, ["extra-cost"]), somebody(Role.LEADER, kiosk.unit)
    for deed in ("xac-minh", "tra-loi"):
        assert press(leader, case, deed, **said(case, deed)).status_code == 302
    assert press(leader, case, "cong-khai", text=PUBLISHED).status_code == 302
    staff = somebody(Role.STAFF, kiosk.unit)
    assert staff.get(page(case)).status_code == 404
    assert case.id not in staff.get(f"/vu-viec/{kiosk.unit.pk}/").content.decode()


def test_what_was_taken_for_sensitive_while_nobody_knew_why_may_be_shared_and_nothing_else(kiosk: Kiosk) -> None:
    voted = vote(kiosk, [])
    wrote = by_telephone(kiosk, voted)
    leader, staff = somebody(Role.LEADER, kiosk.unit), somebody(Role.STAFF, kiosk.unit)
    leader.post(f"/gop-y/{kiosk.unit.pk}/", {"gop-y": wrote.sealed, "viec": "mo"})
    case, secret = Case.objects.get(), a_case(kiosk, ["extra-cost"])
    assert staff.get(page(case)).status_code == 404
    assert press(leader, secret, "chia-se").status_code == 409
    assert press(leader, case, "chia-se").status_code == 302
    assert (staff.get(page(case)).status_code, staff.get(page(secret)).status_code) == (200, 404)


def test_each_view_of_a_case_and_its_papers_is_recorded(kiosk: Kiosk) -> None:
    case = a_case(kiosk)
    staff = somebody(Role.STAFF, kiosk.unit, "thu-ky")
    press(staff, case, "xac-minh", words=FINDING)
    staff.get(page(case))
    seen = set(Line.objects.filter(who="thu-ky", action="view").values_list("subject", flat=True))
    assert seen == {veiled(one) for one in (case.id, *Paper.objects.values_list("sealed", flat=True))}


# --- nothing lies open -----------------------------------------------------------------------------------------------


def everything() -> str:
    """All rows of all tables, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 our own tables
            for row in cursor.fetchall():
                rows += [bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell) for cell in row]
        return "\n".join(rows)


def test_after_the_whole_loop_nothing_personal_lies_open_in_any_table_or_log(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        case = whole_loop(kiosk)
        leader = somebody(Role.LEADER, kiosk.unit)
        leader.post(page(case), {"da-xem": "0", "viec": "ghi-chu", "words": f"{NAME} {PHONE}"})  # refused: too late
        file = Paper.objects.get(kind=Paper.Kind.ATTACHMENT)
        leader.get(f"{page(case)}tep/{file.sealed}")
    kept = everything() + caplog.text
    assert PUBLISHED in kept  # the search finds what is there
    for words in (*PERSONAL, FINDING, "Quỳnh Như", PHONE[1:], "Nguyễn Trãi", "đồng ý"):
        assert words not in kept, words
    assert open_file(file.sealed) == KeptFile(f"{NAME}.pdf", "application/pdf", PDF)


def test_erasing_a_comment_and_what_belongs_to_it_makes_them_vanish_everywhere(kiosk: Kiosk) -> None:
    case = whole_loop(kiosk)
    papers = list(Paper.objects.all())
    erase([paper.sealed for paper in papers], who="an", because="đơn số 7", at=timezone.now())
    leader = somebody(Role.LEADER, kiosk.unit)
    for address in (
        page(case),
        f"/gop-y/{kiosk.unit.pk}/",
        f"/vu-viec/{kiosk.unit.pk}/",
        f"/tiep-dan/{kiosk.unit.pk}/?ngay={case.reception:%Y-%m-%d}",
    ):
        answer = leader.get(address)
        assert answer.status_code == 200
        assert not any(words in answer.content.decode() for words in (*PERSONAL, FINDING, "don.pdf"))
    for paper in papers:
        assert leader.get(f"{page(case)}tep/{paper.sealed}").status_code == 404


# --- attachments -----------------------------------------------------------------------------------------------------


def test_a_file_comes_back_as_it_was_and_is_never_shown_by_a_browser(kiosk: Kiosk) -> None:
    case, leader = a_case(kiosk), somebody(Role.LEADER, kiosk.unit)
    for name, body, kind in (("đơn.pdf", PDF, "application/pdf"), ("a.JPG", JPEG, "image/jpeg"), ("a.png", PNG, "image/png")):
        assert name in attach(leader, case, name, body).content.decode()
        answer = leader.get(f"{page(case)}tep/{Paper.objects.filter(kind='attachment').latest('at').sealed}")
        assert (answer.content, answer.headers["Content-Type"]) == (body, kind)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
    assert Line.objects.filter(action="export", subject=veiled(case.id)).count() == 3


def test_other_files_are_not_taken(kiosk: Kiosk) -> None:
    case, leader = a_case(kiosk), somebody(Role.LEADER, kiosk.unit)
    others = (
        ("x.pdf", b"<html><script>", "Chỉ nhận tệp PDF"), ("x.exe", b"MZ\x90", "Chỉ nhận tệp PDF"), ("x.svg", b"<svg/>", "Chỉ nhận"),
        ("x.pdf", b"%PDF-" + b"0" * (5 << 20), "lớn quá 5 MB"), ("x.pdf", b"", "Tệp này trống"),
    )  # fmt: skip
    for name, body, why in others:
        assert why in attach(leader, case, name, body).content.decode()
    assert not Paper.objects.filter(kind=Paper.Kind.ATTACHMENT).exists()


def test_a_file_is_taken_only_from_a_page_of_ours(kiosk: Kiosk) -> None:
    case = a_case(kiosk)
    leader = logged_in(person("chu-tich", kiosk.unit), enforce_csrf_checks=True)
    assert attach(leader, case, "a.pdf", PDF).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', leader.get(page(case)).content.decode())
    assert token
    assert attach(leader, case, "a.pdf", PDF, csrfmiddlewaretoken=token[1]).status_code == 200
    assert Paper.objects.filter(kind=Paper.Kind.ATTACHMENT).count() == 1


def test_what_a_file_is_called_follows_what_it_is(kiosk: Kiosk) -> None:
    case, leader = a_case(kiosk), somebody(Role.LEADER, kiosk.unit)
    attach(leader, case, "C:\\tmp\\đơn.html", PDF)
    assert open_file(Paper.objects.get(kind="attachment").sealed).name == "đơn.html.pdf"


def test_a_case_has_at_most_twenty_files(kiosk: Kiosk) -> None:
    case, leader = a_case(kiosk), somebody(Role.LEADER, kiosk.unit)
    for number in range(20):
        Paper.objects.create(unit_id=case.unit_id, case=case.id, sealed=f"{number:064}", kind="attachment", at=timezone.now(), who="an")
    assert "đã có 20 tệp" in attach(leader, case, "a.pdf", PDF).content.decode()


def test_a_file_is_no_comment_and_a_comment_no_file(kiosk: Kiosk) -> None:
    text = keep_file(kiosk.unit.pk, KeptFile("a.txt", "text/plain", b"chi la chu"), "an", timezone.now())
    with pytest.raises(Malformed):
        open_sealed(text)
    with pytest.raises(Malformed):
        open_file(complain(kiosk).sealed)


# --- what is due -----------------------------------------------------------------------------------------------------


def test_what_is_overdue_is_said_in_words_and_comes_first(kiosk: Kiosk) -> None:
    late, other = a_case(kiosk), a_case(kiosk, ["late"])
    today = kiosk.unit.today()
    Case.objects.filter(id=late.id).update(due=today - timedelta(days=2))
    Case.objects.filter(id=other.id).update(due=today)
    shown = somebody(Role.STAFF, kiosk.unit).get(f"/vu-viec/{kiosk.unit.pk}/").content.decode()
    assert "quá hạn 2 ngày" in shown
    assert "hạn hôm nay" in shown
    assert shown.index(late.id) < shown.index(other.id)
    assert [case.id for case in overdue([kiosk.unit.pk], today, sensitive=False)] == [late.id]
    assert [case.id for case in waiting([kiosk.unit.pk], sensitive=False)] == [late.id, other.id]
    heads = [one.head for one in sentences(kiosk.unit, today, reads=True, follows=True, sensitive=True)]
    assert heads == ["1 vụ việc quá hạn."]
    assert "1 vụ việc quá hạn." in somebody(Role.LEADER, kiosk.unit).get("/").content.decode()
    assert "vụ việc quá hạn" not in somebody(Role.AUDITOR, kiosk.unit).get("/").content.decode()


def test_who_leads_an_area_is_told_how_many_are_overdue_below(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    Unit.objects.filter(pk=kiosk.unit.pk).update(parent=province)
    for reasons in (["waiting"], ["extra-cost"]):
        case = a_case(kiosk, reasons)
        Case.objects.filter(id=case.id).update(due=kiosk.unit.today() - timedelta(days=1))
    for role, number in ((Role.LEADER, 2), (Role.STAFF, 1)):
        assert (
            f"{number} vụ việc quá hạn ở 1 đơn vị trực thuộc." in somebody(role, province).get(f"/don-vi/{province.pk}/").content.decode()
        )


def test_the_list_is_narrowed_by_step_and_by_who_sees_to_it(kiosk: Kiosk) -> None:
    staff = somebody(Role.STAFF, kiosk.unit, "thu-ky")
    mine, other = a_case(kiosk, handler="thu-ky"), a_case(kiosk)
    press(staff, mine, "xac-minh", words=FINDING)
    for query in ("?nguoi=thu-ky", "?buoc=verified", "?buoc=verified&nguoi=thu-ky"):
        shown = staff.get(f"/vu-viec/{kiosk.unit.pk}/{query}").content.decode()
        assert mine.id in shown
        assert other.id not in shown
    assert other.id in staff.get(f"/vu-viec/{kiosk.unit.pk}/?nguoi=-").content.decode()
    assert other.id in staff.get(f"/vu-viec/{kiosk.unit.pk}/?nguoi=khong-co&buoc=gi").content.decode()


def test_the_monday_list_says_when_whom_and_by_whom(kiosk: Kiosk) -> None:
    case, staff = a_case(kiosk), somebody(Role.STAFF, kiosk.unit, "thu-ky")
    for deed in ("xac-minh", "moi", "xep-lich"):
        press(staff, case, deed, **said(case, deed))
    monday = Case.objects.get().reception
    assert monday is not None
    shown = staff.get(f"/tiep-dan/{kiosk.unit.pk}/?ngay={monday:%Y-%m-%d}").content.decode()
    for words in ("09 giờ 00", NAME, case.subject, case.id):
        assert words in shown
    assert case.id not in staff.get(f"/tiep-dan/{kiosk.unit.pk}/?ngay={monday + timedelta(days=7):%Y-%m-%d}").content.decode()


def test_whoever_left_no_way_to_be_reached_is_not_invited_as_a_rule(kiosk: Kiosk) -> None:
    case, staff = a_case(kiosk, words=written(reachable=False)), somebody(Role.STAFF, kiosk.unit)
    press(staff, case, "xac-minh", words=FINDING)
    assert "Việc tiếp theo: Ghi nội dung trả lời" in staff.get(page(case)).content.decode()
