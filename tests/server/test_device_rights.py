"""Who may open which page about devices, and who may do what there."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client
from django.utils import timezone

from server.devices.models import Device, EnrolmentCode
from server.places.models import Unit
from server.places.scope import ALLOWED, Right
from server.record.models import Line
from tests.server.device_pages import commune, device
from tests.server.people import Role, somebody

pytestmark = pytest.mark.once

Address = Callable[[Device], str]


class Page(NamedTuple):
    """A page, the right that it needs, and what it answers to those who have it."""

    method: str
    address: Address
    right: Right
    status: int = 200


PAGES = {
    "list": Page("get", lambda d: "/thiet-bi/", Right.SEE_DEVICES),
    "unit": Page("get", lambda d: f"/thiet-bi/don-vi/{d.unit_id}/", Right.SEE_DEVICES),
    "device": Page("get", lambda d: f"/thiet-bi/may/{d.pk}/", Right.SEE_DEVICES),
    "quarantine": Page("get", lambda d: f"/thiet-bi/cach-ly/?don-vi={d.unit_id}", Right.SEE_DEVICES),
    "quarantine of a device": Page("get", lambda d: f"/thiet-bi/cach-ly/?thiet-bi={d.pk}", Right.SEE_DEVICES),
    "decide": Page("post", lambda d: f"/thiet-bi/cach-ly/?don-vi={d.unit_id}", Right.DECIDE_QUARANTINE, 302),
    "counter": Page("get", lambda d: f"/thiet-bi/quay/{d.counter_id}/", Right.RUN_DEVICES),
    "code": Page("post", lambda d: f"/thiet-bi/quay/{d.counter_id}/ma/", Right.RUN_DEVICES),
    "void": Page("post", lambda d: f"/thiet-bi/quay/{d.counter_id}/huy-ma/", Right.RUN_DEVICES, 302),
    "files": Page("post", lambda d: f"/thiet-bi/quay/{d.counter_id}/tep/", Right.RUN_DEVICES),
    "unit files": Page("get", lambda d: f"/thiet-bi/don-vi/{d.unit_id}/tep/", Right.RUN_DEVICES),
    "make unit files": Page("post", lambda d: f"/thiet-bi/don-vi/{d.unit_id}/tep/", Right.RUN_DEVICES),
    "ask to revoke": Page("get", lambda d: f"/thiet-bi/may/{d.pk}/thu-hoi/", Right.RUN_DEVICES),
    "revoke": Page("post", lambda d: f"/thiet-bi/may/{d.pk}/thu-hoi/", Right.RUN_DEVICES, 302),
    "replace": Page("get", lambda d: f"/thiet-bi/may/{d.pk}/thay/", Right.RUN_DEVICES),
    "retire": Page("post", lambda d: f"/thiet-bi/may/{d.pk}/thay/", Right.RUN_DEVICES, 302),
    "clear": Page("post", lambda d: f"/thiet-bi/may/{d.pk}/bo-canh-bao/", Right.RUN_DEVICES, 302),
}
DONE = {name: page for name, page in PAGES.items() if page.method == "post"}
FORM = {"server": "https://hailong.tinh.gov.vn", "state": "da-gui-het", "viec": "tinh-tiep"}
EVERY_PAGE = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def asked(client: Client, page: Page, about: Device) -> int:
    if page.method == "get":
        return client.get(page.address(about)).status_code
    return client.post(page.address(about), FORM).status_code


@pytest.fixture
def here() -> Device:
    return device(commune("Phường Thái Hòa"), timezone.now(), flag="forked")


def untouched(about: Device) -> bool:
    now = Device.objects.get(pk=about.pk)
    return now.revoked_at is None and now.flag == "forked" and not EnrolmentCode.objects.exists() and not Line.objects.exists()


@EVERY_PAGE
def test_a_role_opens_what_its_rights_say_and_all_else_is_absent(page: Page, here: Device) -> None:
    allowed = [role for role in Role.values if page.right in ALLOWED[role]]
    refused = [role for role in Role.values if role not in allowed]
    assert {role: asked(somebody(role, here.unit), page, here) for role in refused} == dict.fromkeys(refused, 404)
    assert untouched(here)
    assert {role: asked(somebody(role, here.unit), page, here) for role in allowed} == dict.fromkeys(allowed, page.status)


@EVERY_PAGE
def test_for_somebody_of_another_unit_it_is_absent(page: Page, here: Device) -> None:
    elsewhere = device(commune("Phường Tân An"), timezone.now())
    roles = [Role.ADMINISTRATOR, Role.TECHNICIAN] if page is not PAGES["list"] else []
    assert {role: asked(somebody(role, elsewhere.unit), page, here) for role in roles} == dict.fromkeys(roles, 404)
    assert untouched(here)


@EVERY_PAGE
def test_who_is_not_logged_in_is_asked_to(page: Page, here: Device, client: Client) -> None:
    answer = client.generic(page.method.upper(), page.address(here))
    assert (answer.status_code, answer.headers["Location"].startswith("/login/")) == (302, True)
    assert untouched(here)


@pytest.mark.parametrize("page", DONE.values(), ids=DONE)
def test_without_the_pages_own_token_nothing_is_done(page: Page, here: Device) -> None:
    assert asked(somebody(Role.ADMINISTRATOR, here.unit, enforce_csrf_checks=True), page, here) == 403
    assert untouched(here)


@pytest.mark.parametrize("name", ["code", "void", "files", "clear"])
def test_what_changes_something_is_not_done_by_opening_an_address(name: str, here: Device) -> None:
    assert somebody(Role.ADMINISTRATOR, here.unit).get(PAGES[name].address(here)).status_code == 405
    assert untouched(here)


@EVERY_PAGE
def test_an_administrator_above_may_what_one_here_may(page: Page, here: Device) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    Unit.objects.filter(pk=here.unit_id).update(parent=province)
    assert asked(somebody(Role.ADMINISTRATOR, province), page, here) == page.status


def test_the_bar_offers_the_page_to_those_who_may_open_it(here: Device) -> None:
    assert 'href="/thiet-bi/"' in somebody(Role.LEADER, here.unit).get("/").content.decode()
    assert 'href="/thiet-bi/"' not in somebody(Role.OFFICER, here.unit).get("/").content.decode()


@pytest.mark.parametrize("address", ["may/d-%00/", "quay/%00/", "don-vi/u-%00/", "cach-ly/?thiet-bi=%00"])
def test_an_address_that_no_database_can_look_up_is_nowhere(address: str, here: Device) -> None:
    assert somebody(Role.ADMINISTRATOR, here.unit).get(f"/thiet-bi/{address}").status_code == 404
