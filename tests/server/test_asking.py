"""A citizen asks with the reference number, and withdraws."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import settings as server_settings
from server.asking import views, words
from server.asking.standing import ANSWERED_WITHIN, find, told
from server.asking.withdrawing import WHO, take_back
from server.board.outcomes import take_down
from server.cases.models import Case, Event, Paper, Reading
from server.cases.steps import Step
from server.cases.taking import FoundPaper, Matter, add_paper, move, open_about, put_in, read
from server.comments.by_office import keep
from server.comments.erasure import erase
from server.comments.models import SealedComment
from server.comments.register import register
from server.intake.models import Vote
from server.pace import PerMinute
from server.personal.models import Hold
from server.record.models import Line
from sync import wire
from sync.reference import reference
from sync.sealing import Written
from tests.server.boxed import HOME, NAME, OPENED, PATHS, PHONE, PUBLISHED, WORDS, announced, case_at, everything_kept, published, wrote
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import at
from tests.server.phone import Phone, sealed_for

FORM = "application/x-www-form-urlencoded"
ANOTHER_NUMBER = reference("7" * 64)


@pytest.fixture(autouse=True)
def nobody_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(views, "_requests", PerMinute())
    monkeypatch.setattr(views, "_misses", PerMinute())
    yield
    (server_settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


def asks(number: str, query: str = "", client: Client | None = None, **more: str) -> Any:  # noqa: ANN401 – the test client's response
    fields = "&".join(f"{name}={value}" for name, value in {"so": number, **more}.items())
    return (client or at()).post(f"/tra-cuu/{query}", fields, content_type=FORM)


def withdraws(number: str, *, sure: bool = True) -> Any:  # noqa: ANN401 – as above
    return at().post("/tra-cuu/rut/", f"so={number}" + ("&rut=co" if sure else ""), content_type=FORM)


def said(answer: Any) -> str:  # noqa: ANN401 – as above
    """How it stands."""
    [sentence] = re.findall(r"data-said>(.*?)<", answer.content.decode())
    return str(sentence)


def headline(answer: Any) -> str:  # noqa: ANN401 – as above
    [sentence] = re.findall(r"<strong>(.*?)\.</strong>", answer.content.decode())
    return str(sentence)


# --- what is told ----------------------------------------------------------------------------------------------------


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(Step), st.booleans(), st.booleans(), st.sampled_from(["vi", "en"]), st.booleans())
def test_no_page_at_any_step_says_a_word_of_the_comment_or_a_name(
    kiosk: Kiosk, step: Step, sensitive: bool, shown: bool, language: str, withdrawing: bool
) -> None:
    views._requests = PerMinute()
    sealed = wrote(kiosk, name=NAME, phone=PHONE, address=HOME)
    case = case_at(kiosk, sealed, step, sensitive=sensitive, published=PUBLISHED, reception=date(2026, 11, 30))
    add_paper(case, Paper.Kind.NOTE, keep(case.unit_id, Written(text="đã gọi cho bà Chi"), "vanphong", OPENED), "vanphong", OPENED)
    if not shown:
        take_down(case, "lanhdao", OPENED)
    number = reference(sealed)
    answer = at().post(f"/tra-cuu/{'rut/' if withdrawing else ''}?lang={language}", f"so={number}", content_type=FORM)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert number in page
    office = ["vanphong", "lanhdao", kiosk.counter.name, *(officer.name for officer in kiosk.officers)]
    named = [NAME, "Lan Chi", PHONE, HOME, "bà Chi", *office]
    assert [word for word in [*re.findall(r"\w{4,} \w{3,}", WORDS), *named] if word in page] == []
    assert (PUBLISHED in page) == (step is Step.PUBLISHED and shown and not withdrawing)
    if not withdrawing and language == "vi":
        assert said(answer) == (Step.ANSWERED.told if step is Step.PUBLISHED and not shown else step.told)


def test_a_comment_that_nobody_read_yet_was_received(kiosk: Kiosk) -> None:
    assert said(asks(reference(wrote(kiosk)))) == "Đã nhận, sẽ được đọc."
    assert said(asks(reference(wire.sha256(announced(kiosk))))) == "Đã nhận, sẽ được đọc."


@pytest.mark.usefixtures("clock")
def test_a_comment_of_the_form_is_found_too_and_its_thanks_lead_there(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    phone.write()
    page = phone.open().content.decode()
    assert said(asks(reference(sealed_for(phone)))) == "Đã nhận, sẽ được đọc."
    assert 'action="/tra-cuu/?lang=vi"' in page
    assert f'name="so" value="{reference(sealed_for(phone))}"' in page


def test_what_was_read_and_led_to_no_case_is_told_so(kiosk: Kiosk) -> None:
    for became, sentence in ((Reading.Became.NOTED, words.NOTED), (Reading.Became.PRAISE, words.PRAISED)):
        sealed = wrote(kiosk)
        read(kiosk.unit, sealed, kiosk.unit.today(), became, "vanphong", timezone.now())
        assert said(asks(reference(sealed))) == sentence


def test_a_paper_from_the_box_has_a_number_and_a_note_of_the_office_has_none(kiosk: Kiosk) -> None:
    slip = put_in(kiosk.unit, Written(text=WORDS), FoundPaper(OPENED.date()), "vanphong", OPENED)
    assert said(asks(reference(slip))) == "Đã nhận, sẽ được đọc."
    case = open_about(kiosk.unit, Matter(Case.Source.PAPER, OPENED.date(), "Chờ lâu"), slip, "vanphong", OPENED)
    note = keep(kiosk.unit.pk, Written(text="ghi chú"), "vanphong", OPENED)
    add_paper(case, Paper.Kind.NOTE, note, "vanphong", OPENED)
    assert said(asks(case.id)) == Step.OPENED.told
    assert asks(reference(note)).status_code == 404


def test_what_a_leader_holds_back_is_not_erased_and_that_is_said(kiosk: Kiosk) -> None:
    case, today = case_at(kiosk, wrote(kiosk)), kiosk.unit.today()
    hold = Hold.objects.create(unit_id=case.unit_id, case=case.id, until=today, because="thanh tra", who="lanhdao", at=OPENED)
    withdraws(case.id)
    assert "chưa xóa được" in asks(case.id).content.decode()
    assert SealedComment.objects.exists()
    Hold.objects.filter(unit_id=hold.unit_id, case=hold.case).update(until=today - timedelta(days=1))
    withdraws(case.id)
    assert not SealedComment.objects.exists()


def test_an_answer_is_promised_within_thirty_days_and_a_late_one_is_apologised_for(kiosk: Kiosk) -> None:
    case = case_at(kiosk, wrote(kiosk))
    found, begun = find(case.id), OPENED.date()
    assert found is not None
    on_time = told(found, begun + ANSWERED_WITHIN)
    assert (on_time.by, on_time.late) == (begun + ANSWERED_WITHIN, False)
    assert told(found, begun + ANSWERED_WITHIN + timedelta(days=1)).late
    move(case, Step.CLOSED, "vanphong", OPENED)
    over = find(case.id)
    assert over is not None
    assert told(over, date(2027, 12, 31)).by is None


def test_the_day_of_the_meeting_is_told_while_it_is_awaited(kiosk: Kiosk) -> None:
    for step in Step:
        case = case_at(kiosk, wrote(kiosk), step, reception=date(2026, 11, 30))
        assert ("30/11/2026" in asks(case.id).content.decode()) == (step in (Step.INVITED, Step.LISTED))


def test_the_page_speaks_english_and_leaves_what_was_published_as_it_is(kiosk: Kiosk) -> None:
    page = asks(published(kiosk).id, "?lang=en").content.decode()
    assert "Answered; the outcome has been published." in page
    assert f'lang="vi">{PUBLISHED}' in page


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_a_number_is_understood_in_small_letters_and_without_the_dash(kiosk: Kiosk) -> None:
    number = reference(wrote(kiosk))
    for typed in (number.lower(), number.replace("-", ""), number.replace("0", "o").replace("1", "l"), f"%20{number}%20"):
        assert asks(typed).status_code == 200


def test_a_wrong_check_character_is_a_typing_error_and_is_shown_again(kiosk: Kiosk) -> None:
    number = reference(wrote(kiosk))
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    answer = asks(wrong)
    assert (answer.status_code, headline(answer)) == (422, "Mã số chưa đúng")
    assert f'value="{wrong}"' in answer.content.decode()


def test_a_number_that_nobody_has_is_not_found_and_nothing_else_is_said(kiosk: Kiosk) -> None:
    wrote(kiosk)
    for answer in (asks(ANOTHER_NUMBER), withdraws(ANOTHER_NUMBER), withdraws(ANOTHER_NUMBER, sure=False)):
        assert (answer.status_code, headline(answer)) == (404, "Không tìm thấy mã số này")


def test_a_number_that_two_comments_have_tells_of_neither(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = wrote(kiosk), wrote(enrolled())
    monkeypatch.setattr("server.asking.standing.first_and_last", lambda number: (min(one, other), max(one, other)))
    assert asks(reference(one)).status_code == 404
    assert withdraws(reference(one)).status_code == 404
    assert SealedComment.objects.count() == 2


@pytest.mark.usefixtures("clock")
def test_whoever_tries_numbers_out_is_soon_told_to_wait_even_where_one_is_right(kiosk: Kiosk) -> None:
    number = reference(wrote(kiosk))
    assert [asks(ANOTHER_NUMBER).status_code for _ in range(views.MISSES_PER_MINUTE + 1)] == [404] * views.MISSES_PER_MINUTE + [429]
    for answer in (asks(number), withdraws(number)):
        assert (answer.status_code, headline(answer)) == (429, "Có quá nhiều lượt tra cứu")
        assert int(answer["Retry-After"]) <= 60
    assert asks(number, client=at("198.51.100.7")).status_code == 200
    assert SealedComment.objects.exists()


@pytest.mark.usefixtures("clock")
def test_neighbours_of_one_line_of_ipv6_are_counted_as_one(kiosk: Kiosk) -> None:
    for place in range(views.MISSES_PER_MINUTE):
        asks(ANOTHER_NUMBER, client=at(f"2001:db8::{place:x}"))
    assert asks(reference(wrote(kiosk)), client=at("2001:db8::ffff")).status_code == 429


@pytest.mark.usefixtures("clock")
def test_no_more_requests_than_a_minute_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "REQUESTS_PER_MINUTE", 3)
    assert [asks("x").status_code for _ in range(4)] == [422, 422, 422, 429]


@pytest.mark.parametrize("path", ["/tra-cuu/", "/tra-cuu/rut/"])
def test_what_is_too_long_or_no_form_is_no_number(path: str) -> None:
    assert at().post(path, "so=" + "A" * views.MOST_BYTES, content_type=FORM).status_code == 422
    assert at().post(path, {"so": ANOTHER_NUMBER}).status_code == 422


def test_no_page_is_kept_or_tells_other_sites_where_somebody_was_or_needs_a_cookie(kiosk: Kiosk) -> None:
    number = reference(wrote(kiosk))
    for answer in (at().get("/tra-cuu/"), asks(number), asks(ANOTHER_NUMBER), withdraws(number, sure=False), withdraws(number)):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "<script" not in answer.content.decode()


# --- withdrawing -----------------------------------------------------------------------------------------------------


def test_before_withdrawing_it_is_said_what_goes_and_what_stays_and_nothing_happens_yet(kiosk: Kiosk) -> None:
    case = case_at(kiosk, wrote(kiosk))
    page = withdraws(case.id, sure=False).content.decode()
    assert "lời ông/bà đã viết" in page
    assert "lượt đánh giá tại quầy" in page
    assert SealedComment.objects.count() == 1
    assert Case.objects.get().step == Step.OPENED


def test_what_was_withdrawn_stands_nowhere_and_the_vote_stays(kiosk: Kiosk) -> None:
    sealed = wrote(kiosk, name=NAME, phone=PHONE)
    other = wrote(kiosk, "Tốt")
    case = case_at(kiosk, sealed, Step.VERIFIED)
    for kind in (Paper.Kind.NOTE, Paper.Kind.ATTACHMENT, Paper.Kind.CONTACT):
        add_paper(case, kind, keep(case.unit_id, Written(text=f"của bà Chi: {kind}"), "vanphong", OPENED), "vanphong", OPENED)
    bodies = [bytes(one.body) for one in SealedComment.objects.exclude(sha256=other)]
    assert all(body in everything_kept() for body in bodies)
    assert said(withdraws(case.id)) == Step.WITHDRAWN.told
    kept = everything_kept()
    assert len(bodies) == 4
    assert [body for body in bodies if body in kept] == []
    assert [text for text in (WORDS, NAME, PHONE) if text.encode() in kept] == []
    assert [one.sha256 for one in SealedComment.objects.all()] == [other]
    assert Vote.objects.count() == 2
    last = Event.objects.filter(case=case.id).latest("number")
    assert (last.who, last.step) == (WHO, Step.WITHDRAWN)
    [line] = Line.objects.all()
    assert (line.who, line.address) == (WHO, "")


@pytest.mark.parametrize("step", Step)
def test_a_case_ends_by_it_where_it_may_and_else_only_the_words_go(kiosk: Kiosk, step: Step) -> None:
    case = case_at(kiosk, wrote(kiosk), step, published=PUBLISHED)
    answer = withdraws(case.id)
    kept = Case.objects.get()
    assert kept.step == (Step.WITHDRAWN if Step.WITHDRAWN in step.following else step)
    assert kept.published == (PUBLISHED if step is Step.PUBLISHED or PATHS[step] else "")
    assert said(answer) == Step(kept.step).told
    assert "không ai còn đọc được" in answer.content.decode()
    assert not SealedComment.objects.exists()
    assert Event.objects.filter(who=WHO).count() == 1


@pytest.mark.parametrize("step", [None, Step.OPENED, Step.ANSWERED])
def test_withdrawing_twice_is_withdrawing_once(kiosk: Kiosk, step: Step | None) -> None:
    sealed = wrote(kiosk)
    if step:
        case_at(kiosk, sealed, step)
    withdraws(reference(sealed))
    before = _written_down()
    answer = withdraws(reference(sealed))
    assert answer.status_code == 200
    assert "Rút góp ý, xóa" not in answer.content.decode()
    assert _written_down() == before


@pytest.mark.parametrize("step", [Step.VERIFIED, Step.ANSWERED])
def test_of_two_who_withdraw_at_once_both_succeed_and_it_is_done_once(kiosk: Kiosk, step: Step) -> None:
    case = case_at(kiosk, wrote(kiosk), step)
    number = case.id

    def withdraw(_: int) -> int:
        try:
            return int(withdraws(number).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(withdraw, range(2))) == [200, 200]
    assert not SealedComment.objects.exists()
    assert Event.objects.filter(who=WHO).count() == 1
    assert Case.objects.get().step == (Step.WITHDRAWN if step is Step.VERIFIED else step)


def test_what_was_left_undone_by_a_crash_is_done_the_next_time(kiosk: Kiosk) -> None:
    sealed = wrote(kiosk)
    case = case_at(kiosk, sealed)
    move(case, Step.WITHDRAWN, WHO, OPENED)  # and then the power failed
    assert "Rút góp ý, xóa" in asks(case.id).content.decode()
    withdraws(case.id)
    assert sealed in register().hashes()


def test_a_comment_that_has_not_come_yet_is_withdrawn_and_never_comes(kiosk: Kiosk) -> None:
    body = announced(kiosk)
    assert said(withdraws(reference(wire.sha256(body)))) == words.ERASED
    assert kiosk.send().receipt.erase == [wire.sha256(body)]


def test_what_the_office_adds_after_a_withdrawal_can_be_erased_too(kiosk: Kiosk) -> None:
    case = case_at(kiosk, wrote(kiosk), Step.ANSWERED)
    found = find(case.id)
    assert found is not None
    take_back(found, OPENED)
    add_paper(case, Paper.Kind.NOTE, keep(case.unit_id, Written(text="thêm"), "vanphong", OPENED), "vanphong", OPENED)
    assert "Rút góp ý, xóa" in asks(case.id).content.decode()
    withdraws(case.id)
    assert not SealedComment.objects.exists()


def test_a_case_whose_words_were_erased_before_can_be_withdrawn_too(kiosk: Kiosk) -> None:
    sealed = wrote(kiosk)
    case = case_at(kiosk, sealed, Step.VERIFIED)
    erase([sealed], who="an", because="hết hạn", at=OPENED)
    assert said(asks(case.id)) == Step.VERIFIED.told
    assert said(withdraws(case.id)) == Step.WITHDRAWN.told


def test_a_server_that_is_busy_says_so_and_keeps_what_was_typed(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = reference(wrote(kiosk))

    def locked(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(views, "take_back", locked)
    answer = withdraws(number)
    assert (answer.status_code, headline(answer)) == (503, "Máy chủ đang bận")
    assert f'value="{number}"' in answer.content.decode()


def test_the_page_of_withdrawing_is_reached_by_the_number_alone(client: Client) -> None:
    assert client.get("/tra-cuu/rut/")["Location"] == "/tra-cuu/"


def test_today_is_the_units(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_at(kiosk, wrote(kiosk))
    late = datetime.combine(OPENED.date() + ANSWERED_WITHIN, datetime.min.time(), OPENED.tzinfo) + timedelta(hours=18)
    monkeypatch.setattr(timezone, "now", lambda: late)  # in Vietnam the next day has begun
    assert "Chúng tôi xin lỗi" in asks(case.id).content.decode()


def _written_down() -> tuple[int, int, bytes]:
    """What histories, the record and the register hold."""
    return Event.objects.count(), Line.objects.count(), (server_settings.REGISTER / "erasures.tsv").read_bytes()
