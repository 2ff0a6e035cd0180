"""Alerts as people meet them: looked for in all units at once, seen by whom they are for, seen to, closed, and gone by themselves."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.alerts.audience import visible
from server.alerts.models import Alert, Happening, Wishes
from server.alerts.wishes import held
from server.cases.box import unread
from server.cases.models import Case, Reading
from server.comments.erasure import erase
from server.comments.models import SealedComment
from server.devices.models import Device
from server.intake.models import Quarantine
from server.places.models import Unit
from server.record.models import Line
from sync.entries import uuid7
from tests.server.alerting import NOON, THURSDAY, case, comment, form_comment, now_is, paper, silent, votes, watch
from tests.server.country import a_country
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, person, somebody

_DAY = timedelta(days=1)
MONDAY = THURSDAY - 3 * _DAY


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Thursday noon; kiosks that nobody asks about were heard a moment ago."""
    now_is(NOON, monkeypatch)


def heard(kiosk: Kiosk) -> Kiosk:
    Device.objects.filter(pk=kiosk.device).update(last_heard=NOON - timedelta(minutes=1))
    return kiosk


def kinds(unit: Unit | None = None) -> list[str]:
    alerts = Alert.objects.filter(gone_at=None)
    return sorted((alerts.filter(unit_id=unit.pk) if unit else alerts).values_list("kind", flat=True))


def usual_days(unit: Unit) -> None:
    for number in range(1, 15):
        votes(unit, THURSDAY - number * _DAY, 19, 1)


# looking


def a_burst(kiosk: Kiosk) -> None:
    usual_days(kiosk.unit)
    votes(kiosk.unit, THURSDAY, 1, 16)


def a_low_share(kiosk: Kiosk) -> None:
    Wishes.objects.create(unit=kiosk.unit, threshold=90)
    votes(kiosk.unit, MONDAY, 60, 40, officer="o-1")


CAUSES: dict[str, Callable[[Kiosk], object]] = {
    "burst": a_burst,
    "share": a_low_share,
    "case": lambda kiosk: case(kiosk.unit, THURSDAY - _DAY),
    "unread": lambda kiosk: comment(kiosk.unit, NOON - 4 * _DAY),
    "silent": lambda kiosk: silent(kiosk.device, NOON - _DAY),
    "flagged": lambda kiosk: Device.objects.filter(pk=kiosk.device).update(flag="forked"),
    "quarantine": lambda kiosk: Quarantine.objects.create(
        unit_id=kiosk.unit.pk, ledger="l-1", seq=1, line=b"x", reason="malformed", at=0, estimated=False, received_at=NOON
    ),
}


@pytest.mark.parametrize("kind", CAUSES)
def test_each_cause_makes_one_alert_however_often_it_is_looked_for(kind: str, kiosk: Kiosk) -> None:
    CAUSES[kind](heard(kiosk))
    watch()
    watch(NOON + timedelta(minutes=5))
    assert kinds() == [kind]
    assert Happening.objects.count() == 1
    page = somebody(Role.LEADER, kiosk.unit).get(f"/canh-bao/{kiosk.unit.pk}/").content.decode()
    assert "1 cảnh báo đang mở" in page


@pytest.mark.parametrize("kind", CAUSES)
def test_a_unit_that_has_ended_or_is_closed_causes_nothing(kind: str, kiosk: Kiosk) -> None:
    CAUSES[kind](heard(kiosk))
    watch(NOON + 3 * _DAY)  # a Sunday
    assert kinds() == []
    Unit.objects.filter(pk=kiosk.unit.pk).update(ended=MONDAY)
    watch()
    assert kinds() == []


def test_an_ordinary_unit_has_no_alert(kiosk: Kiosk) -> None:
    usual_days(heard(kiosk).unit)
    votes(kiosk.unit, THURSDAY, 20, 3)
    case(kiosk.unit, THURSDAY)
    case(kiosk.unit, MONDAY, step="published")
    comment(kiosk.unit, NOON - 2 * _DAY)
    Reading.objects.create(
        unit_id=kiosk.unit.pk, sealed=comment(kiosk.unit, NOON - 9 * _DAY), day=MONDAY, became="noted", who="an", at=NOON
    )
    watch()
    assert kinds() == []


def test_an_erased_comment_waits_for_nobody(kiosk: Kiosk) -> None:
    sealed = comment(heard(kiosk).unit, NOON - 9 * _DAY)
    SealedComment.objects.filter(sha256=sealed).delete()
    watch()
    assert kinds() == []


