"""The list of devices: what is amiss, in words, with what to do; by unit; as fast with many as with one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from server.devices.health import clock_words, findings, needs_attention, silent_since, versions
from server.devices.models import Device
from server.places.models import Counter, Unit
from sync import wire
from sync.stick import NO_BOOT
from tests.server.device_pages import commune, device, shown, sums, text
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=10)

AMISS: list[tuple[dict[str, Any], str]] = [
    ({"flag": "forked"}, "Hai ổ đĩa cùng mang tên thiết bị này"),
    ({"flag": "id-reused"}, "Đã gửi nội dung khác dưới một mã đã có"),
    ({"flag": "new-kind"}, "Có cảnh báo: new-kind"),
    ({"last_heard": LONG_AGO}, "Không liên lạc ít nhất một ngày làm việc"),
    ({"last_heard": None}, "Đã đăng ký nhưng chưa gửi gì"),
    ({"waiting": 500}, "còn 500 mục chờ gửi"),
    ({"clock_ahead": 7_200_000}, "Đồng hồ nhanh 2 giờ"),
    ({"clock_ahead": -400_000}, "Đồng hồ chậm 6 phút"),
    ({"disk_free": 400_000_000}, "Ổ đĩa chỉ còn 0,4 GB"),
    ({"update_version": "0.2.0", "update_outcome": "failed"}, "Không chạy được phiên bản 0.2.0, đã tự quay lại 0.1.0"),
    ({"version": "0.0.9"}, "Phiên bản 0.0.9 quá cũ"),
]


@pytest.fixture
def oldest_010(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OLDEST_KIOSK", (0, 1, 0))


@pytest.mark.parametrize(("said", "words"), AMISS)
def test_what_is_amiss_is_said_with_what_to_do_and_found_by_the_filter(said: dict[str, Any], words: str, oldest_010: None) -> None:
    unit = commune()
    fine, bad = device(unit, NOW), device(unit, NOW, "Quầy 2", **said)
    page = somebody(Role.TECHNICIAN, unit).get("/thiet-bi/?loc=can-chu-y").content.decode()
    assert (shown(page, "device"), sums(page)["attention"]) == ([bad.pk], 1)
    assert words in text(page)
    assert all(finding.advice for finding in findings(bad, NOW, versions()))
    assert findings(fine, NOW, versions()) == []


def test_a_device_is_found_exactly_when_there_is_advice_about_it(oldest_010: None) -> None:
    unit = commune()
    for number, (said, _) in enumerate([*AMISS, ({}, ""), ({"clock_ahead": None, "waiting": 499}, ""), ({"version": "dev"}, "")]):
        device(unit, NOW, f"Quầy {number}", **said)
    known = versions()
    found = set(Device.objects.filter(needs_attention(NOW, known)).values_list("pk", flat=True))
    assert found == {each.pk for each in Device.objects.all() if any(finding.advice for finding in findings(each, NOW, known))}


def test_an_older_version_than_others_have_is_told_and_is_no_alarm() -> None:
    unit = commune()
    older, _ = device(unit, NOW, version="0.9.0"), device(unit, NOW, "Quầy 2", version="0.10.0")
    page = somebody(Role.LEADER, unit).get("/thiet-bi/").content.decode()
    assert "Phiên bản 0.9.0 cũ hơn máy khác (0.10.0)" in text(page)
    assert sums(page)["attention"] == 0
    assert [finding.advice for finding in findings(older, NOW, versions())] == [""]


@pytest.mark.parametrize(
    ("today", "since"),
    [("2026-11-25", "2026-11-24"), ("2026-11-24", "2026-11-23"), ("2026-11-23", "2026-11-20"), ("2026-11-22", "2026-11-20")],
)
def test_who_was_heard_on_the_last_working_day_before_today_is_not_silent(today: str, since: str) -> None:
    now = timezone.make_aware(datetime.fromisoformat(f"{today}T09:00"))
    assert silent_since(now) == timezone.make_aware(datetime.fromisoformat(f"{since}T00:00"))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(None, "chưa biết"), (1999, "đúng giờ"), (-5000, "chậm 5 giây"), (119_000, "nhanh 119 giây"), (3 * 86_400_000, "nhanh 3 ngày")],
)
def test_a_clock_is_told_in_words(ahead: int | None, words: str) -> None:
    assert clock_words(ahead) == words


def test_a_kiosk_says_how_its_clock_goes_and_what_it_holds_and_a_stick_says_nothing_of_its_clock(kiosk: Kiosk) -> None:
    kiosk.open().vote().send(clock=wire.Clock(datetime.now(UTC) + timedelta(hours=2), kiosk.up, "boot-1"))
    known = Device.objects.get()
    assert known.clock_ahead is not None
    assert abs(known.clock_ahead - 7_200_000) < 60_000
    assert f'"{kiosk.ledger}"' in known.held
    kiosk.vote().send(3, clock=wire.Clock(datetime.now(UTC) - timedelta(days=9), kiosk.up, NO_BOOT))
    assert Device.objects.get().clock_ahead == known.clock_ahead


def test_what_was_sent_with_the_last_batch_waits_no_more(kiosk: Kiosk) -> None:
    kiosk.open().votes(2).send(health=wire.Health("0.1.0", 3, 10**10))
    page = somebody(Role.TECHNICIAN, kiosk.unit).get(f"/thiet-bi/may/{kiosk.device}/").content.decode()
    assert 'data-missing="0"' in page
    kiosk.votes(4).send(4, 4)
    page = somebody(Role.TECHNICIAN, kiosk.unit).get(f"/thiet-bi/may/{kiosk.device}/").content.decode()
    assert 'data-missing="3"' in page
    assert "3 mục còn trên máy, chờ gửi" in text(page)


def test_what_a_kiosk_let_go_of_before_the_server_had_it_is_told_as_lost(kiosk: Kiosk) -> None:
    kiosk.open().vote().send(ledgers=[wire.Held(kiosk.ledger, 5, 9, 5)])
    page = somebody(Role.TECHNICIAN, kiosk.unit).get(f"/thiet-bi/may/{kiosk.device}/").content.decode()
    assert "Mất 3 mục (từ 3 đến 5)" in text(page)
    assert 'data-missing="7"' in page


def test_newcomers_stand_on_top_and_can_be_revoked_from_there() -> None:
    unit = commune()
    device(unit, NOW)
    new = device(unit, NOW, "Quầy 2", enrolled_at=NOW - timedelta(days=13))
    page = somebody(Role.TECHNICIAN, unit).get("/thiet-bi/").content.decode()
    assert shown(page, "device")[0] == new.pk
    assert f"/thiet-bi/may/{new.pk}/thu-hoi/" in page
    assert f"/thiet-bi/may/{new.pk}/thu-hoi/" not in somebody(Role.LEADER, unit).get("/thiet-bi/").content.decode()


def test_counters_without_a_device_in_service_are_listed() -> None:
    unit = commune()
    device(unit, NOW)
    device(unit, NOW, "Quầy 2", revoked_at=NOW)
    bare = Counter.objects.create(unit=unit, name="Quầy 3")
    page = somebody(Role.TECHNICIAN, unit).get("/thiet-bi/?loc=chua-co").content.decode()
    assert shown(page, "counter") == [Counter.objects.get(name="Quầy 2").pk, bare.pk]
    assert sums(page) == {"devices": 1, "attention": 0, "new": 0, "without": 2}


def test_revoked_devices_are_listed_by_themselves() -> None:
    unit = commune()
    device(unit, NOW)
    gone = device(unit, NOW, "Quầy 2", revoked_at=NOW)
    client = somebody(Role.AUDITOR, unit)
    assert gone.pk not in client.get("/thiet-bi/").content.decode()
    assert shown(client.get("/thiet-bi/?loc=thu-hoi").content.decode(), "device") == [gone.pk]


def tree() -> tuple[Unit, Unit, list[Unit]]:
    """The country, a province with two communes in it, and another province with one."""
    country = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    provinces = [Unit.objects.create(name=name, kind=Unit.Kind.PROVINCE, parent=country) for name in ("Tỉnh Nghệ An", "Tỉnh Cà Mau")]
    communes = [commune(name, provinces[name == "Xã Đất Mũi"]) for name in ("Phường Thái Hòa", "Phường Tân An", "Xã Đất Mũi")]
    for number, unit in enumerate(communes):
        for counter in range(number + 1):
            device(unit, NOW, f"Quầy {counter}", flag="forked" if unit.name == "Phường Tân An" and not counter else "")
    return country, provinces[0], communes


def test_an_area_is_summed_up_by_the_units_below_it() -> None:
    country, province, communes = tree()
    page = somebody(Role.ADMINISTRATOR, country).get("/thiet-bi/").content.decode()
    assert sums(page) == {"devices": 6, "attention": 1, "new": 0, "without": 0}
    assert shown(page, "unit") == [communes[2].parent_id, province.pk]
    page = somebody(Role.ADMINISTRATOR, province).get("/thiet-bi/").content.decode()
    assert sums(page)["devices"] == 3
    assert shown(page, "unit") == [communes[0].pk, communes[1].pk]
    assert shown(page, "device") == []
    page = somebody(Role.ADMINISTRATOR, province).get("/thiet-bi/?loc=can-chu-y").content.decode()
    assert shown(page, "device") == [Device.objects.get(flag="forked").pk]


def test_who_has_several_units_chooses_among_them() -> None:
    _, _, communes = tree()
    client = somebody(Role.TECHNICIAN, communes[0])
    communes[2].memberships.create(user_id=client.session["_auth_user_id"], role=Role.TECHNICIAN)
    page = client.get("/thiet-bi/").content.decode()
    assert (shown(page, "unit"), sums(page)["devices"]) == ([communes[0].pk, communes[2].pk], 4)


@pytest.mark.parametrize("choice", ["", "?loc=can-chu-y", "?loc=moi", "?loc=chua-co", "?loc=thu-hoi"])
def test_the_queries_do_not_grow_with_the_devices(choice: str) -> None:
    country = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)
    client, place = somebody(Role.ADMINISTRATOR, country), commune("Phường Tân An", province)
    local = somebody(Role.TECHNICIAN, place)

    def more(unit: Unit, count: int) -> None:
        for number in range(count):
            held = f'[{{"ledger":"l-{unit.pk}{number}","floor":0,"last":{number},"acked":0}}]'
            lately = {"enrolled_at": NOW, "flag": "forked", "held": held}
            device(unit, NOW, f"Quầy {number}", **lately, revoked_at=NOW if number % 3 == 1 else None)
            Counter.objects.create(unit=unit, name=f"Quầy trống {number}")

    def queries() -> list[int]:
        counts = []
        for who in (client, local):
            with CaptureQueriesContext(
                connection,
            ) as said:
                assert who.get("/thiet-bi/" + choice).status_code == 200
            counts.append(len(said))
        return counts

    more(place, 3)
    few = queries()
    more(place, 15)
    for name in ("Xã Nghĩa Thuận", "Phường Quang Trung"):
        more(commune(name, province), 9)
    assert queries() == few
    assert max(few) <= 22


def test_a_long_list_comes_in_pages_that_keep_the_filter() -> None:
    unit = commune()
    for number in range(60):
        device(unit, NOW, f"Quầy {number:02}", flag="forked")
    client = somebody(Role.TECHNICIAN, unit)
    first, second = (client.get(f"/thiet-bi/?loc=can-chu-y&trang={page}").content.decode() for page in (1, 2))
    assert (len(shown(first, "device")), len(shown(second, "device"))) == (50, 10)
    assert 'href="?loc=can-chu-y&amp;trang=2"' in first


def test_an_unknown_filter_is_nowhere() -> None:
    assert somebody(Role.TECHNICIAN, commune()).get("/thiet-bi/?loc=khac").status_code == 404
