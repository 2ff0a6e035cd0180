"""What is held about a person: found, given to them, erased, by those who may."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from server import settings
from server.cases.models import Case, Event, Paper, Reading
from server.cases.steps import Step
from server.cases.taking import add_paper, move, read
from server.comments import erasure
from server.comments.by_office import KeptFile, keep_file
from server.comments.models import SealedComment
from server.comments.register import register
from server.comments.words import CONSENT
from server.intake.models import Comment
from server.pace import PerMinute
from server.personal import views
from server.personal.models import Hold, Ordered, Terms
from server.personal.rules import Rule
from server.personal.where import values
from server.places.models import Membership, Unit
from server.record.models import Line
from server.record.veil import veiled
from server.results.queries import is_area
from sync.reference import reference
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import at, logged_in, person, somebody
from tests.server.phone import Phone, sealed_for
from tests.server.written import TEXT, Citizen, case_about, comment_on, held, note_in

LEADER, STAFF = Membership.Role.LEADER, Membership.Role.STAFF
TUYET = Citizen()
SECRETS = [TEXT, *TUYET, "912345678", "Tuyet"]


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(views, "_searches", PerMinute())
    yield
    (settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


@pytest.fixture
def leader(kiosk: Kiosk) -> Client:
    return somebody(LEADER, kiosk.unit)


@pytest.fixture
def staff(kiosk: Kiosk) -> Client:
    return somebody(STAFF, kiosk.unit)


def page(unit: Unit, rest: str = "") -> str:
    return f"/du-lieu-ca-nhan/{unit.pk}/{rest}"


def sought(client: Client, unit: Unit, **said: str) -> str:
    answer = client.post(page(unit, "tim/"), said)
    assert answer.status_code == 200, answer.content.decode()
    return without_token(answer)


def without_token(answer: Any) -> str:  # noqa: ANN401 – the test client's response
    """The page, but for what differs from one answer to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def erased(client: Client, unit: Unit, *hashes: str, because: str = "đơn số 15", **more: str) -> Any:  # noqa: ANN401 – the test client's response
    return client.post(page(unit, "xoa/"), {"muc": hashes, "because": because, "sure": "on", **more})


# --- finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [{"phone": "+84 912 345 678"}, {"name": "nguyen thi tuyet"}, {"address": "khoi 3 thai hoa"}])
def test_somebody_is_found_by_what_they_left(kiosk: Kiosk, staff: Client, said: dict[str, str]) -> None:
    sealed, other = comment_on(kiosk, TUYET), comment_on(kiosk, Citizen("Lê Văn Bảy", "0987654321", "Xóm 5"))
    shown = sought(staff, kiosk.unit, **said)
    assert sealed in shown
    assert other not in shown


def test_a_comment_without_a_contact_is_found_by_its_number(kiosk: Kiosk, staff: Client) -> None:
    sealed, other = comment_on(kiosk), comment_on(kiosk)
    shown = sought(staff, kiosk.unit, number=reference(sealed).lower())
    assert sealed in shown
    assert other not in shown


def test_with_a_comment_everything_of_its_case_is_found(kiosk: Kiosk, staff: Client) -> None:
    case = case_about(kiosk.unit, comment_on(kiosk, TUYET))
    note, contact = note_in(case), note_in(case, kind=Paper.Kind.CONTACT)
    shown = sought(staff, kiosk.unit, phone=TUYET.phone)
    assert note in shown
    assert contact in shown
    assert "Vụ việc " + case.id in shown


