"""Flags as people meet them: looked for in what intake took in, kept, judged, shown to whom they are for, and without times."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from server.devices.models import Device
from server.flags import evidence
from server.flags.looking import Span, due, look, spans_until, week
from server.flags.models import Flag, Judgement, Look
from server.flags.queries import sentences
from server.intake import store
from server.intake.models import OfficerDay, Vote
from server.intake.sql import run
from server.places.models import Membership, Unit
from server.record.models import Line
from server.results.models import TransactionCount
from server.screens.models import OpenSpan, OtherDay, Screens
from server.screens.publish import publish
from sync.entries import Opened, uuid7
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, logged_in, person, somebody, user_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def a_wednesday() -> date:
    """The last one of a week that is over."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday() + 5)


WEDNESDAY = a_wednesday()
DAY = Span(WEDNESDAY, WEDNESDAY)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def evenly(count: int, day: date, begins: str, minutes: float) -> list[datetime]:
    return [at(day, begins) + timedelta(minutes=minutes * number / count) for number in range(count)]


def vote(kiosk: Kiosk, moments: Iterable[datetime], rating: Literal["satisfied", "dissatisfied"] = "satisfied") -> None:
    """Votes at these times, in their order; the kiosk's clock is right, and it was started anew since."""
    moments = list(moments)
    if not kiosk.lines:
        binding: dict[str, Any] = {"ledger": kiosk.ledger, "device": kiosk.public_key, "unit": kiosk.unit.id, "counter": kiosk.counter.id}
        first = moments[0] - timedelta(minutes=1)
        kiosk.say(Opened, id=id_at(first), at=first, boot="before", parent=None, reason="new", **binding)
    for moment in moments:
        kiosk.vote(rating, id=id_at(moment), boot="before", at=moment)


def id_at(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80 | uuid7().int & ((1 << 80) - 1))


def handled(unit: Unit, day: date, count: int, counter: str = "") -> None:
    TransactionCount.objects.create(
        unit_id=unit.pk, day=day, counter_id=counter, officer_id="", handled=count, source="typed", who="ai", at=timezone.now()
    )
    run(store.mark_stale(unit.pk, [day]))


def burst(kiosk: Kiosk, day: date = WEDNESDAY, count: int = 14) -> Flag:
    """A burst in the afternoon, sent and looked at."""
    vote(kiosk, evenly(count, day, "16:52:07", 3))
    assert kiosk.send().status == 200
    look_at(kiosk.unit, Span(day, day))
    return Flag.objects.get(unit_id=kiosk.unit.pk, kind="burst", counter_id=kiosk.counter.pk)


def look_at(unit: Unit, span: Span = DAY) -> list[Flag]:
    """As the night does."""
    return [flag for one, of in due(Unit.objects.filter(pk=unit.pk), [span]) for flag in look(one, of)]


def address(flag: Flag) -> str:
    return f"/can-chu-y/{flag.unit_id}/{flag.id}/"


# looking


def test_a_burst_is_found_once_however_often_it_is_looked_for(kiosk: Kiosk) -> None:
    flag = burst(kiosk)
    assert (flag.day, flag.half, flag.verdict, flag.figures["votes"]) == (WEDNESDAY, Flag.Half.AFTERNOON, "", 14)
    assert flag.begins == at(WEDNESDAY, "16:52:07")
    look(kiosk.unit, DAY)
    assert look_at(kiosk.unit) == []
    assert Flag.objects.count() == 1


def test_a_flag_changes_no_count(kiosk: Kiosk) -> None:
    burst(kiosk)
    row = OfficerDay.objects.get(unit_id=kiosk.unit.pk)
    assert (row.satisfied, Vote.objects.count()) == (14, 14)


def test_votes_that_come_late_make_it_look_again(kiosk: Kiosk) -> None:
    vote(kiosk, evenly(3, WEDNESDAY, "09:00", 60))
    kiosk.send()
    assert look_at(kiosk.unit) == []
    burst(enrolled(kiosk.unit))
    assert Flag.objects.count() == 1


