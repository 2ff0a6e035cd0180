"""What a leader sees, and what not."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from server.devices.models import Device
from server.intake.models import OfficerDay
from server.places.models import Counter, Membership, Unit
from server.places.scope import Right, units_for
from server.results.statistics import share, wilson
from server.results.templatetags.vietnamese import number, percent
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, at, logged_in, person, somebody


def counts(page: str) -> dict[str, list[int]]:
    """Total, satisfied and dissatisfied by officer."""
    rows = re.findall(r'<tr role="row" data-officer="([^"]*)">(.*?)</tr>', page, re.DOTALL)
    return {officer: [int(n) for n in re.findall(r'data-count="\w+" data-value="(\d+)"', row)] for officer, row in rows}


def test_the_page_shows_todays_votes_by_officer_and_adds_up(kiosk: Kiosk) -> None:
    kiosk.open().votes(3, 1).votes(2, 0, officer=None).send()
    page = somebody(Role.LEADER, kiosk.unit).get("/").content.decode()
    first, second = kiosk.officers
    assert counts(page) == {first.id: [4, 3, 1], second.id: [0, 0, 0], "": [2, 2, 0], "total": [6, 5, 1]}
    for hook in ('data-total="total" data-value="6"', 'data-total="satisfied" data-value="5"', 'data-total="dissatisfied" data-value="1"'):
        assert hook in page
    for text in ("Trần Quốc Bảo", "Quầy 1", "Chưa phân công", "Tổng cộng", "đều đã liên lạc hôm nay"):
        assert text in page
    assert re.search(r"Cập nhật lúc <time [^>]*>\d+ giờ \d\d</time>", page)


def test_nobody_off_duty_is_listed_without_such_votes(kiosk: Kiosk) -> None:
    assert "" not in counts(somebody(Role.LEADER, kiosk.unit).get("/").content.decode())


def test_below_30_votes_there_is_no_share_and_from_30_on_with_n_and_interval(kiosk: Kiosk) -> None:
    client = somebody(Role.LEADER, kiosk.unit)
    kiosk.open().votes(28, 1).send()
    page = client.get("/").content.decode()
    assert "chưa đủ dữ liệu (dưới 30 lượt)" in page
    assert not re.search(r"\d,\d", page)
    kiosk.vote().send(31)
    page = client.get("/").content.decode()
    assert "96,7&nbsp;%" in page
    assert "83,3 – 99,4" in page
    assert "n = 30" in page


def test_only_today_counts(kiosk: Kiosk) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    OfficerDay.objects.create(
        unit_id=kiosk.unit.id, counter_id="", officer_id=kiosk.officers[0].id, day=yesterday, satisfied=9, dissatisfied=9
    )
    assert counts(somebody(Role.LEADER, kiosk.unit).get("/").content.decode())["total"] == [0, 0, 0]


def test_devices_heard_today_of_those_in_service(kiosk: Kiosk) -> None:
    kiosk.send()
    enrolled(kiosk.unit)
    revoked = enrolled(kiosk.unit)
    Device.objects.filter(pk=revoked.device).update(revoked_at=timezone.now())
    page = somebody(Role.LEADER, kiosk.unit).get("/").content.decode()
    assert 'data-total="devices" data-value="1/2"' in page
    assert "1 thiết bị chưa liên lạc hôm nay" in page


def test_an_officer_who_left_is_listed_only_with_votes(kiosk: Kiosk) -> None:
    for officer in kiosk.officers:
        officer.active = False
        officer.save()
    kiosk.open().vote().send()
    assert set(counts(somebody(Role.LEADER, kiosk.unit).get("/").content.decode())) == {kiosk.officers[0].id, "total"}


def test_names_are_text_not_markup(kiosk: Kiosk) -> None:
    Counter.objects.filter(pk=kiosk.counter.pk).update(name="<script>alert(1)</script>")
    assert "<script>" not in somebody(Role.LEADER, kiosk.unit).get("/").content.decode()


def test_without_login_there_is_only_the_login_page(client: Client, kiosk: Kiosk) -> None:
    for address in ("/", f"/don-vi/{kiosk.unit.id}/"):
        assert client.get(address).headers["Location"] == f"/login/?next={address}"


def test_a_leader_of_another_unit_finds_nothing(kiosk: Kiosk) -> None:
    other = enrolled()
    client = somebody(Role.LEADER, other.unit)
    assert client.get(f"/don-vi/{kiosk.unit.id}/").status_code == 404
    assert client.get(f"/don-vi/{other.unit.id}/").status_code == 200
    assert kiosk.officers[0].id not in client.get("/").content.decode()


def test_a_user_without_membership_is_told_so() -> None:
    assert "Chưa có đơn vị nào để xem" in logged_in(person("lanhdao")).get("/").content.decode()


def test_several_units_are_offered_to_choose_from(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    other = enrolled()
    for unit in (kiosk.unit, other.unit):
        unit.parent = province
        unit.save()
    kiosk.open().votes(2).send()
    page = somebody(Role.LEADER, province).get("/").content.decode()
    listed = re.findall(r'data-unit="(u-[^"]+)".*?data-value="(\d+)"', page, re.DOTALL)
    assert dict(listed) == {kiosk.unit.id: "2", other.unit.id: "0"}


def test_who_may_see_which_units(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    ward = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE, parent=province)
    people = {"province": person("province", province), "ward": person("ward", ward), "nobody": person("nobody")}
    gone = User.objects.create_user("gone", is_active=False)
    Membership.objects.create(user=gone, unit=ward)
    assert set(units_for(people["province"], Right.SEE_RESULTS)) == {province, ward}
    assert set(units_for(people["ward"], Right.SEE_RESULTS)) == {ward}
    assert set(units_for(people["nobody"], Right.SEE_RESULTS)) == set(units_for(gone, Right.SEE_RESULTS)) == set()
    assert set(units_for(User.objects.create_superuser("root"), Right.SEE_RESULTS)) == {province, ward, kiosk.unit}


@pytest.mark.parametrize("address", ["/login/", "/", "/api/v1/entries", "/admin/login/", "/nothing"])
def test_every_answer_forbids_what_is_not_ours(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")


def test_pages_have_nothing_inline(kiosk: Kiosk) -> None:
    page = somebody(Role.LEADER, kiosk.unit).get("/").content.decode() + at().get("/login/").content.decode()
    assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son\w+=", page)


def test_login_leads_to_the_results_and_logout_away(kiosk: Kiosk, client: Client) -> None:
    person("lanhdao", kiosk.unit, password="mật khẩu dài")
    wrong = client.post("/login/", {"username": "lanhdao", "password": "sai"})
    assert "chưa đúng" in wrong.content.decode()
    right = client.post("/login/", {"username": "lanhdao", "password": "mật khẩu dài"})
    assert right.headers["Location"] == "/"
    assert right.cookies["sessionid"]["httponly"]
    assert client.get("/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_fonts_and_styles_are_ours() -> None:
    for name in ("server/hailong.css", "server/icon.svg", "fonts/BeVietnamPro-Regular.ttf", "fonts/BeVietnamPro-Bold.ttf"):
        assert Path(str(finders.find(name))).is_file()


def test_wilson_as_published_examples() -> None:
    assert wilson(29, 30) == pytest.approx((0.8333, 0.9941), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=5e-5)


def test_a_share_needs_30_votes() -> None:
    assert share(29, 29) is None
    thirty = share(15, 30)
    assert thirty is not None
    assert thirty.value == 0.5


def test_numbers_as_vietnamese_readers_write_them() -> None:
    assert (number(1073), number(999), number(1234567), percent(0.9476)) == ("1.073", "999", "1.234.567", "94,8")