def test_what_was_erased_is_not_found(kiosk: Kiosk, staff: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    erasure.erase([sealed], who="an", because="đơn", at=timezone.now())
    assert "Không tìm thấy gì" in sought(staff, kiosk.unit, phone=TUYET.phone)


def test_what_another_unit_holds_is_not_found(kiosk: Kiosk, staff: Client) -> None:
    elsewhere = enrolled(Unit.objects.create(name="Xã khác", kind=Unit.Kind.COMMUNE))
    comment_on(elsewhere, TUYET)
    assert "Không tìm thấy gì" in sought(staff, kiosk.unit, phone=TUYET.phone)


def test_what_is_sensitive_is_found_by_leaders_alone_and_others_learn_nothing(kiosk: Kiosk, leader: Client, staff: Client) -> None:
    nothing = sought(staff, kiosk.unit, phone=TUYET.phone)
    sealed = comment_on(kiosk, TUYET, sensitive=True)
    case = case_about(kiosk.unit, comment_on(kiosk, TUYET), sensitive=True)
    note = note_in(case)
    assert sought(staff, kiosk.unit, phone=TUYET.phone) == nothing
    assert sought(staff, kiosk.unit, number=case.id) == nothing
    shown = sought(leader, kiosk.unit, phone=TUYET.phone)
    assert sealed in shown
    assert note in shown
    assert staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed, note]}).status_code == 302


def test_the_numbers_of_the_page_leave_out_what_is_sensitive_but_for_leaders(kiosk: Kiosk, leader: Client, staff: Client) -> None:
    before, alone = without_token(staff.get(page(kiosk.unit))), without_token(leader.get(page(kiosk.unit)))
    comment_on(kiosk, TUYET, sensitive=True)
    assert without_token(staff.get(page(kiosk.unit))) == before
    assert without_token(leader.get(page(kiosk.unit))) != alone
    assert "Không gồm góp ý gửi riêng lãnh đạo" in before


def test_that_somebody_sought_is_recorded_each_time_and_whom_is_not(kiosk: Kiosk, staff: Client) -> None:
    comment_on(kiosk, TUYET)
    for _ in range(2):
        sought(staff, kiosk.unit, phone=TUYET.phone, name=TUYET.name)
    lines = Line.objects.filter(detail="sought what is held about a person")
    assert lines.count() == 2
    assert not any(secret in f"{line.subject} {line.detail}" for line in Line.objects.all() for secret in SECRETS)


def test_who_seeks_too_often_waits(kiosk: Kiosk, staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    answers = [staff.post(page(kiosk.unit, "tim/"), {"name": "Nguyễn Thị Tuyết"}) for _ in range(views.SEARCHES_PER_MINUTE + 1)]
    assert [answer.status_code for answer in answers] == [200] * views.SEARCHES_PER_MINUTE + [429]


@pytest.mark.parametrize("said", [{}, {"phone": "12"}, {"number": "AB"}, {"name": "a"}, {"address": "."}])
def test_too_little_finds_nothing_and_says_what_is_missing(kiosk: Kiosk, staff: Client, said: dict[str, str]) -> None:
    answer = staff.post(page(kiosk.unit, "tim/"), said)
    assert answer.status_code == 422
    assert "Xin " in answer.content.decode() or "cần có" in answer.content.decode()


# --- exporting -------------------------------------------------------------------------------------------------------


def test_the_person_gets_everything_that_is_held_in_words_and_for_machines(kiosk: Kiosk, staff: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    case = case_about(kiosk.unit, sealed)
    move(case, Step.VERIFIED, "an", timezone.now())
    note = note_in(case)
    told = json.loads(staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed, note], "tep": "json"}).content)
    [first, second] = sorted(told["things"], key=lambda one: one["consent"] is not None)
    assert (second["words"], second["name"], second["phone"], second["address"]) == (TEXT, *TUYET)
    assert (second["consent"]["sentence"], second["consent"]["version"], second["consent"]["language"]) == (CONSENT, 1, "vi")
    assert "bà hẹn thứ Hai" in first["words"]
    assert [line["said"] for line in told["cases"][0]["history"]] == [Step.OPENED.told, Step.VERIFIED.told]
    answer = staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed, note]})
    assert "attachment" in answer["Content-Disposition"]
    shown = answer.content.decode()
    for words in (TEXT, *TUYET, CONSENT, "bà hẹn thứ Hai", Step.VERIFIED.told):
        assert words in shown
    assert "<script" not in shown
    assert "http" not in shown


