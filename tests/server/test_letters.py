"""Letters of a case and the lists: what they say, who gets them, what is kept of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from server.cases.models import Case, Event, Paper
from server.cases.steps import Step, mondays
from server.cases.taking import FoundPaper, Matter, add_paper, open_about, put_in
from server.commendations.models import Commendation
from server.comments.by_office import keep
from server.comments.erasure import erase
from server.documents.models import Details, Number, TemplateVersion
from server.letters.kinds import WITHOUT_SENSITIVE
from server.places.models import Membership, Officer, Unit
from server.record.models import Line
from server.record.veil import veiled
from sync.entries import uuid7
from sync.sealing import Written
from tests.server.papers import form_of, saying, text_of
from tests.server.people import somebody

pytestmark = pytest.mark.once

Role = Membership.Role
NAME, STREET, PHONE = "Công Tằng Tôn Nữ Thị Hoàng Phương Thảo", "128B ngõ 45 & Lý <Thường> Kiệt", "0912 345 678"
LETTERS = ("giay-moi", "thu-xin-loi", "tra-loi")


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)


@pytest.fixture
def staff(unit: Unit) -> Client:
    return somebody(Role.STAFF, unit, "lan")


def opened(unit: Unit, *, named: bool = True, **more: Any) -> Case:  # noqa: ANN401 – any field of a matter
    who = {"name": NAME, "address": STREET, "phone": PHONE, "consent": "Tôi đồng ý."} if named else {}
    matter = Matter(Case.Source.PAPER, unit.today(), **{"subject": "Chờ lâu khi chứng thực bản sao", "reasons": ("waiting",), **more})
    slip = put_in(unit, Written(text="Tôi chờ cả buổi.", **who), FoundPaper(matter.day), "lan", timezone.now())
    return open_about(unit, matter, slip, "lan", timezone.now())


def place(case: Case, letter: str) -> str:
    return f"/vu-viec/{case.unit_id}/{case.id}/{letter}/"


def proposed(client: Client, case: Case, letter: str) -> dict[str, str]:
    return form_of(client.get(place(case, letter)).content)


def fetched(client: Client, case: Case, letter: str, **typed: str) -> str:
    answer = client.post(place(case, letter), {**proposed(client, case, letter), "answer": "Đoạn một.\n\nĐoạn hai.", **typed})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.docx"')
    assert answer.headers["Cache-Control"] == "no-store"
    return text_of(answer.content)


def test_the_invitation_is_filled_in_from_what_is_known(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    monday = mondays(unit.today(), 1)[0]
    text = fetched(staff, case, "giay-moi")
    assert f"Ủy ban nhân dân phường Thái Hòa trân trọng kính mời: Ông/Bà {NAME}." in text
    assert f"Địa chỉ: {STREET}." in text
    assert f"góp ý số {case.id}" in text
    assert f"thứ Hai, ngày {monday:%d} tháng {monday.month}" in text.replace("tháng 0", "tháng ")
    assert "Số: 01/GM-UBND" in text


def test_what_was_typed_stands_in_the_invitation(unit: Unit, staff: Client) -> None:
    typed = {"to": "Bà Trần Thị {{ B }}", "day": "2026-12-07", "hour": "9 giờ 15", "where": "Nhà văn hóa khối 5.", "dated": "2026-12-02"}
    text = fetched(staff, opened(unit), "giay-moi", **typed, receiver="", bring="")
    assert "kính mời: Bà Trần Thị {{ B }}." in text
    assert "Thời gian: 9 giờ 15, thứ Hai, ngày 07 tháng 12 năm 2026." in text
    assert "Địa điểm: Nhà văn hóa khối 5.\n" in text
    assert "Thái Hòa, ngày 02 tháng 12 năm 2026" in text
    assert "Người tiếp" not in text
    assert "mang theo" not in text


def test_the_apology_has_the_fields_of_a_file(unit: Unit, staff: Client) -> None:
    typed = {"receipt": "H40.12-0021", "file_kind": "Khai sinh", "state": "trễ hạn 03 ngày", "reason": "mất điện", "new_day": "2026-12-03"}
    text = fetched(staff, opened(unit, reasons=("late",)), "thu-xin-loi", **typed)
    for line in (
        "THƯ XIN LỖI\nVề việc giải quyết hồ sơ trễ hạn",
        "Số biên nhận: H40.12-0021.", "Loại hồ sơ: Khai sinh.", "Tình trạng: trễ hạn 03 ngày.",
        "Lý do: mất điện.", "Ngày hẹn trả kết quả mới: ngày 03 tháng 12 năm 2026.", "tôi thành thật xin lỗi ông/bà vì đã giải quyết",
        "Chúng tôi đã chấn chỉnh", "Số: 01/TXL-UBND",
    ):  # fmt: skip
        assert line in text


def test_without_a_file_its_lines_fall_away(unit: Unit, staff: Client) -> None:
    text = fetched(staff, opened(unit, subject="Thái độ khi trả lời", reasons=("attitude",)), "thu-xin-loi", state="")
    assert not any(label in text for label in ("Số biên nhận", "Loại hồ sơ", "Tình trạng", "Lý do", "Ngày hẹn"))
    assert "xin lỗi ông/bà vì thái độ phục vụ chưa đúng mực" in text


def test_the_answer_keeps_its_paragraphs(unit: Unit, staff: Client) -> None:
    text = fetched(staff, opened(unit), "tra-loi")
    assert "Đoạn một.\nĐoạn hai.\n" in text
    assert "Số: 01/UBND-VP\nV/v trả lời góp ý số" in text


@pytest.mark.parametrize("letter", LETTERS)
def test_whoever_left_no_name_is_addressed_by_their_number(unit: Unit, staff: Client, letter: str) -> None:
    case = opened(unit, named=False)
    text = fetched(staff, case, letter)
    assert f"Ông/Bà có góp ý số {case.id}" in text
    assert "Địa chỉ" not in text


def test_what_the_office_wrote_down_later_counts(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    new = keep(unit.pk, Written(text="Đã gọi lại.", name="Bà Thảo", consent="Qua điện thoại."), "lan", timezone.now())
    add_paper(case, Paper.Kind.CONTACT, new, "lan", timezone.now())
    assert "kính mời: Bà Thảo." in fetched(staff, case, "giay-moi")


def test_an_erased_name_is_in_no_letter_and_no_list(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    Case.objects.update(reception=mondays(unit.today(), 1)[0], step=Step.LISTED)
    erase([paper.sealed for paper in Paper.objects.all()], who="lan", because="request", at=timezone.now())
    for letter in LETTERS:
        assert NAME not in fetched(staff, case, letter)
    assert NAME not in text_of(staff.get(f"/tiep-dan/{unit.pk}/{mondays(unit.today(), 1)[0]}/danh-sach/").content)


def test_a_letter_is_recorded_and_kept_nowhere(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    for letter in LETTERS:
        fetched(staff, case, letter)
    lines = list(Line.objects.filter(subject=veiled(case.id)).values_list("action", "who"))
    assert lines.count(("export", "lan")) == len(LETTERS)
    assert ("view", "lan") in lines
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – names of our own tables
            rows = str(cursor.fetchall())
            assert not any(word in rows for word in (NAME, STREET, PHONE)), table


def test_the_history_of_the_case_says_it_once(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    for _ in range(2):
        fetched(staff, case, "giay-moi")
    assert [event.said for event in Event.objects.order_by("number")] == ["mở vụ việc", "soạn giấy mời số 01/GM-UBND"]


def test_the_same_letter_keeps_its_number_and_another_day_gets_another(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    for typed, number in (({}, "01"), ({}, "01"), ({"day": "2026-12-21"}, "02")):
        assert f"Số: {number}/GM-UBND" in fetched(staff, case, "giay-moi", **typed)


def test_a_clerk_who_numbers_by_hand_gets_room_for_it(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    Details.objects.create(unit=unit, body="UBND", symbol="UBND", office="VP", place="Thái Hòa", position="Chủ tịch", numbered=False)
    assert "/GM-UBND" in fetched(staff, case, "giay-moi")
    assert not Number.objects.exists()


@pytest.mark.parametrize("name", ["to", "about", "why", "day", "hour", "where", "dated"])
def test_what_an_invitation_cannot_be_without_is_asked_for(unit: Unit, staff: Client, name: str) -> None:
    case = opened(unit)
    answer = staff.post(place(case, "giay-moi"), {**proposed(staff, case, "giay-moi"), name: ""})
    assert answer.status_code == 422
    assert "Xin " in answer.content.decode()
    assert NAME in answer.content.decode() or name == "to"
    assert not Number.objects.exists()


def test_a_template_that_fails_takes_no_number(unit: Unit, staff: Client) -> None:
    case = opened(unit)
    common = {"unit_id": unit.pk, "kind": "giay-moi", "number": 1, "who": "lan", "at": timezone.now()}
    TemplateVersion.objects.create(**common, body=saying("{{ truong_cu }}"))
    answer = staff.post(place(case, "giay-moi"), proposed(staff, case, "giay-moi"))
    assert answer.status_code == 422
    assert "Không có trường “truong_cu”." in answer.content.decode()
    assert not Number.objects.exists()


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(("role", "usual", "sensitive"), [(Role.LEADER, 200, 200), (Role.STAFF, 200, 404), (Role.ADMINISTRATOR, 404, 404)])
def test_a_sensitive_case_has_letters_for_leaders_alone(unit: Unit, letter: str, role: str, usual: int, sensitive: int) -> None:
    client = somebody(role, unit)
    assert client.get(place(opened(unit), letter)).status_code == usual
    case = opened(unit, sensitive=True)
    assert client.get(place(case, letter)).status_code == sensitive
    assert client.post(place(case, letter), {}).status_code == (422 if sensitive == 200 else 404)


def test_the_superuser_gets_no_letter(unit: Unit) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("goc"))
    assert client.get(place(opened(unit), "giay-moi")).status_code == 404


def test_the_monday_list_names_who_comes_and_records_each(unit: Unit, staff: Client) -> None:
    monday = mondays(unit.today(), 1)[0]
    cases = [opened(unit, subject=f"Việc {place}") for place in range(15)]
    Case.objects.filter(id__in=[case.id for case in cases[:14]]).update(reception=monday, step=Step.LISTED)
    Case.objects.filter(id=cases[13].id).update(step=Step.WITHDRAWN)
    hidden = opened(unit, subject="Bị gợi ý tiền", sensitive=True)
    Case.objects.filter(id=hidden.id).update(reception=monday, step=Step.LISTED)
    for client in (staff, somebody(Role.LEADER, unit)):
        text = text_of(client.get(f"/tiep-dan/{unit.pk}/{monday}/danh-sach/").content)
        assert all(case.id in text for case in cases[:13])
        assert not any(one in text for one in (cases[13].id, cases[14].id, hidden.id, "Bị gợi ý tiền"))
        assert text.count(NAME) == 13
        assert f"Danh sách có 13 vụ việc. {WITHOUT_SENSITIVE}" in text
    assert Line.objects.filter(who="lan", action="view", subject__in=[veiled(case.id) for case in cases[:13]]).count() == 13
    assert Line.objects.filter(who="lan", action="export", subject="danh-sach-tiep-dan").count() == 1


def test_a_monday_without_anybody_says_so(unit: Unit, staff: Client) -> None:
    text = text_of(staff.get(f"/tiep-dan/{unit.pk}/2026-11-30/danh-sach/").content)
    assert "Không có người dân nào được xếp lịch." in text
    assert staff.get(f"/tiep-dan/{unit.pk}/mai/danh-sach/").status_code == 404


def test_the_commendation_list_counts_each_officer(unit: Unit, staff: Client) -> None:
    officers = [Officer.objects.create(unit=unit, name=name, title="Công chức") for name in ("Lan", "Minh")]
    for back, officer in enumerate((officers[0], officers[1], officers[1])):
        day = unit.today().replace(day=1) - timedelta(days=1 + back)
        words = f"Tận tình {back}"
        Commendation.objects.create(unit_id=unit.pk, id=uuid7(), officer_id=officer.pk, day=day, words=words, who="lan", at=timezone.now())
    before = unit.today().replace(day=1) - timedelta(days=1)
    taken_back = {"officer_id": officers[0].pk, "day": before, "words": "Ghi nhầm", "who": "lan"}
    Commendation.objects.create(unit_id=unit.pk, id=uuid7(), **taken_back, at=timezone.now(), withdrawn_at=timezone.now())
    text = text_of(staff.get(f"/khen/{unit.pk}/danh-sach/?ky=thang&ngay={before}").content)
    assert "Danh sách có 2 cán bộ, công chức, được khen 3 lần./." in text
    assert "Ghi nhầm" not in text
    assert text.index("Minh\nCông chức\n2\n- Tận tình 2") < text.index("Lan\nCông chức\n1\nTận tình 0")
    assert "Chưa có cán bộ" in text_of(staff.get(f"/khen/{unit.pk}/danh-sach/").content)
    assert staff.get(f"/khen/{unit.pk}/danh-sach/?ky=thang&ngay=hom-qua").status_code == 422