def test_unread_comments_of_every_way_are_those_of_the_box(kiosk: Kiosk) -> None:
    unit, before = heard(kiosk).unit, THURSDAY - 3 * _DAY
    kiosk.open()
    written_at = NOON - 7 * _DAY
    settled, vague = (kiosk.vote("dissatisfied", at=written_at).last_id() for _ in range(2))
    kiosk.send()
    for vote in (settled, vague, uuid7()):  # of the last two nobody knows yet why
        form_comment(unit, vote, written_at)
    for sensitive in (False, True, True):
        comment(unit, written_at, sensitive=sensitive)
    for reasons in ([], [], ["waited"], ["extra-cost"]):
        paper(unit, before - _DAY, reasons)
    watch()
    counted = {alert.sensitive: alert.figures["number"] for alert in Alert.objects.filter(kind="unread")}
    seen = [len(unread(unit, before, sensitive=sensitive)) for sensitive in (False, True)]
    assert (counted[False], counted[False] + counted[True]) == tuple(seen) == (5, 10)


def test_an_alert_ends_with_its_cause_and_a_new_one_begins_when_it_comes_again(kiosk: Kiosk) -> None:
    late = case(heard(kiosk).unit, MONDAY)
    watch()
    Case.objects.filter(unit_id=late.unit_id, id=late.id).update(due=THURSDAY + _DAY)
    watch(NOON + timedelta(minutes=5))
    [alert] = Alert.objects.all()
    assert (alert.state, alert.gone_at) == ("gone", NOON + timedelta(minutes=5))
    assert list(Happening.objects.order_by("number").values_list("what", flat=True)) == ["began", "gone"]
    Case.objects.filter(unit_id=late.unit_id, id=late.id).update(due=MONDAY)
    watch(NOON + timedelta(minutes=10))
    assert list(Alert.objects.order_by("number").values_list("number", "state")) == [(1, "gone"), (2, "open")]


def test_the_queries_do_not_grow_with_the_units(kiosk: Kiosk) -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as asked:
            watch()
        return sum(query["sql"].startswith("SELECT") for query in asked)  # what is kept is written so many rows at once

    for make in CAUSES.values():
        make(kiosk)
    first = number()
    Alert.objects.all().delete()
    Happening.objects.all().delete()
    for _ in range(12):
        other = enrolled()
        for kind, make in CAUSES.items():
            if kind != "quarantine":
                make(other)
    assert number() == first <= 16
    assert Alert.objects.filter(gone_at=None).count() == 13 * 6 + 1


def test_the_command_says_what_it_found(kiosk: Kiosk) -> None:
    case(heard(kiosk).unit, MONDAY)
    out = StringIO()
    call_command("watch", stdout=out)
    assert out.getvalue() == "1 alerts began, 0 ended.\n"


def test_what_the_province_set_holds_where_the_commune_says_nothing() -> None:
    country = a_country()
    Wishes.objects.create(unit=country.north, threshold=90, silent_minutes=60)
    Wishes.objects.create(unit=country.lake, threshold=70)
    hill, lake, shore = (held(Unit.objects.select_related("parent").get(pk=one.pk)) for one in (country.hill, country.lake, country.shore))
    assert [one.threshold for one in (hill, lake, shore)] == [90, 70, 80]
    assert [one.silent_minutes for one in (hill, lake, shore)] == [60, 60, 120]
    for unit in (country.hill, country.lake, country.shore):
        votes(unit, THURSDAY, 160, 40)
    watch()
    assert kinds(country.hill) == ["share"]
    assert kinds(country.lake) == kinds(country.shore) == []


def test_a_kind_that_a_unit_does_not_want_is_not_told(kiosk: Kiosk) -> None:
    case(heard(kiosk).unit, MONDAY)
    Wishes.objects.create(unit=kiosk.unit, kinds=["share"])
    watch()
    assert kinds() == []


# who sees what

SEEN: dict[str, set[str]] = {
    Role.LEADER: {"share", "burst", "case", "secret case", "unread", "secret unread", "silent", "flagged", "quarantine"},
    Role.STAFF: {"share", "burst", "case", "unread", "silent", "flagged", "quarantine"},
    Role.ADMINISTRATOR: {"share", "burst", "silent", "flagged", "quarantine"},
    Role.AUDITOR: {"share", "burst", "silent", "flagged", "quarantine"},
    Role.TECHNICIAN: {"silent", "flagged", "quarantine"},
    Role.OFFICER: set(),
}
ACTS: dict[str, set[str]] = {
    Role.LEADER: SEEN[Role.LEADER],
    Role.STAFF: SEEN[Role.STAFF],
    Role.ADMINISTRATOR: SEEN[Role.ADMINISTRATOR],
    Role.AUDITOR: set(),
    Role.TECHNICIAN: SEEN[Role.TECHNICIAN],
    Role.OFFICER: set(),
}


