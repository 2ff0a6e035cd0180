"""A leader's morning, in a real browser; and every page of the server for whoever cannot see it well, or has only a telephone."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from server.results.period import Kind, containing
from tests.stage.browser import browser_page
from tests.stage.office import DAYS, PASSWORD, TOWN, ZONE
from tests.stage.programs import ROOT, Server

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
DESKTOP, PHONE = (1280, 800), (360, 740)
pytestmark = [pytest.mark.endtoend, pytest.mark.long, pytest.mark.xdist_group("office")]


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
    unit, case = office.unit(), office.made["cases"]
    town, province, country = (f"/don-vi/{office.unit(name)}/" for name in (TOWN, "Tỉnh Nghệ An", "Cả nước"))
    counter = office.made["counters"]["Quầy 1"]
    tabs = [f"{town}{tab}/" for tab in ("can-bo", "quay", "thoi-gian", "so-sanh", "ly-do", "tham-gia", "cong-bo", "man-hinh")]
    quarter = containing(Kind.QUARTER, datetime.now(ZONE).date())
    loop = ("/gop-y/", "/vu-viec/", "/tiep-dan/", "/khen/", "/du-lieu-ca-nhan/", "/van-ban/", "/bao-cao/", "/canh-bao/")
    return {
        "lanhdao": [
            "/",
            town,
            *tabs,
            "/can-chu-y/",
            f"/can-chu-y/{unit}/",
            *(f"{page}{unit}/" for page in loop),
            *(f"/vu-viec/{unit}/{case[step]}/" for step in ("opened", "met", "published", "sensitive")),
            f"/vu-viec/{unit}/{case['answered']}/tra-loi/",
            f"/khen/{unit}/moi/",
            f"/bao-cao/{unit}/quy/{quarter.first}/",
            "/canh-bao/nhan-thu/",
            "/so-ho-so/",
            f"/so-ho-so/{unit}/",
            "/mat-khau/",
        ],
        "vanphong": [f"/gop-y/{unit}/", f"/vu-viec/{unit}/{case['answered']}/", f"/du-lieu-ca-nhan/{unit}/", f"/canh-bao/{unit}/"],
        "quantri": [province, f"{province}xep-hang/", f"{province}tham-gia/", "/danh-muc/", "/quan-tri-token/", "/nhat-ky/", "/admin/"],
        "bo": [country, f"{country}xep-hang/", f"{country}so-sanh/", *loop, f"/khen/{office.unit('Cả nước')}/"],
        "canbo": ["/cua-toi/"],
        "kiemtra": ["/"],
        "kythuat": [f"/thiet-bi/don-vi/{unit}/", f"/thiet-bi/quay/{counter}/", "/thiet-bi/cach-ly/", "/canh-bao/"],
        "": [
            "/login/",
            "/cong-khai/",
            f"/cong-khai/{unit}/",
            f"/cong-khai/{unit}/man-hinh/",
            f"/cong-khai/{unit}/ket-qua/",
            "/cong-khai/niem-phong/",
            "/tra-cuu/",
        ],
    }


def shape(office: Office, address: str) -> str:
    """What the addresses of the same page about two things have in common; communes, provinces and the country have pages of their own."""
    address = address.partition("?")[0]
    one = address.startswith(("/du-lieu-ca-nhan/", "/van-ban/"))  # the same of every unit
    for name, unit in office.made["units"].items():
        address = address.replace(
            unit, "unit" if one else "province" if name.startswith("Tỉnh") else "country" if name == "Cả nước" else "commune"
        )
    address = re.sub(r"(?<=/van-ban/unit/)[a-z-]+", "*", address)
    address = re.sub(r"(?<=/)(ngay|tuan|thang|quy|nam)(?=/[0-9-]+/)", "*", address)
    return re.sub(r"(?<=/)([a-z]+-[0-9A-Z]{6,}|[0-9-]+|[a-z]+-[^/]*[0-9A-Z][^/]*|[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9a-f-]{36})(?=/)", "*", address)


def walked(office: Office, page: Page, begin: list[str]) -> Iterator[str]:
    """Opens these pages, and one of each shape that a link leads to and nobody opened yet; says which."""
    waiting = list(begin)
    for place, address in enumerate(waiting):
        if shape(office, address) in office.seen and place >= len(begin):
            continue
        office.seen.add(shape(office, address))
        answer = page.goto(office.address + address)
        assert answer is not None
        assert answer.status == 200, address
        yield address
        links = page.eval_on_selector_all(
            "a[href]", "links => links.filter(a => !a.hasAttribute('download')).map(a => a.origin + a.pathname + a.search)"
        )
        inside = [link.removeprefix(office.address) for link in links if link.startswith(office.address + "/")]
        waiting += [link for link in inside if link.partition("?")[0].endswith("/")]  # others are files


def faults_of(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open: for whoever cannot see it well, and on a telephone."""
    found = Axe().run(page, options=WCAG).response["violations"]
    faults = [f"{name}: {one['id']} {one['nodes'][0]['target']}" for one in found]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > PHONE[0]:
        faults.append(f"{name}: {wide} px wide")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    return faults