def test_a_file_of_the_case_is_given_along_whole(kiosk: Kiosk, staff: Client) -> None:
    case = case_about(kiosk.unit, comment_on(kiosk, TUYET))
    body = b"%PDF-1.7 " + TEXT.encode()
    sealed = keep_file(kiosk.unit.pk, KeptFile("giay hen.pdf", "application/pdf", body), "an", timezone.now())
    add_paper(case, Paper.Kind.ATTACHMENT, sealed, "an", timezone.now())
    assert sealed in sought(staff, kiosk.unit, number=case.id)
    [thing] = json.loads(staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed], "tep": "json"}).content)["things"]
    assert (thing["file"]["name"], base64.b64decode(thing["file"]["body"])) == ("giay hen.pdf", body)
    assert base64.b64encode(body).decode() in staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed]}).content.decode()


def test_a_comment_of_which_nobody_knows_yet_whether_it_is_sensitive_is_found_by_leaders_alone(
    kiosk: Kiosk, leader: Client, staff: Client
) -> None:
    phone = Phone(kiosk.open(), made=timezone.now())
    phone.write(consent="yes", name=TUYET.name, phone=TUYET.phone)
    sealed = sealed_for(phone)
    assert sealed in sought(leader, kiosk.unit, phone=TUYET.phone)
    assert sealed not in sought(staff, kiosk.unit, phone=TUYET.phone)