def everything(kiosk: Kiosk) -> dict[str, Alert]:
    """An alert of every kind, and those for leaders alone."""
    for make in CAUSES.values():
        make(kiosk)
    case(kiosk.unit, MONDAY, sensitive=True)
    comment(kiosk.unit, NOON - 4 * _DAY, sensitive=True)
    watch()
    return {f"{'secret ' if alert.sensitive else ''}{alert.kind}": alert for alert in Alert.objects.all()}


@pytest.mark.parametrize("role", SEEN)
def test_each_role_sees_and_acts_as_the_table_says(role: str, kiosk: Kiosk) -> None:
    alerts = everything(kiosk)
    assert set(alerts) == SEEN[Role.LEADER]
    client = somebody(role, kiosk.unit)
    listed = client.get(f"/canh-bao/{kiosk.unit.pk}/")
    assert {name for name, alert in alerts.items() if f'data-alert="{alert.id}"' in listed.content.decode()} == SEEN[role]
    found = {name for name, alert in alerts.items() if client.get(page(alert)).status_code == 200}
    taken = {name for name, alert in alerts.items() if client.post(page(alert), {"act": "nhan"}).status_code == 302}
    assert (found, taken) == (SEEN[role], ACTS[role])
    if SEEN[role]:
        assert f"{len(SEEN[role])} cảnh báo đang mở" in listed.content.decode()


def page(alert: Alert) -> str:
    return f"/canh-bao/{alert.unit_id}/{alert.id}/"


def test_an_old_alert_about_a_case_that_turned_out_to_be_for_leaders_alone_is_theirs_alone(kiosk: Kiosk) -> None:
    late = case(heard(kiosk).unit, MONDAY)
    watch()
    staff, leader = person("vp", kiosk.unit, Role.STAFF), person("ld", kiosk.unit)
    assert visible(staff).count() == 1
    Case.objects.filter(unit_id=late.unit_id, id=late.id).update(sensitive=True, due=None)
    watch()
    assert visible(staff).count() == 0
    assert visible(leader).count() == 1


def test_today_counts_only_the_alerts_that_the_reader_may_see(kiosk: Kiosk) -> None:
    everything(kiosk)
    for role, number in ((Role.LEADER, 9), (Role.STAFF, 7)):
        today = somebody(role, kiosk.unit).get(f"/don-vi/{kiosk.unit.pk}/").content.decode()
        assert f"<strong>{number} cảnh báo đang mở.</strong> Chưa ai nhận." in today


def test_a_province_sees_where_alerts_wait() -> None:
    country = a_country()
    for unit in (country.hill, country.lake, country.shore):
        votes(unit, THURSDAY, 100, 100)
    watch()
    leader = somebody(Role.LEADER, country.north)
    said = leader.get("/canh-bao/").content.decode()
    assert "Xã Đồi" in said
    assert "Xã Hồ" in said
    assert "Xã Bờ" not in said
    assert leader.get(f"/canh-bao/{country.shore.pk}/").status_code == 404


# what people do


@pytest.fixture
def alert(kiosk: Kiosk) -> Alert:
    case(heard(kiosk).unit, MONDAY)
    watch()
    return Alert.objects.get()


def states() -> list[str]:
    return list(Alert.objects.filter(kind="case").order_by("number").values_list("state", flat=True))


def test_an_alert_is_acknowledged_then_closed_with_words_and_each_is_recorded(alert: Alert) -> None:
    client = somebody(Role.STAFF, Unit.objects.get(pk=alert.unit_id), "vanphong")
    assert client.post(page(alert), {"act": "nhan"}).status_code == 302
    assert states() == ["acknowledged"]
    refused = client.post(page(alert), {"act": "dong", "words": " "})
    assert (refused.status_code, "Xin ghi đã làm gì" in refused.content.decode()) == (422, True)
    client.post(page(alert), {"act": "dong", "words": "Đã gọi lại cho người dân."})
    assert states() == ["closed"]
    changes = Line.objects.filter(action="change", subject=alert.id).order_by("id")
    assert list(changes.values_list("who", "detail")) == [("vanphong", "cảnh báo: nhận"), ("vanphong", "cảnh báo: đóng")]
    assert "Đã gọi lại" in client.get(page(alert)).content.decode()


def test_two_people_do_not_close_the_same_alert_twice(alert: Alert) -> None:
    client = somebody(Role.LEADER, Unit.objects.get(pk=alert.unit_id))
    client.post(page(alert), {"act": "dong", "words": "xong"})
    again = client.post(page(alert), {"act": "dong", "words": "cũng xong"})
    assert again.status_code == 422
    assert "đã đóng rồi" in again.content.decode()
    assert "cũng xong" in again.content.decode()  # nothing is lost