@pytest.mark.parametrize("login", ["lanhdao", "vanphong", "quantri", "bo", "canbo", "kiemtra", "kythuat", ""])
def test_no_page_violates_wcag_22_aa_or_is_wider_than_a_telephone(office: Office, login: str) -> None:
    faults, said = [], list[str]()
    with browser_page(*DESKTOP) as page:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        if login:
            office.enter(page, login)
        for address in walked(office, page, pages(office)[login]):
            faults += [f"{address}: {text}" for text in said]
            faults += faults_of(page, address)
            said.clear()  # axe tries to copy the administration's style sheets into the page, which the policy forbids
    assert faults == []


@dataclass(frozen=True)
class Form:
    """What is filled into the page that is open, by the selectors of the fields, and the button that is pressed then. A file is bytes;
    True ticks. answers: the status of the page that comes.
    """

    button: str
    filled: Mapping[str, str | bytes | bool] = field(default_factory=dict)
    answers: int = 200

    def send(self, page: Page) -> None:
        """Fill in and press, without the browser's own checks, as a browser that has none."""
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        for selector, value in self.filled.items():
            one = page.locator(selector).first
            if isinstance(value, bytes):
                one.set_input_files({"name": "mau.docx", "mimeType": "application/octet-stream", "buffer": value})
            else:
                one.evaluate("(field, value) => value === true ? field.checked = true : field.value = value", value)
        with page.expect_navigation() as navigation:
            page.locator(f"main button:has-text('{self.button}')").first.evaluate("button => button.click()")  # may be folded away
        answer = navigation.value
        assert answer is not None
        assert answer.status == self.answers, f"{answer.status} of {self.button}"


@dataclass(frozen=True)
class Sent:
    """Pages that no link leads to: where the first form stands, and the forms one after another, each on the page that came before."""

    login: str
    begin: str  # of the unit and the cases by their step
    forms: tuple[Form, ...]


_ADDRESS = "/vu-viec/{unit}/{%s}/"
SENT = [
    Sent("lanhdao", "/gop-y/{unit}/phieu/", (Form("Lưu phiếu", {"[name=name]": "Lê An"}, 422),)),
    Sent("lanhdao", _ADDRESS % "opened", (Form("Ghi kết quả xác minh", answers=422),)),
    Sent("lanhdao", _ADDRESS % "verified", (Form("Mời người dân", {"[name=da-xem]": "0", "[name=place]": "Phòng 1"}, 409),)),
    Sent("lanhdao", _ADDRESS % "answered" + "thu-xin-loi/", (Form("Tải thư xin lỗi", {"textarea": "", "input[type=date]": "x"}, 422),)),
    Sent("lanhdao", _ADDRESS % "invited" + "giay-moi/", (Form("Tải giấy mời", {"textarea": ""}, 422),)),
    Sent("lanhdao", "/khen/{unit}/moi/", (Form("Ghi lời khen", {"[name=day]": ""}, 422),)),
    Sent("lanhdao", "/van-ban/{unit}/", (Form("Lưu", {"main input[type=text]": ""}, 422),)),
    Sent("lanhdao", "/van-ban/{unit}/giay-moi/", (Form("Tải lên", {"[name=tep]": b"not Word"}, 422),)),
    Sent("lanhdao", "/bao-cao/{unit}/quy/{quarter}/", (Form("Xác nhận điểm", {"[name^=diem]": "7"}, 422), Form("Lập"))),
    Sent("lanhdao", "/du-lieu-ca-nhan/{unit}/", (Form("Tìm", answers=422),)),
    Sent("lanhdao", "/du-lieu-ca-nhan/{unit}/thoi-han/", (Form("Lưu thời hạn", {"main input[type=number]": "999"}, 422),)),
    Sent("lanhdao", "/du-lieu-ca-nhan/{unit}/giu-lai/", (Form("Giữ lại", answers=422),)),
    Sent("vanphong", "/du-lieu-ca-nhan/{unit}/", (Form("Tìm", {"[name=name]": "Ai Đó"}),)),
    Sent("vanphong", "/du-lieu-ca-nhan/{unit}/", (Form("Tìm", {"[name=name]": "Lê Thị Hoa"}),)),
    Sent(
        "lanhdao",
        "/du-lieu-ca-nhan/{unit}/",
        (
            Form("Tìm", {"[name=phone]": "0922 333 444"}),
            Form("Xóa các mục đã chọn"),
            Form("Xóa vĩnh viễn", {"[name=because]": ""}, 422),
            Form("Xóa vĩnh viễn", {"[name=because]": "Đơn số 15", "[name=sure]": True}),
        ),
    ),
    Sent("lanhdao", "/canh-bao/nhan-thu/", (Form("Gửi thư xác nhận", {"[name=address]": "a"}, 422),)),
    Sent(
        "",
        "/tra-cuu/?lang=vi",
        (Form("Xem", {"[name=so]": "123"}, 422), Form("Xem", {"[name=so]": "{opened}"}), Form("Rút"), Form("Không rút")),
    ),
]