def test_what_somebody_wrote_is_text_in_the_page_and_no_markup(kiosk: Kiosk, staff: Client) -> None:
    sealed = comment_on(kiosk, TUYET, text="<script>alert(1)</script>")
    shown = staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed]}).content.decode()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_an_export_is_recorded_and_leaves_nothing_behind(kiosk: Kiosk, staff: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    staff.post(page(kiosk.unit, "xuat/"), {"muc": [sealed]})
    assert Line.objects.filter(action="export", subject=veiled(sealed)).count() == 1
    everything = [value for _, _, value in values()]
    assert not any(secret.encode() in value for value in everything for secret in SECRETS)


# --- erasing on request ----------------------------------------------------------------------------------------------


def test_a_leader_erases_what_was_chosen_and_the_rest_stays(kiosk: Kiosk, leader: Client) -> None:
    sealed, other = comment_on(kiosk, TUYET), comment_on(kiosk, TUYET)
    answer = erased(leader, kiosk.unit, sealed)
    assert answer.status_code == 302
    assert held() == {other}
    entry = register().entry(sealed)
    assert entry is not None
    assert entry.because == "đơn số 15"
    shown = leader.get(answer["Location"]).content.decode()
    assert "1 góp ý viết trên kiosk" in shown
    assert "đơn số 15" in shown
    assert "Lượt đánh giá" in shown
    assert kiosk.send().receipt.erase == [sealed]


def test_it_is_asked_first_with_a_reason_and_a_tick(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    assert leader.post(page(kiosk.unit, "xoa/"), {"muc": [sealed]}).status_code == 200
    for said in ({"because": ""}, {"because": "đơn"}, {"because": "gọi 0912 345 678", "sure": "on"}):
        assert leader.post(page(kiosk.unit, "xoa/"), {"muc": [sealed], **said}).status_code == 422
    assert held() == {sealed}


def test_the_reason_that_is_kept_for_ever_holds_no_name_of_the_citizen(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    case = case_about(kiosk.unit, sealed)
    refused = erased(leader, kiosk.unit, sealed, because="theo đơn của bà Nguyễn Thị Tuyết")
    assert refused.status_code == 422
    assert "đang có tên của người dân" in refused.content.decode()
    said = {"case": case.id, "until": timezone.localdate().isoformat(), "because": "nguyen thi tuyet khiếu nại"}
    assert leader.post(page(kiosk.unit, "giu-lai/"), said).status_code == 422
    assert held() == {sealed}


def test_staff_find_and_export_but_do_not_erase(kiosk: Kiosk, staff: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    assert erased(staff, kiosk.unit, sealed).status_code == 404
    assert held() == {sealed}
    assert "Xóa các mục" not in sought(staff, kiosk.unit, phone=TUYET.phone)


def test_a_case_says_that_something_was_erased_and_goes_on_while_words_are_left(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    case = case_about(kiosk.unit, sealed)
    note = note_in(case)
    erased(leader, kiosk.unit, note)
    case.refresh_from_db()
    assert case.step == Step.OPENED
    assert Event.objects.filter(case=case.id, said__contains="1 ghi chú của cơ quan").exists()


def test_a_case_of_which_nothing_is_left_ends_as_withdrawn(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    case = case_about(kiosk.unit, sealed)
    erased(leader, kiosk.unit, sealed, note_in(case))
    assert Case.objects.get().step == Step.WITHDRAWN


def test_a_case_about_a_vote_without_words_goes_on_when_a_note_is_erased(kiosk: Kiosk, leader: Client) -> None:
    case = Case.objects.create(
        unit_id=kiosk.unit.pk, id="AB12-CD34", source=Case.Source.VOTE, day=kiosk.unit.today(), subject="Chờ lâu",
        opened_at=timezone.now(), stepped_at=timezone.now(),
    )  # fmt: skip
    erased(leader, kiosk.unit, note_in(case))
    assert Case.objects.get().step == Step.OPENED
    assert held() == set()


def test_what_a_leader_holds_back_is_not_erased_on_request(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    case = case_about(kiosk.unit, sealed)
    said = {"case": case.id, "until": (timezone.localdate() + timedelta(days=9)).isoformat(), "because": "hồ sơ số 7"}
    assert leader.post(page(kiosk.unit, "giu-lai/"), said).status_code == 302
    assert erased(leader, kiosk.unit, sealed).status_code == 422
    assert held() == {sealed}
    assert Event.objects.filter(case=case.id, said__contains="giữ lại dữ liệu").exists()
    leader.post(page(kiosk.unit, "giu-lai/"), {"thoi": case.id})
    assert not Hold.objects.exists()
    assert erased(leader, kiosk.unit, sealed).status_code == 302


def test_an_erasure_of_what_is_sensitive_is_no_line_of_those_who_may_not_see_it(kiosk: Kiosk, leader: Client, staff: Client) -> None:
    open_, secret = comment_on(kiosk, TUYET), comment_on(kiosk, TUYET, sensitive=True)
    answer = erased(leader, kiosk.unit, open_, secret)
    assert held() == set()
    assert "2 góp ý" in leader.get(answer["Location"]).content.decode()
    assert "1 góp ý" in staff.get(answer["Location"]).content.decode()
    hidden = Ordered.objects.get(sensitive=True)
    assert staff.get(page(kiosk.unit, f"da-xoa/{hidden.id}/")).status_code == 404
    assert str(hidden.id) not in staff.get(page(kiosk.unit)).content.decode()


def test_an_erasure_that_broke_off_says_so_and_the_night_finishes_it(kiosk: Kiosk, leader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = comment_on(kiosk, TUYET)

    def full(*words: object, **more: object) -> int:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("server.personal.erasing.erase", full)
        answer = erased(leader, kiosk.unit, sealed)
    assert "Chưa xóa xong" in leader.get(answer["Location"]).content.decode()
    call_command("retain", stdout=StringIO())
    assert held() == set()
    assert "Chưa xóa xong" not in leader.get(answer["Location"]).content.decode()


def test_the_record_says_that_and_why_but_not_what(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    erased(leader, kiosk.unit, sealed)
    said = [f"{line.subject} {line.detail}" for line in Line.objects.filter(action="change")]
    assert any("erased on request: 1" in line for line in said)
    kept = [str(vars(row)) for row in (*Ordered.objects.all(), *Event.objects.all(), *Line.objects.all())]
    assert not any(secret in text for text in kept for secret in SECRETS)
    assert not any(secret in (settings.REGISTER / "erasures.tsv").read_text("utf-8") for secret in SECRETS)


# --- terms and the description ---------------------------------------------------------------------------------------


def months(**changed: int) -> dict[str, str]:
    return {rule.value: str(changed.get(rule.value, rule.limits.usual)) for rule in Rule}


def test_a_leader_says_how_long_within_limits_and_takes_it_back(kiosk: Kiosk, leader: Client, staff: Client) -> None:
    assert leader.post(page(kiosk.unit, "thoi-han/"), months(noted=3)).status_code == 302
    assert Terms.objects.get().noted == 3
    for wrong in (0, 25):
        assert leader.post(page(kiosk.unit, "thoi-han/"), months(noted=wrong)).status_code == 422
    assert staff.post(page(kiosk.unit, "thoi-han/"), months(noted=4)).status_code == 404
    assert Terms.objects.get().noted == 3
    assert Line.objects.filter(action="change", detail__contains="noted 3").count() == 1
    leader.post(page(kiosk.unit, "thoi-han/"), {"thoi": "1"})
    assert not Terms.objects.exists()


def test_the_description_says_what_is_set_and_who_may(kiosk: Kiosk, leader: Client) -> None:
    leader.post(page(kiosk.unit, "thoi-han/"), months(ended=30))
    shown = leader.get(page(kiosk.unit, "ho-so-xu-ly/")).content.decode()
    assert "vụ việc đã kết thúc: 30 tháng" in shown
    assert "Lãnh đạo, văn phòng" in shown
    assert CONSENT in shown


@pytest.mark.parametrize("rest", ["", "thoi-han/", "giu-lai/", "ho-so-xu-ly/"])
def test_who_only_runs_the_server_finds_no_such_page(kiosk: Kiosk, rest: str) -> None:
    for client in (logged_in(User.objects.create_superuser("goc")), somebody(Membership.Role.ADMINISTRATOR, kiosk.unit)):
        assert client.get(page(kiosk.unit, rest)).status_code == 404
    assert at().get(page(kiosk.unit, rest)).status_code == 302


def test_who_reads_in_one_unit_is_led_there_and_in_several_chooses(kiosk: Kiosk, leader: Client) -> None:
    assert leader.get("/du-lieu-ca-nhan/")["Location"] == page(kiosk.unit)
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    Unit.objects.filter(pk=kiosk.unit.pk).update(parent=province)
    above = logged_in(person("chu-tich", province))
    assert is_area(province)
    assert kiosk.unit.name in above.get("/du-lieu-ca-nhan/").content.decode()


# --- the office's own writing is found by every command --------------------------------------------------------------


def test_verify_tells_when_what_the_office_wrote_is_missing_or_changed(kiosk: Kiosk) -> None:
    sealed = note_in(case_about(kiosk.unit, comment_on(kiosk)))
    call_command("verify", stdout=StringIO())
    SealedComment.objects.filter(sha256=sealed).update(body=b"x")
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stdout=told)
    assert "what the office wrote: its sealed bytes were changed" in told.getvalue()
    SealedComment.objects.filter(sha256=sealed).delete()
    with pytest.raises(CommandError):
        call_command("verify", stdout=told)
    assert "are missing, and were not erased" in told.getvalue()
    erasure.erase([sealed], who="an", because="đơn", at=timezone.now())
    call_command("verify", stdout=StringIO())


def test_a_vote_that_is_erased_takes_along_what_its_case_holds(kiosk: Kiosk) -> None:
    sealed = comment_on(kiosk, TUYET)
    case = case_about(kiosk.unit, sealed)
    case.vote = Comment.objects.get(sealed=sealed).vote
    case.save()
    note_in(case)
    call_command("erase", "--vote", str(case.vote), "--because", "đơn", "--who", "an", stdout=StringIO())
    assert held() == set()


def test_a_reading_does_not_bring_anything_back(kiosk: Kiosk, leader: Client) -> None:
    sealed = comment_on(kiosk, TUYET)
    read(kiosk.unit, sealed, kiosk.unit.today(), Reading.Became.NOTED, "an", timezone.now())
    erased(leader, kiosk.unit, sealed)
    assert "Không tìm thấy gì" in sought(leader, kiosk.unit, name=TUYET.name)