def test_a_closed_alert_stays_closed_until_it_is_much_worse(alert: Alert) -> None:
    somebody(Role.LEADER, Unit.objects.get(pk=alert.unit_id)).post(page(alert), {"act": "dong", "words": "chờ công an"})
    watch(NOON + 4 * _DAY)
    assert states() == ["closed"]
    watch(NOON + 5 * _DAY)  # from 3 days late to 8
    assert states() == ["closed", "open"]


def test_what_somebody_wrote_is_sealed_and_opened_by_whom_it_is_for(alert: Alert) -> None:
    unit, words = Unit.objects.get(pk=alert.unit_id), "Bà Nguyễn Thị Xuân đã nhận kết quả"
    somebody(Role.STAFF, unit).post(page(alert), {"act": "ghi", "words": words})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – a name of our own tables
            assert words not in str(cursor.fetchall())
    leader = somebody(Role.LEADER, unit, "ld")
    assert words in leader.get(page(alert)).content.decode()
    assert Line.objects.filter(action="view", who="ld", subject=alert.id).count() == 1


def test_whoever_only_runs_the_server_reads_no_comments_but_of_devices(kiosk: Kiosk) -> None:
    alerts = everything(kiosk)
    leader = somebody(Role.LEADER, kiosk.unit)
    for name in ("share", "silent"):
        leader.post(page(alerts[name]), {"act": "ghi", "words": "đã xem màn hình"})
    for client in (somebody(Role.ADMINISTRATOR, kiosk.unit), somebody(Role.TECHNICIAN, kiosk.unit)):
        assert "đã xem màn hình" in client.get(page(alerts["silent"])).content.decode()
        assert "đã xem màn hình" not in client.get(page(alerts["share"])).content.decode()


def test_a_comment_of_an_alert_can_be_erased(alert: Alert) -> None:
    client = somebody(Role.LEADER, Unit.objects.get(pk=alert.unit_id))
    client.post(page(alert), {"act": "ghi", "words": "Bà Xuân"})
    sealed = Happening.objects.exclude(sealed="").get().sealed
    erase([sealed], who="ld", because="theo yêu cầu", at=NOON)
    said = client.get(page(alert)).content.decode()
    assert "Bà Xuân" not in said
    assert "Ghi chú đã được xóa." in said


def test_opening_the_page_of_a_unit_looks_there_at_once(kiosk: Kiosk) -> None:
    case(heard(kiosk).unit, MONDAY)
    assert "quá hạn 3 ngày" in somebody(Role.STAFF, kiosk.unit).get("/canh-bao/").content.decode()


def test_a_technician_finds_the_alerts_of_devices_in_the_bar(kiosk: Kiosk) -> None:
    client = somebody(Role.TECHNICIAN, kiosk.unit)
    assert "Cần chú ý" in client.get("/thiet-bi/").content.decode()
    assert "Bất thường trong đánh giá" not in client.get("/canh-bao/").content.decode()


def test_no_sentence_tells_a_votes_time(kiosk: Kiosk) -> None:
    CAUSES["burst"](heard(kiosk))
    watch()
    assert set(Alert.objects.get().figures) == {"dissatisfied", "satisfied", "before", "before_satisfied"}


# settings


def test_a_unit_sets_its_own_and_takes_it_back(kiosk: Kiosk) -> None:
    client, address = somebody(Role.LEADER, kiosk.unit, "ld"), f"/canh-bao/{kiosk.unit.pk}/cai-dat/"
    sent = {"threshold": "85", "silent_minutes": "60", "digest_at": "06:45", "own_kinds": "on", "kinds": ["share", "case"]}
    assert client.post(address, sent).status_code == 302
    found = held(kiosk.unit)
    assert (found.threshold, found.silent_minutes, f"{found.digest_at:%H:%M}", set(found.kinds)) == (85, 60, "06:45", {"share", "case"})
    assert 'value="06:45"' in client.get(address).content.decode()
    assert Line.objects.get(action="change", who="ld").subject == "alerts.wishes"
    client.post(address, {})
    assert held(kiosk.unit).threshold == 80


def test_wrong_settings_say_what_to_mend_and_change_nothing(kiosk: Kiosk) -> None:
    answer = somebody(Role.LEADER, kiosk.unit).post(f"/canh-bao/{kiosk.unit.pk}/cai-dat/", {"threshold": "8,5", "digest_at": "25:00"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Xin ghi mức từ 50 đến 99" in said
    assert "Xin ghi giờ như 07:30" in said
    assert 'value="8,5"' in said
    assert not Wishes.objects.exists()