def test_a_flag_that_late_votes_explain_is_gone_and_comes_back_with_cause(kiosk: Kiosk) -> None:
    before = enrolled(kiosk.unit)
    for number in range(20, 0, -1):
        vote(before, evenly(20, WEDNESDAY - timedelta(days=number), "08:00", 400))
        handled(kiosk.unit, WEDNESDAY - timedelta(days=number), 50, before.counter.pk)
    before.send()
    handled(kiosk.unit, WEDNESDAY, 60, before.counter.pk)
    Device.objects.filter(pk=before.device).update(last_heard=at(WEDNESDAY, "17:00"), enrolled_at=at(WEDNESDAY, "00:00"))
    [flag] = look_at(kiosk.unit)
    assert (flag.kind, flag.counter_id, flag.figures["votes"], flag.gone) == ("silent", before.counter.pk, 0, False)
    late = Kiosk(before.key, before.device, before.unit, before.counter, before.officers, f"l-{uuid7().hex}")
    vote(late, evenly(24, WEDNESDAY, "08:00", 400))
    late.send()
    assert look_at(kiosk.unit) == []
    assert Flag.objects.get().gone
    assert "Số liệu đến muộn" in somebody(Role.LEADER, kiosk.unit).get(address(flag)).content.decode()
    assert sentences(kiosk.unit, WEDNESDAY + timedelta(days=1)) == []


def test_that_a_kiosk_was_on_is_remembered_when_it_was_heard_again_since(kiosk: Kiosk) -> None:
    vote(kiosk, evenly(1, WEDNESDAY, "09:00", 1))
    kiosk.send()
    other = enrolled(kiosk.unit)
    device = Device.objects.filter(pk=other.device)
    device.update(last_heard=at(WEDNESDAY, "17:00"), enrolled_at=at(WEDNESDAY, "00:00"))
    look_at(kiosk.unit)
    assert set(Look.objects.get().heard) == {kiosk.counter.pk, other.counter.pk}
    device.update(last_heard=timezone.now())
    look(kiosk.unit, DAY)
    assert set(Look.objects.get().heard) == {kiosk.counter.pk, other.counter.pk}


def test_a_day_that_is_not_over_is_not_looked_at(kiosk: Kiosk) -> None:
    kiosk.open().votes(20).send()
    today = kiosk.unit.today()
    assert due(Unit.objects.all(), [Span(today, today), week(today)]) == []


def test_a_week_is_looked_at_when_it_is_over_and_again_when_its_days_changed(kiosk: Kiosk) -> None:
    vote(kiosk, evenly(5, WEDNESDAY, "09:00", 100))
    kiosk.send()
    assert week(WEDNESDAY) in spans_until(kiosk.unit.today() - timedelta(days=1))
    look_at(kiosk.unit, week(WEDNESDAY))
    assert due(Unit.objects.all(), [week(WEDNESDAY)]) == []
    handled(kiosk.unit, WEDNESDAY, 60)
    assert due(Unit.objects.all(), [week(WEDNESDAY)]) == [(kiosk.unit, week(WEDNESDAY))]


def test_an_officers_week_unlike_their_own_is_a_flag_of_the_week(kiosk: Kiosk) -> None:
    for number in range(8, 0, -1):
        vote(kiosk, evenly(30, WEDNESDAY - timedelta(weeks=number), "08:00", 400))
    vote(kiosk, evenly(20, WEDNESDAY, "08:00", 100))
    vote(kiosk, evenly(20, WEDNESDAY, "14:00", 100), "dissatisfied")
    kiosk.send()
    [flag] = look_at(kiosk.unit, week(WEDNESDAY))
    assert (flag.kind, flag.officer_id, flag.since, flag.day) == ("unlike", kiosk.officers[0].pk, *week(WEDNESDAY))
    page = somebody(Role.LEADER, kiosk.unit).get(address(flag)).content.decode()
    assert "50,0 % hài lòng (20 trên 40 lượt)" in page
    assert "100,0 % (240 lượt)" in page


def test_the_command_looks_at_everything_that_is_due_and_says_what_it_did(kiosk: Kiosk) -> None:
    vote(kiosk, evenly(14, WEDNESDAY, "16:52", 3))
    kiosk.send()
    said = StringIO()
    call_command("lookforflags", stdout=said)
    call_command("lookforflags", stdout=said)
    call_command("lookforflags", day=WEDNESDAY, stdout=said)
    assert said.getvalue().splitlines() == [
        "2 units' days and weeks looked at; 1 flags in these.",
        "0 units' days and weeks looked at; 0 flags in these.",
        "0 units' days and weeks looked at; 0 flags in these.",
    ]
    with pytest.raises(CommandError, match="not over"):
        call_command("lookforflags", day=timezone.localdate())


