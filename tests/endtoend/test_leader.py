"""A leader's morning, in a real browser; and every page of the server for whoever cannot see it well, or has only a telephone."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.stage.browser import browser_page
from tests.stage.office import DAYS, PASSWORD, TOWN, ZONE
from tests.stage.programs import ROOT, Server

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
DESKTOP, PHONE = (1280, 800), (360, 740)
pytestmark = [pytest.mark.endtoend, pytest.mark.xdist_group("office")]


@dataclass(frozen=True)
class Office:
    """A server with a province's history. made: what `tests.stage.office` printed. seen: shapes of pages that somebody opened."""

    address: str
    made: dict[str, Any]
    seen: set[str] = field(default_factory=set)

    def unit(self, name: str = TOWN) -> str:
        return str(self.made["units"][name])

    def enter(self, page: Page, login: str) -> None:
        page.goto(f"{self.address}/login/")
        page.fill("input[name=username]", login)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    with Server(folder) as server:
        environment = {**os.environ, "HAILONG_DATA": str(server.data), "HAILONG_DATABASE_URL": ""}
        words = [sys.executable, "-m", "tests.stage.office"]
        made = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
        yield Office(server.address, json.loads(made))


def pages(office: Office) -> dict[str, list[str]]:
    """Addresses by who opens them, from which links lead to all others."""
    town, province, country = (f"/don-vi/{office.unit(name)}/" for name in (TOWN, "Tỉnh Nghệ An", "Cả nước"))
    counter = office.made["counters"]["Quầy 1"]
    tabs = [f"{town}{tab}/" for tab in ("can-bo", "quay", "thoi-gian", "so-sanh", "ly-do", "tham-gia", "cong-bo", "man-hinh")]
    return {
        "lanhdao": [
            "/",
            town,
            *tabs,
            "/can-chu-y/",
            f"/can-chu-y/{office.unit()}/",
            "/khen/",
            f"/khen/{office.unit()}/moi/",
            f"/gop-y/{office.unit()}/",
            f"/gop-y/{office.unit()}/phieu/",
            f"/vu-viec/{office.unit()}/",
            f"/tiep-dan/{office.unit()}/",
            "/so-ho-so/",
            f"/so-ho-so/{office.unit()}/",
            "/mat-khau/",
        ],
        "quantri": [province, f"{province}xep-hang/", f"{province}tham-gia/", "/danh-muc/", "/quan-tri-token/", "/nhat-ky/", "/admin/"],
        "bo": [country, f"{country}xep-hang/", f"{country}so-sanh/"],
        "canbo": ["/cua-toi/"],
        "kiemtra": ["/"],
        "kythuat": [f"/thiet-bi/don-vi/{office.unit()}/", f"/thiet-bi/quay/{counter}/", "/thiet-bi/cach-ly/"],
        "": [
            "/login/",
            "/cong-khai/",
            f"/cong-khai/{office.unit()}/",
            f"/cong-khai/{office.unit()}/man-hinh/",
            "/cong-khai/niem-phong/",
            "/tra-cuu/",
        ],
    }


def shape(office: Office, address: str) -> str:
    """What the addresses of the same page about two things have in common; communes, provinces and the country have pages of their own."""
    address = address.partition("?")[0]
    for name, unit in office.made["units"].items():
        address = address.replace(unit, "province" if name.startswith("Tỉnh") else "country" if name == "Cả nước" else "commune")
    return re.sub(r"(?<=/)([a-z]+-[0-9A-Z]{6,}|[0-9-]+|[a-z]+-[^/]*[0-9A-Z][^/]*)(?=/)", "*", address)


def walked(office: Office, page: Page, begin: list[str]) -> Iterator[str]:
    """Opens these pages, and one of each shape that a link leads to and nobody opened yet; says which."""
    waiting = list(begin)
    office.seen.difference_update(shape(office, address) for address in begin)
    for address in waiting:
        if shape(office, address) in office.seen:
            continue
        office.seen.add(shape(office, address))
        answer = page.goto(office.address + address)
        assert answer is not None
        assert answer.status == 200, address
        yield address
        links = page.eval_on_selector_all("a[href]", "links => links.filter(a => !a.download).map(a => a.origin + a.pathname + a.search)")
        inside = [link.removeprefix(office.address) for link in links if link.startswith(office.address + "/")]
        waiting += [link for link in inside if link.partition("?")[0].endswith("/")]  # others are files


@pytest.mark.parametrize("login", ["lanhdao", "quantri", "bo", "canbo", "kiemtra", "kythuat", ""])
def test_no_page_violates_wcag_22_aa_or_is_wider_than_a_telephone(office: Office, login: str) -> None:
    faults, said = [], list[str]()
    with browser_page(*DESKTOP) as page:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        if login:
            office.enter(page, login)
        for address in walked(office, page, pages(office)[login]):
            faults += [f"{address}: {text}" for text in said]
            found = Axe().run(page, options=WCAG).response["violations"]
            faults += [f"{address}: {one['id']} {one['nodes'][0]['target']}" for one in found]
            page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            said.clear()  # axe tries to copy the administration's style sheets into the page, which the policy forbids
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > PHONE[0]:
                faults.append(f"{address}: {wide} px wide")
            page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    assert faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_leaders_morning(office: Office, size: tuple[int, int], tmp_path: Path) -> None:
    with browser_page(*size) as page:
        office.enter(page, "lanhdao")
        assert page.inner_text("h1") == TOWN
        assert "không hài lòng" in page.inner_text("[data-fresh=cards]")  # yesterday, beside today
        page.click("nav.tabs a:has-text('Cán bộ')")
        _ask(page)
        said = page.inner_text("main")
        assert "Thấp hơn những người còn lại một cách rõ rệt: Lê Hoàng Phúc." in said
        assert "thấp hơn rõ rệt" in page.inner_text("#bang-can-bo tr:has-text('Lê Hoàng Phúc')")
        page.click("nav.tabs a:has-text('Tham gia')")
        assert "Quầy 4" in page.inner_text("main")
        page.click("nav.tabs a:has-text('Quầy')")
        page.click("a:has-text('xem bảng số liệu')")
        assert page.is_visible("#bang-quay")
        printed = tmp_path / "printed.pdf"
        page.pdf(path=str(printed), format="A4")
        assert printed.read_bytes().startswith(b"%PDF")


def _ask(page: Page) -> None:
    """Ask for all days of the office's history, whatever day of the month it is."""
    today = datetime.now(ZONE).date()
    page.click("summary:has-text('Chọn kỳ khác')")
    page.select_option("#ky", "khoang")
    page.fill("#tu", (today - timedelta(days=DAYS)).isoformat())
    page.fill("#den", (today - timedelta(days=1)).isoformat())
    page.click(".period-form button")
    page.wait_for_load_state()


def test_the_leaders_pages_work_without_a_mouse(office: Office) -> None:
    with browser_page(*DESKTOP) as page:
        office.enter(page, "lanhdao")
        page.keyboard.press("Tab")
        assert "skip" in (page.evaluate("document.activeElement.className") or "")
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.textContent.trim()"))
        assert {"Cán bộ", "Quầy", "Thời gian", "Đăng xuất"} <= reached
