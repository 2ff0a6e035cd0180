"""The loop whole: from a citizen's words on the kiosk to the outcome on the public board, and then to nothing. All of it is real."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from playwright.sync_api import Page

from kiosk.ui.widgets.key_rows import DIGITS, LETTERS
from sync.reference import reference
from tests.endtoend.journal import said
from tests.stage.browser import browser_page, log_in
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.hand import Hand
from tests.stage.programs import Demo, Kiosk, Server

pytestmark = [pytest.mark.endtoend, pytest.mark.long]

WORDS, NAME, PHONE = "Chờ rất lâu", "Lê An", "0912345678"
FINDING, MEETING, ANSWER = "Hồ sơ nằm ở quầy ba ngày", "Ông An đồng ý", "Đã xin lỗi ông An"
OUTCOME = "Ủy ban đã xin lỗi người dân và thêm một cán bộ buổi sáng."
PERSONAL = (WORDS, NAME, PHONE, FINDING, MEETING, ANSWER)  # whatever may be read by those only who may
WAITING, WRITE, AFTER, KEYBOARD = (190, 560), (500, 700), (640, 700), (660, 410)  # places on a display of 1280 × 800
WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Office:
    """A commune with one kiosk. sealed: the hash of what the citizen wrote there."""

    server: Server
    demo: Demo
    kiosk: Kiosk
    sealed: str

    @property
    def number(self) -> str:
        """Which the citizen got."""
        return reference(self.sealed)

    def at(self, page: Page, address: str) -> None:
        answer = page.goto(f"{self.server.address}/{address}")
        assert answer is not None
        assert answer.status == 200, address


@pytest.fixture
def office(tmp_path: Path, display: VirtualDisplay, one_day: None) -> Iterator[Office]:
    """A citizen was not satisfied, and has written so on the kiosk; it has come to the server."""
    with Server(tmp_path / "server") as server:
        demo = server.demo()
        kiosk = Kiosk(tmp_path / "kiosk", server.address, display, thanks_seconds=0.1)
        kiosk.enrol(demo.counter("Quầy 3")["code"])
        with kiosk:
            sealed = complain(kiosk)
            wait_until(lambda: server.rows("SELECT sha256 FROM comments_sealedcomment") == [(sealed,)], "it has come", 60)
            yield Office(server, demo, kiosk, sealed)


def complain(kiosk: Kiosk) -> str:
    """One citizen: is not satisfied, says why, writes, and leaves name and number."""
    kiosk.answer(satisfied=False)
    kiosk.display.tap(*WAITING)
    kiosk.display.tap(*WRITE)
    wait_until(lambda: kiosk.display.pixel(*KEYBOARD) == WHITE, "the keyboard is shown")
    hand = Hand(kiosk.display)
    hand.type(WORDS)
    hand.tap(hand.go_on)
    hand.tap(hand.tick)
    hand.tap(hand.name)
    hand.type(NAME.lower())
    hand.tap(hand.go_on)
    hand.tap(hand.phone)
    for digit in PHONE:
        hand.tap(hand.key(digit, DIGITS[LETTERS]))
    hand.tap(hand.go_on)
    hand.tap(hand.send)
    wait_until(lambda: bool(said(kiosk, "comment")), "the comment is in the journal")
    kiosk.display.tap(*AFTER)
    kiosk.wait_for_question()
    [comment] = said(kiosk, "comment")
    return str(comment["sealed"])


def test_a_complaint_goes_its_whole_way_and_then_nothing_personal_is_left(office: Office, tmp_path: Path) -> None:
    backup = tmp_path / "before.tar"
    with browser_page() as page:
        log_in(page, office.server.address, office.demo)
        _read_in_the_daily_report(office, page)
        _followed_to_its_end(office, page)
        _written_in_the_report_of_the_day(office, page)
        office.server.command("backup", str(backup))
        assert page.context.browser is not None
        _seen_by_everybody(office, page.context.browser.new_page(viewport={"width": 360, "height": 740}))
        _erased(office, page)
    _found_nowhere(office, tmp_path)
    office.kiosk.stop()
    office.server.stop()
    office.server.command("restore", str(backup), "--replace")
    for kept in office.server.data.glob("*before*"):  # what was in use when the backup was put back
        kept.unlink()
    shutil.move(backup, tmp_path.parent / f"{tmp_path.name}.tar")
    _found_nowhere(office, tmp_path)


def _read_in_the_daily_report(office: Office, page: Page) -> None:
    """The slip is in the box, with its answer and reasons; a case is opened about it."""
    page.click("nav >> text=Góp ý")
    slip = page.inner_text(f"[data-slip='{office.number}']")
    assert "Không hài lòng: Chờ lâu" in slip
    assert [word for word in (WORDS, NAME, PHONE, "Quầy 3") if word not in slip] == []
    figures = {name: page.inner_text(f"[data-figure={name}]") for name in ("came", "waiting", "opened")}
    assert figures == {"came": "1", "waiting": "1", "opened": "0"}
    page.click(f"[data-slip='{office.number}'] >> text=Mở vụ việc")
    assert office.number in page.inner_text("main")


def _followed_to_its_end(office: Office, page: Page) -> None:
    """Verified, invited, received on a Monday, answered with an apology, published; each paper says whom it is for."""
    _do(page, "xac-minh", words=FINDING)
    _do(page, "moi")
    case = page.url.partition("#")[0]
    invitation = _letter(page, "Giấy mời")
    assert "GIẤY MỜI" in invitation
    assert NAME in invitation
    page.goto(case)
    _do(page, "xep-lich", monday=page.locator("#viec-xep-lich option").first.get_attribute("value") or "")
    page.click("nav >> text=Tiếp dân")
    if office.number not in page.inner_text("main"):
        page.click("nav.turn a:last-of-type")
    assert NAME in page.inner_text(f"[data-case='{office.number}']")
    assert NAME in _download(page, "Danh sách (Word)")
    page.goto(case)
    _do(page, "da-gap", words=MEETING)
    _do(page, "tra-loi", outcome="apologised", words=ANSWER)
    apology = _letter(page, "Thư xin lỗi")
    assert "xin lỗi ông/bà" in apology
    assert NAME in apology
    page.goto(case)
    _do(page, "cong-khai", text=f"Đã xin lỗi ông có số 0912 345 678. {OUTCOME}")
    assert page.locator("#viec-cong-khai [role=alert]").count() == 1, "a telephone number is refused"
    _do(page, "cong-khai", text=OUTCOME)
    assert "Đã công khai kết quả" in page.inner_text("main")


def _written_in_the_report_of_the_day(office: Office, page: Page) -> None:
    """Made in the background, fetched when it is ready; it counts what came, and names nobody."""
    page.click("nav >> text=Báo cáo")
    today = page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Ho_Chi_Minh'})")
    office.at(page, f"bao-cao/{office.demo.unit}/ngay/{today}/")
    page.click("button:has-text('Lập văn bản')")
    link = page.locator(".papers-files a:has-text('Word')")
    link.wait_for(timeout=60_000)
    with page.expect_download() as made:
        link.click()
    report = _text(Path(made.value.path()).read_bytes())
    assert "BÁO CÁO" in report
    assert [word for word in PERSONAL if word in report] == []


def _seen_by_everybody(office: Office, page: Page) -> None:
    """The board has the outcome and nothing of the citizen, who is told the same by their number."""
    office.at(page, f"cong-khai/{office.demo.unit}/ket-qua/")
    board = page.content()
    assert OUTCOME in board
    assert [word for word in (*PERSONAL, office.number, "Quầy 3") if word in board] == []
    office.at(page, "tra-cuu/")
    page.fill("#so", office.number.lower().replace("-", ""))
    page.click("main button[type=submit]")
    assert OUTCOME in page.inner_text("main")
    assert [word for word in PERSONAL if word in page.content()] == []


def _erased(office: Office, page: Page) -> None:
    """On request, found by the telephone number; the kiosk deletes its copy too."""
    office.at(page, f"du-lieu-ca-nhan/{office.demo.unit}/")
    page.fill("input[name=phone]", "+84 912 345 678")
    page.click("main button:has-text('Tìm')")
    page.click("text=Xóa các mục đã chọn…")
    page.fill("[name=because]", "Đơn yêu cầu số 12")
    page.check("[name=sure]")
    page.click("button:has-text('Xóa vĩnh viễn')")
    page.wait_for_url("**/da-xoa/**")
    assert "Đã xóa" in page.inner_text("h1")
    case = f"vu-viec/{office.demo.unit}/{office.number}/"
    office.at(page, case)
    assert [word for word in PERSONAL if word in page.content()] == []
    wait_until(lambda: not (office.kiosk.data / "sealed" / office.sealed).exists(), "the kiosk has deleted its copy", 60)


def _found_nowhere(office: Office, folder: Path) -> None:
    """Neither words nor sealed bytes, in any file of server and kiosk, nor in any value of the database."""
    told = office.server.command("holds", office.sealed, "--in", str(folder))
    assert "the bytes are nowhere that was looked at" in re.sub(r"\s+", " ", told)
    assert office.server.rows("SELECT count(*) FROM comments_sealedcomment") == [(0,)]
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            assert [word for word in PERSONAL if word.encode() in content] == [], file


def _do(page: Page, deed: str, **fields: str) -> None:
    """Fill in the form of a deed and send it."""
    form = page.locator(f"#viec-{deed}")
    if form.locator("summary").count() and not form.locator("form").is_visible():
        form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()


def _letter(page: Page, name: str) -> str:
    """What a letter of the case says: its form is sent as it was proposed."""
    page.click(f"a:has-text('{name} (Word)')")
    return _download(page, "Tải ")


def _download(page: Page, what: str) -> str:
    with page.expect_download() as made:
        page.click(f"main :is(a, button):has-text('{what}')")
    return _text(Path(made.value.path()).read_bytes())


def _text(word: bytes) -> str:
    """All that a Word file says."""
    assert ZipFile(BytesIO(word)).testzip() is None
    document = Document(BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