def test_opening_the_page_looks_at_yesterday_where_the_night_did_not(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    vote(kiosk, evenly(14, WEDNESDAY, "16:52", 3))
    kiosk.send()
    leader = somebody(Role.LEADER, kiosk.unit)
    assert not Flag.objects.exists()
    monkeypatch.setattr(timezone, "now", lambda: at(WEDNESDAY + timedelta(days=1), "08:00"))
    assert "14 lượt hài lòng trong 3 phút" in leader.get("/can-chu-y/").content.decode()


# reading votes and hours


def test_votes_of_a_kiosk_whose_clock_was_wrong_are_read_too(kiosk: Kiosk) -> None:
    vote(kiosk, evenly(5, WEDNESDAY, "09:00", 60))
    kiosk.vote(id=UUID(int=id_at(at(date(1970, 1, 2), "00:00")).int), boot="before", at=at(WEDNESDAY, "10:30"))
    kiosk.send()
    assert [one.at for one in evidence.ballots(kiosk.unit, WEDNESDAY)] == [*evenly(5, WEDNESDAY, "09:00", 60), at(WEDNESDAY, "10:30")]


def test_votes_are_those_of_the_units_own_day(kiosk: Kiosk) -> None:
    before, after = WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=1)
    moments = [at(before, "23:59"), at(WEDNESDAY, "00:00"), at(WEDNESDAY, "23:59"), at(after, "00:00")]
    vote(kiosk, moments)
    kiosk.send()
    assert [one.at for one in evidence.ballots(kiosk.unit, WEDNESDAY)] == moments[1:3]


