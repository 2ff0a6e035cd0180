"""Choosing one of many units, and the entries of the bar."""

import re

import pytest
from django.test import Client

from server.navigation import EVERYDAY, RUNNING
from server.places.choosing import FEW, LISTED
from server.places.models import Counter, Membership, Unit
from server.places.scope import ALLOWED
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody, user_of

pytestmark = pytest.mark.once


def communes(number: int) -> Unit:
    """A province with so many."""
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    units = [Unit(name=f"Xã Số {place:03}", kind=Unit.Kind.COMMUNE, parent=province) for place in range(number)]
    Unit.objects.bulk_create(units)
    Counter.objects.bulk_create(Counter(unit=unit, name="Quầy 1") for unit in units)
    return province


def listed(client: Client, words: str = "") -> list[str]:
    page = client.get("/so-ho-so/", {"tim": words} if words else {}).content.decode()
    return re.findall(r'data-unit="[^"]+"><a href="[^"]+">([^<]+)<', page)


def test_of_many_units_some_are_listed_and_the_others_are_found_by_name() -> None:
    client = somebody(Role.STAFF, communes(LISTED + 5))
    page = client.get("/so-ho-so/").content.decode()
    assert listed(client) == [f"Xã Số {place:03}" for place in range(LISTED)]
    assert f"Chỉ hiện {LISTED} đơn vị đầu tiên" in page
    assert listed(client, "xa so 063") == ["Xã Số 063"]
    assert listed(client, "sõ 063") == []


@pytest.mark.parametrize("number", [FEW, FEW + 1])
def test_a_search_is_offered_where_there_are_more_than_a_few(number: int) -> None:
    page = somebody(Role.STAFF, communes(number)).get("/so-ho-so/").content.decode()
    assert ('role="search"' in page) == (number > FEW)


def test_who_sees_results_of_two_communes_chooses_by_what_was_counted_today(kiosk: Kiosk) -> None:
    other = Unit.objects.create(name="Xã Nghĩa Đàn", kind=Unit.Kind.COMMUNE)
    client = somebody(Role.LEADER, kiosk.unit)
    Membership.objects.create(user=user_of(client), unit=other)
    kiosk.open().votes(2).send()
    page = client.get("/").content.decode()
    assert dict(re.findall(r'data-unit="([^"]+)".*?data-value="(\d+)"', page, re.DOTALL)) == {kiosk.unit.pk: "2", other.pk: "0"}


def entries(client: Client, address: str) -> dict[str, str]:
    """The bar: what each entry is called, and whether it is the present one."""
    [nav] = re.findall(r'<nav class="bar-nav".*?</nav>', client.get(address).content.decode(), re.DOTALL)
    return {label: current for current, label in re.findall(r'<a href="[^"]+"(?: aria-current="(\w+)")?>([^<]+)<', nav)}


def test_an_administrator_finds_all_that_runs_the_system_behind_one_entry(kiosk: Kiosk) -> None:
    client = somebody(Role.ADMINISTRATOR, kiosk.unit)
    everyday = [entry.label for entry in EVERYDAY if entry.right in ALLOWED[Role.ADMINISTRATOR]]
    assert "Góp ý" not in everyday
    assert list(entries(client, "/")) == [*everyday, "Quản trị"]
    page = client.get("/quan-tri/").content.decode()
    for entry in RUNNING:
        assert f">{entry.label}</a>" in page
        assert entry.about in page
    for address in ("/admin/", "/danh-muc/", "/quan-tri-token/", "/nhat-ky/"):
        assert entries(client, address)["Quản trị"] == "true"
        assert f'href="{address}"' in page
    assert entries(client, "/quan-tri/")["Quản trị"] == "page"


def test_who_has_one_such_page_finds_it_in_the_bar(kiosk: Kiosk) -> None:
    auditor = somebody(Role.AUDITOR, kiosk.unit)
    assert entries(auditor, "/nhat-ky/")["Nhật ký"] == "page"
    assert "Quản trị" not in entries(auditor, "/nhat-ky/")
    assert auditor.get("/quan-tri/").headers["Location"] == "/nhat-ky/"


def test_what_was_done_is_said_once(kiosk: Kiosk) -> None:
    client = somebody(Role.TECHNICIAN, kiosk.unit)
    page = client.post(f"/thiet-bi/may/{kiosk.device}/thu-hoi/", follow=True).content.decode()
    assert page.count("Đã thu hồi thiết bị.") == 1