def pages_sent(office: Office, page: Page, sent: Sent) -> Iterator[str]:
    """Opens them; says what was sent."""
    quarter = containing(Kind.QUARTER, datetime.now(ZONE).date()).first
    words = {"unit": office.unit(), "quarter": f"{quarter}", **office.made["cases"]}
    page.goto(office.address + sent.begin.format(**words))
    for form in sent.forms:
        filled = {key: value.format(**words) if isinstance(value, str) else value for key, value in form.filled.items()}
        replace(form, filled=filled).send(page)
        yield f"{sent.begin}: {form.button}, {form.answers}"


@pytest.mark.parametrize("login", sorted({sent.login for sent in SENT}))
def test_no_page_that_a_form_leads_to_does_either(office: Office, login: str) -> None:
    faults = []
    with browser_page(*DESKTOP) as page:
        if login:
            office.enter(page, login)
        for sent in SENT:
            if sent.login == login:
                for name in pages_sent(office, page, sent):
                    faults += faults_of(page, name)
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


def test_a_case_goes_its_whole_way_by_keyboard_alone(office: Office) -> None:
    with browser_page(*DESKTOP) as page:
        office.enter(page, "lanhdao")
        page.goto(f"{office.address}/gop-y/{office.unit()}/")
        number = page.locator("[data-slip]:has(.contact)").first.get_attribute("data-slip")  # whom the office can invite
        _press(page, f"Mở vụ việc về góp ý {number}")
        assert page.url.endswith(f"/{number}/")
        for deed, words, step in (
            ("Ghi kết quả xác minh", ["Phản ánh đúng."], "Xác minh"),
            ("Mời người dân đến gặp", [], "Gửi giấy mời"),
            ("Xếp lịch tiếp dân thứ Hai", [], "Xếp lịch"),
            ("Ghi kết quả buổi gặp", ["Đã trao đổi."], "Gặp người dân"),
            ("Ghi nội dung trả lời", [" ", "Đã nhắc cán bộ ở quầy."], "Trả lời"),  # a space chooses the first way to answer
            ("Công khai kết quả", ["Đã sửa cách làm ở quầy."], "Công khai"),
        ):
            _press(page, deed, words)
            assert "Đã lưu" in page.inner_text("[role=status]")
            assert step in page.inner_text("[aria-current=step]")
        assert page.inner_text("h1") != ""


def _press(page: Page, name: str, words: Sequence[str] = ()) -> None:
    """Go by Tab to the button of this name, type the words into the fields on the way that are empty, and press Enter."""
    left = list(words)
    for _ in range(120):
        page.keyboard.press("Tab")
        now = page.evaluate(_FOCUSED)
        assert now["seen"], f"no focus to be seen at {now}"
        if now["name"] == name and now["kind"] != "SUMMARY":
            break
        if left and ((now["kind"] == "TEXTAREA" and not now["value"]) or now["type"] == "radio"):
            page.keyboard.type(left.pop(0))
    else:
        raise AssertionError(f"“{name}” is not reached")
    with page.expect_navigation():
        page.keyboard.press("Enter")


_FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: (one.getAttribute("aria-label") || one.textContent).trim(), kind: one.tagName, type: one.type, value: one.value,
    seen: one === document.body || style.outlineStyle !== "none" && box.bottom > 0 && box.top < innerHeight,
  };
}"""