def test_hours_are_those_that_the_province_set_unless_the_day_is_another(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    assert not evidence.opening(kiosk.unit.shown, WEDNESDAY).known
    screens = Screens.objects.create(unit=province)
    OpenSpan.objects.create(screens=screens, weekday=2, opens=time(7), closes=time(11))
    OtherDay.objects.create(screens=screens, first=WEDNESDAY + timedelta(days=7), last=WEDNESDAY + timedelta(days=7))
    publish(province)
    kiosk.unit.refresh_from_db()
    open_then = evidence.opening(kiosk.unit.shown, WEDNESDAY)
    assert (open_then.known, [(span.opens, span.closes) for span in open_then.spans]) == (True, [(time(7), time(11))])
    assert evidence.opening(kiosk.unit.shown, WEDNESDAY + timedelta(days=7)).spans == []


def test_votes_outside_the_hours_that_were_set_are_flagged(kiosk: Kiosk) -> None:
    screens = Screens.objects.create(unit=kiosk.unit)
    for weekday in range(5):
        OpenSpan.objects.create(screens=screens, weekday=weekday, opens=time(7), closes=time(11))
    publish(kiosk.unit)
    vote(kiosk, evenly(6, WEDNESDAY, "14:00", 120))
    kiosk.send()
    [flag] = look_at(Unit.objects.get(pk=kiosk.unit.pk))
    assert (flag.kind, flag.half) == ("outside", Flag.Half.AFTERNOON)
    assert "6 lượt ngoài giờ mở cửa, chiều" in somebody(Role.LEADER, kiosk.unit).get("/can-chu-y/").content.decode()


# who sees and judges

SEES = {Role.ADMINISTRATOR, Role.LEADER, Role.STAFF, Role.AUDITOR}
JUDGES = {Role.ADMINISTRATOR, Role.LEADER, Role.STAFF}


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_sees_and_judges_what_is_its_own(kiosk: Kiosk, role: Role | None) -> None:
    flag = burst(kiosk)
    client = somebody(role, kiosk.unit) if role else logged_in(person("nobody"))
    seen = 200 if role in SEES else 404
    for page in ("/can-chu-y/", f"/can-chu-y/{kiosk.unit.pk}/", address(flag)):
        assert client.get(page).status_code == seen, page
    judged = client.post(address(flag), {"verdict": "unusual"}).status_code
    assert judged == (302 if role in JUDGES else 404)
    assert Judgement.objects.exists() == (role in JUDGES)
    assert ("Cần chú ý" in client.get("/").content.decode()) == (role in SEES)


@pytest.mark.parametrize("role", list(Role))
def test_another_units_flags_are_as_absent_as_none(kiosk: Kiosk, role: Role) -> None:
    flag = burst(kiosk)
    other = enrolled(Unit.objects.create(name="Phường Trường Vinh", kind=Unit.Kind.COMMUNE))
    client = somebody(role, other.unit)
    for page in (f"/can-chu-y/{kiosk.unit.pk}/", address(flag), f"/can-chu-y/{other.unit.pk}/{flag.id}/"):
        assert (client.get(page).status_code, client.post(page).status_code in (404, 405)) == (404, True), page
    assert not Judgement.objects.exists()


def test_nobody_logged_in_is_asked_to(kiosk: Kiosk, client: Client) -> None:
    flag = burst(kiosk)
    for page in ("/can-chu-y/", f"/can-chu-y/{kiosk.unit.pk}/", address(flag)):
        assert client.get(page).headers["Location"].startswith("/login/")
    assert client.post(address(flag), {"verdict": "unusual"}).headers["Location"].startswith("/login/")
    assert not Judgement.objects.exists()


def test_a_judgement_is_kept_beside_those_before_and_stands_in_the_record(kiosk: Kiosk) -> None:
    flag = burst(kiosk)
    leader = somebody(Role.LEADER, kiosk.unit, "lanhdao")
    leader.post(address(flag), {"verdict": "reason", "note": "Đoàn của trường học"})
    leader.post(address(flag), {"verdict": "unusual", "note": "Không có đoàn nào"})
    said = [(one.verdict, one.note, one.who, one.figures["votes"]) for one in Judgement.objects.order_by("id")]
    assert said == [("reason", "Đoàn của trường học", "lanhdao", 14), ("unusual", "Không có đoàn nào", "lanhdao", 14)]
    assert Flag.objects.get().verdict == "unusual"
    page = leader.get(address(flag)).content.decode()
    assert page.index("Không có đoàn nào") < page.index("Đoàn của trường học")
    lines = Line.objects.filter(action="change", unit_id=kiosk.unit.pk, subject=flag.id).order_by("id")
    assert [(line.who, line.detail) for line in lines] == [("lanhdao", "flag judged: reason"), ("lanhdao", "flag judged: unusual")]


@pytest.mark.parametrize(
    "said", [{}, {"verdict": "reason"}, {"verdict": "reason", "note": "  "}, {"verdict": "open", "note": "giữ lời này"}]
)
def test_a_judgement_without_a_verdict_or_a_reason_is_told_what_to_mend_and_loses_nothing(kiosk: Kiosk, said: dict[str, str]) -> None:
    flag = burst(kiosk)
    answer = somebody(Role.LEADER, kiosk.unit).post(address(flag), said)
    assert answer.status_code == 422
    assert "Xin " in re.findall(r'role="alert"[^>]*>([^<]+)', answer.content.decode())[0]
    assert said.get("note", "").strip() in answer.content.decode()
    assert not Judgement.objects.exists()


def test_a_judged_flag_stays_judged_and_says_when_its_figures_changed_since(kiosk: Kiosk) -> None:
    flag = burst(kiosk)
    leader = somebody(Role.LEADER, kiosk.unit)
    leader.post(address(flag), {"verdict": "unusual"})
    assert "Số liệu đã thay đổi" not in leader.get(address(flag)).content.decode()
    late = Kiosk(kiosk.key, kiosk.device, kiosk.unit, kiosk.counter, kiosk.officers, f"l-{uuid7().hex}")
    vote(late, evenly(2, WEDNESDAY, "16:53", 0.5))
    late.send()
    look_at(kiosk.unit)
    flag = Flag.objects.get()
    assert (flag.verdict, flag.figures["votes"]) == ("unusual", 16)
    assert "Số liệu đã thay đổi" in leader.get(address(flag)).content.decode()


# the half-day


def of_no_time(shown: str) -> str:
    """What is shown, without the values in which any digits can meet: identities, a form's token, the page's length."""
    token, length, identity = r'(?<=csrfmiddlewaretoken" value=")\w+', r"(?<='Content-Length': ')\d+", r"(?<![a-zA-Z])[a-z]-[0-9A-Z]{8}"
    return re.sub(f"{token}|{length}|{identity}|[0-9a-f]{{16,}}", "·", shown)


@pytest.mark.parametrize("role", sorted(SEES - {Role.AUDITOR}))
def test_no_page_title_or_address_tells_a_leader_when_a_vote_was_cast(kiosk: Kiosk, role: str) -> None:
    flag = burst(kiosk)
    client = somebody(role, kiosk.unit)
    pages = ["/can-chu-y/", f"/can-chu-y/{kiosk.unit.pk}/?xem=chua-xem-xet", address(flag)]
    for page in pages:
        answer = client.get(page)
        shown = page + str(answer.headers) + answer.content.decode()
        assert "chiều" in shown or page != pages[0]
        assert not re.search(r"16[:. ]?(giờ)?[ ]?5[0-9]|09[:. ]5[0-9]", of_no_time(shown))
        for one in Vote.objects.all():
            assert str(one.id) not in shown
            assert one.id.hex[:12] not in shown
            assert str(int(one.at.timestamp())) not in shown
    assert not Line.objects.filter(action="view").exists()


def test_an_auditor_sees_the_times_and_that_is_recorded(kiosk: Kiosk) -> None:
    flag = burst(kiosk)
    auditor = somebody(Role.AUDITOR, kiosk.unit, "kiemtra")
    assert "16:52" not in auditor.get("/can-chu-y/").content.decode()
    page = auditor.get(address(flag)).content.decode()
    assert "16:52:07" in page
    assert "Đúng là bất thường" not in page
    [line] = Line.objects.filter(action="view")
    assert (line.who, line.unit_id, line.subject) == ("kiemtra", kiosk.unit.pk, flag.id)


def test_the_table_beside_a_flag_adds_up_to_the_counters_day(kiosk: Kiosk) -> None:
    vote(kiosk, evenly(4, WEDNESDAY, "09:00", 60), "dissatisfied")
    flag = burst(kiosk)
    page = somebody(Role.LEADER, kiosk.unit).get(address(flag)).content.decode()
    cells = [re.findall(r"<t[hd][^>]*>([^<]+)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]
    assert cells[1:] == [["Sáng", "0", "4", "4"], ["Chiều", "14", "0", "14"]]


# lists


def test_what_nobody_judged_comes_first_and_can_be_asked_for_alone(kiosk: Kiosk) -> None:
    first = burst(kiosk)
    other = enrolled(kiosk.unit)
    second = burst(other)
    leader = somebody(Role.LEADER, kiosk.unit)
    leader.post(address(first), {"verdict": "unusual"})

    def shown(query: str) -> list[str]:
        return re.findall(r'data-flag="([^"]+)"', leader.get(f"/can-chu-y/{query}").content.decode())

    assert shown("") == [second.id, first.id]
    assert shown("?xem=chua-xem-xet") == shown("?xem=chua-xem-xet&loai=don-dap") == [second.id]
    assert shown("?xem=bat-thuong") == [first.id]
    assert shown("?loai=ngoai-gio") == []
    assert shown("?xem=gì&loai=đó&trang=x") == [second.id, first.id]


def test_a_province_sees_its_communes_and_the_country_its_provinces_with_how_many_are_open(kiosk: Kiosk) -> None:
    country = Unit.objects.create(name="Việt Nam", kind=Unit.Kind.COUNTRY)
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)
    kiosk.unit.parent = province
    kiosk.unit.save()
    burst(kiosk)
    burst(enrolled(kiosk.unit))

    def rows(client: Client, page: str = "/can-chu-y/") -> list[tuple[str, str]]:
        return re.findall(r'data-unit="([^"]+)".*?data-open="(\d+)"', client.get(page).content.decode(), re.DOTALL)

    above, top = somebody(Role.LEADER, province), somebody(Role.LEADER, country)
    assert rows(above) == [(kiosk.unit.pk, "2")]
    assert rows(top) == [(province.pk, "2")]
    assert rows(top, f"/can-chu-y/{province.pk}/") == [(kiosk.unit.pk, "2")]
    assert above.get(f"/can-chu-y/{country.pk}/").status_code == 404


def test_a_leader_of_two_communes_chooses(kiosk: Kiosk) -> None:
    burst(kiosk)
    other = enrolled(Unit.objects.create(name="Phường Trường Vinh", kind=Unit.Kind.COMMUNE))
    burst(other)
    client = somebody(Role.LEADER, kiosk.unit)
    Membership.objects.create(user=user_of(client), unit=other.unit)
    page = client.get("/can-chu-y/").content.decode()
    assert set(re.findall(r'data-unit="([^"]+)"', page)) == {kiosk.unit.pk, other.unit.pk}


def test_the_page_of_today_is_told_what_is_open_and_fresh(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    flag = burst(kiosk)
    [notice] = sentences(kiosk.unit, WEDNESDAY + timedelta(days=1))
    assert notice.head == f"14 lượt hài lòng trong 3 phút, chiều {WEDNESDAY:%d/%m}, Quầy 1."
    assert notice.address == address(flag)
    [above] = sentences(province, WEDNESDAY + timedelta(days=1))
    assert (above.head, above.address) == ("1 điều chưa xem xét ở 1 đơn vị trực thuộc.", f"/can-chu-y/{province.pk}/")
    assert sentences(kiosk.unit, WEDNESDAY) == sentences(kiosk.unit, WEDNESDAY + timedelta(days=40)) == []
    somebody(Role.LEADER, kiosk.unit).post(address(flag), {"verdict": "unusual"})
    assert sentences(kiosk.unit, WEDNESDAY + timedelta(days=1)) == sentences(province, WEDNESDAY + timedelta(days=1)) == []


def test_pages_have_nothing_inline(kiosk: Kiosk) -> None:
    flag = burst(kiosk)
    auditor = somebody(Role.AUDITOR, kiosk.unit)
    page = "".join(auditor.get(one).content.decode() for one in ("/can-chu-y/", address(flag)))
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)
