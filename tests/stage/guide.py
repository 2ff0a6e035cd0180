"""The pictures of the guides: `python -m tests.stage.guide` makes docs/vi/pictures anew, with a real server, a real browser, the kiosk's
own window and, where there is LibreOffice, real papers. Each page is one that its guide tells of, cut to what is told.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import FloatRect, Page

from server.cases.steps import mondays
from tests.stage import guide_kiosk
from tests.stage.browser import browser_page
from tests.stage.display import VirtualDisplay
from tests.stage.office import TOWN, ZONE
from tests.stage.offices import fill_office, log_in_as, places
from tests.stage.pictures import frame, keep
from tests.stage.programs import ROOT, Server

FOLDER = ROOT / "docs" / "vi" / "pictures"
LANGUAGE = "vi-VN"
WIDE, PHONE = (1280, 860), (390, 844)
TABLET, INCHES = (1280, 800), 10.1
MOST_BYTES = 150_000
TALLEST = 1_500
AROUND = 16
MAILS = {  # so that pages speak as where e-mails are sent; none is
    "HAILONG_ADDRESS": "https://hailong.nghean.gov.vn",
    "HAILONG_SMTP_URL": "smtp+plain://127.0.0.1:9",
    "HAILONG_MAIL_FROM": "hailong@nghean.gov.vn",
}
DOTS = 84  # an inch of paper
PAPERS = {  # by the picture's name: the page from which it is fetched, and what is pressed there
    "giay-moi": ("/vu-viec/{town}/{listed}/giay-moi/", "main button:has-text('Tải')"),
    "giay-xin-loi": ("/vu-viec/{town}/{answered}/thu-xin-loi/", "main button:has-text('Tải')"),
    "giay-tiep-dan": ("/tiep-dan/{town}/?ngay={monday}", "main a:has-text('Danh sách (Word)')"),
    "giay-bao-cao": ("/bao-cao/{town}/thang/{month}/", ".papers-files a"),
}
# Debian's Chromium writes days and hours in fields as Americans do, whatever it is asked; that of a Vietnamese office does not.
VIETNAMESE_FIELDS = """document.querySelectorAll('input[type=date], input[type=time]').forEach(field => {
    const written = field.value.split('-').reverse().join('/');
    const looks = getComputedStyle(field);
    const kept = ['width', 'height', 'padding', 'font', 'color', 'border', 'borderRadius', 'background'].map(name => [name, looks[name]]);
    field.type = 'text';
    field.value = written;
    Object.assign(field.style, Object.fromEntries(kept));
})"""
WRITES_DIGEST = """
import os
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from server.alerts.digest import digest
from server.places.models import Unit
unit = Unit.objects.get(pk=os.environ["UNIT"])
said = digest(User.objects.get(username="lanhdao"), unit, unit.today())
print(render_to_string("alerts/mail/digest.html", {"digest": said, "subject": "", "stop": ""}))
"""


class Shot(NamedTuple):
    """A page as a guide shows it. of: the first and the last thing in the picture, empty for the page from its top; before: what is done
    there first; from_top: the bar above belongs to it.
    """

    name: str
    address: str
    of: tuple[str, str] | tuple[()] = ()
    before: Callable[[Page], object] | None = None
    size: tuple[int, int] = WIDE
    from_top: bool = False


def _open(summary: str) -> Callable[[Page], object]:
    return lambda page: page.locator("summary", has_text=summary).first.click()


def _written(page: Page) -> None:
    """A slip of paper, typed in but not sent."""
    page.fill("[name=text]", "Tôi hẹn lấy giấy khai sinh ngày 20, đến nơi được bảo tuần sau quay lại.")
    page.select_option("[name=counter]", label="Quầy 3")
    page.get_by_label("Trễ hẹn").check()


def _sought(page: Page) -> None:
    page.fill("[name=phone]", "0912 345 678")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("button", name="Xuất cho người dân").wait_for()


def _happen(page: Page, server: Server, made: dict[str, Any], there: dict[str, str]) -> None:
    """What the province's history leaves to do, by its people: results published, officers commended, one more citizen on Monday."""
    log_in_as(page, server, "lanhdao", made)
    page.goto(server.address + "/don-vi/{town}/cong-bo/".format(**there))
    page.get_by_role("button", name="Công bố tháng").first.click()
    for officer, words in COMMENDED:
        page.goto(server.address + "/khen/{town}/moi/".format(**there))
        page.select_option("[name=officer]", value=made["officers"][officer])
        page.fill("[name=words]", words)
        page.locator("main").get_by_role("button", name="Ghi lời khen", exact=True).click()
    page.goto(server.address + "/vu-viec/{town}/{invited}/".format(**there))
    page.get_by_role("button", name="Xếp lịch tiếp dân thứ Hai").click()


def _alert(page: Page) -> None:
    """That of a case, opened."""
    page.locator("main a", has_text="quá hạn").first.click()
    page.get_by_role("button", name="Nhận xử lý").wait_for()


def _code(page: Page) -> None:
    """A code was made; its page says by which address it was opened, which here is none of a province."""
    page.get_by_role("button", name="Tạo mã").click()
    page.locator("img.qr").wait_for()
    page.evaluate("it => document.body.innerHTML = document.body.innerHTML.replaceAll(location.origin, it)", MAILS["HAILONG_ADDRESS"])


COMMENDED = (
    ("Nguyễn Thị Minh Hạnh", "Hướng dẫn tận tình, giúp người cao tuổi điền tờ khai"),
    ("Trần Quốc Bảo", "Giải quyết hồ sơ sớm hơn hẹn hai ngày"),
    ("Nguyễn Thị Minh Hạnh", "Ở lại sau giờ để trả kết quả cho người ở xa"),
)
SHOTS = {  # by who opens them
    "lanhdao": (
        Shot("hom-nay", "/don-vi/{town}/", (".heading", "[data-fresh=remarks]"), from_top=True),
        Shot("hom-nay-dien-thoai", "/don-vi/{town}/", size=PHONE),
        Shot("can-bo", "/don-vi/{town}/can-bo/"),
        Shot("canh-bao", "/canh-bao/{town}/", from_top=True),
        Shot("canh-bao-xu-ly", "/canh-bao/{town}/", (".heading", "#viec"), before=_alert),
        Shot("nhan-thu", "/canh-bao/nhan-thu/"),
        Shot("cai-dat-canh-bao", "/canh-bao/{town}/cai-dat/"),
        Shot("hom-thu-lanh-dao", "/gop-y/{town}/", (".heading", ".slips .slip:nth-of-type(2)"), from_top=True),
        Shot("vu-viec-rieng", "/vu-viec/{town}/{sensitive}/", (".heading", "[aria-labelledby=comment]")),
        Shot("vu-viec", "/vu-viec/{town}/"),
        Shot("vu-viec-dien-thoai", "/vu-viec/{town}/{answered}/", size=PHONE),
        Shot("cong-khai", "/vu-viec/{town}/{answered}/", (".heading", "[aria-labelledby=next]")),
        Shot("bang-cong-khai", "/cong-khai/{town}/"),
        Shot("cong-bo", "/don-vi/{town}/cong-bo/", (".heading", ".period:nth-of-type(3)")),
        Shot("go-xuong", "/don-vi/{town}/cong-bo/ket-qua/"),
        Shot("ghi-khen", "/khen/{town}/moi/"),
        Shot("mau-van-ban", "/van-ban/{town}/"),
        Shot("giu-lai", "/du-lieu-ca-nhan/{town}/giu-lai/"),
        Shot("thoi-han", "/du-lieu-ca-nhan/{town}/thoi-han/"),
    ),
    "vanphong": (
        Shot("hom-thu", "/gop-y/{town}/", (".heading", ".slips .slip:nth-of-type(1)"), from_top=True),
        Shot("phieu-giay", "/gop-y/{town}/phieu/", (".heading", ".paper .card:nth-of-type(2)"), before=_written),
        Shot("vu-viec-moi", "/vu-viec/{town}/{opened}/"),
        Shot("moi-gap", "/vu-viec/{town}/{verified}/", (".heading", "[aria-labelledby=next]")),
        Shot("soan-giay-moi", "/vu-viec/{town}/{listed}/giay-moi/", (".heading", ".field:nth-of-type(7)")),
        Shot("tiep-dan", "/tiep-dan/{town}/?ngay={monday}"),
        Shot("ghi-buoi-gap", "/vu-viec/{town}/{listed}/", (".heading", "[aria-labelledby=next]")),
        Shot("tra-loi", "/vu-viec/{town}/{met}/", (".heading", "[aria-labelledby=next]")),
        Shot("viec-khac", "/vu-viec/{town}/{met}/", ("[aria-labelledby=others]", "[aria-labelledby=others]"), before=_open("Giao cho")),
        Shot("soan-thu-xin-loi", "/vu-viec/{town}/{answered}/thu-xin-loi/", (".heading", ".field:nth-of-type(9)")),
        Shot("so-ho-so", "/so-ho-so/{town}/"),
        Shot("bao-cao", "/bao-cao/{town}/"),
        Shot("bao-cao-thang", "/bao-cao/{town}/thang/{month}/", (".heading", ".report-block:nth-of-type(2)")),
        Shot("khen", "/khen/{town}/"),
        Shot("du-lieu-ca-nhan", "/du-lieu-ca-nhan/{town}/"),
        Shot("du-lieu-tim-thay", "/du-lieu-ca-nhan/{town}/", before=_sought),
    ),
    "quantri": (
        Shot("quan-tri", "/quan-tri/", from_top=True),
        Shot("thiet-bi", "/thiet-bi/don-vi/{town}/"),
        Shot("ma-dang-ky", "/thiet-bi/quay/{counter}/", before=_code),
    ),
    "": (Shot("tra-cuu-dien-thoai", "/tra-cuu/", size=PHONE),),
}


def main() -> None:
    """Take every picture anew; only those whose names are given, if any are."""
    wanted = set(sys.argv[1:]) if __name__ == "__main__" else set()
    FOLDER.mkdir(parents=True, exist_ok=True)
    known = {"ban-tin", *PAPERS, *guide_kiosk.GALLERY, *(shot.name for shots in SHOTS.values() for shot in shots)}
    for picture in FOLDER.glob("*.png"):
        if picture.stem not in known:
            picture.unlink()
    if not wanted or wanted & set(guide_kiosk.GALLERY):
        with tempfile.TemporaryDirectory() as name:
            _photograph_kiosk(Path(name), wanted)
    if wanted and wanted <= set(guide_kiosk.GALLERY):
        return
    os.environ |= MAILS
    with tempfile.TemporaryDirectory() as name, Server(Path(name) / "server") as server:
        made = fill_office(server)
        server.command("watch")
        there = places(made) | _days()
        with browser_page(*WIDE, language=LANGUAGE) as page:
            _happen(page, server, made, there)
        for login, shots in SHOTS.items():
            for size in (WIDE, PHONE):
                taken = [shot for shot in shots if shot.size == size and (not wanted or shot.name in wanted)]
                if taken:
                    with browser_page(*size, language=LANGUAGE) as page:
                        if login:
                            log_in_as(page, server, login, made)
                        for shot in taken:
                            _take(page, server.address, shot, there, Path(name))
        if not wanted or wanted & {"ban-tin", *PAPERS}:
            _digest(server, made, Path(name))
            if shutil.which("soffice") and shutil.which("pdftoppm"):
                with browser_page(*WIDE, language=LANGUAGE) as page:
                    log_in_as(page, server, "lanhdao", made)
                    _papers(page, server.address, there, Path(name))


def _photograph_kiosk(folder: Path, wanted: set[str]) -> None:
    """The kiosk's screens, from its own window."""
    with VirtualDisplay(*TABLET) as display:
        words = [sys.executable, "-m", "tests.screens.recorder", guide_kiosk.__name__, str(folder), str(INCHES), "vi"]
        subprocess.run(words, cwd=ROOT, env=display.environment, check=True)
    for name in guide_kiosk.GALLERY:
        if not wanted or name in wanted:
            _keep((folder / f"{name}-vi.png").rename(folder / f"{name}.png"))


def _days() -> dict[str, str]:
    """The days that stand in addresses."""
    today = datetime.now(ZONE).date()
    last_month = today.replace(day=1) - timedelta(days=1)
    return {"monday": f"{mondays(today - timedelta(days=1), 1)[0]}", "month": f"{last_month.replace(day=1)}"}


def _take(page: Page, server: str, shot: Shot, there: dict[str, str], folder: Path) -> None:
    page.goto(server + shot.address.format(**there))
    if shot.before:
        shot.before(page)
    page.wait_for_load_state("networkidle")
    page.evaluate(VIETNAMESE_FIELDS)
    width, height = shot.size
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, tall)})
    clip = _clip(page, shot, tall)
    picture = folder / f"{shot.name}.png"
    page.screenshot(path=str(picture), clip=clip)
    page.set_viewport_size({"width": width, "height": height})
    _keep(picture)


def _clip(page: Page, shot: Shot, tall: int) -> FloatRect:
    width = shot.size[0]
    if not shot.of:
        whole = page.locator("main").bounding_box()
        return {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST, whole["y"] + whole["height"] if whole else tall)}
    first, last = (_box(page, name) for name in shot.of)
    top = 0 if shot.from_top else max(0, first["y"] - AROUND)
    bottom = min(tall, last["y"] + last["height"] + AROUND, top + TALLEST)
    if shot.of[0] == shot.of[1]:
        return {"x": first["x"] - AROUND, "y": top, "width": first["width"] + 2 * AROUND, "height": bottom - top}
    return {"x": 0, "y": top, "width": width, "height": bottom - top}


def _box(page: Page, name: str) -> FloatRect:
    box = page.locator(f"main {name}").first.bounding_box()
    if box is None:
        raise LookupError(f"nothing on the page is called {name}")
    return box


def _papers(page: Page, server: str, there: dict[str, str], folder: Path) -> None:
    """Each as somebody fetches it who changes nothing, drawn by LibreOffice: its first page."""
    for name, (address, button) in PAPERS.items():
        page.goto(server + address.format(**there))
        if name == "giay-bao-cao":
            page.get_by_role("button", name="Lập văn bản").click()
            page.wait_for_selector(".papers-files a", timeout=120_000)
        with page.expect_download() as fetched:
            page.locator(button).first.click()
        fetched.value.save_as(folder / f"{name}.docx")
    with tempfile.TemporaryDirectory() as profile:
        files = [str(folder / f"{name}.docx") for name in PAPERS]
        words = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "pdf", "--outdir", str(folder), *files]
        subprocess.run(words, check=True, capture_output=True)
    for name in PAPERS:
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS), "-png", "-f", "1", "-l", "1", "-singlefile", str(folder / f"{name}.pdf"), str(folder / name)],
            check=True,
        )
        frame(folder / f"{name}.png")
        _keep(folder / f"{name}.png")


def _digest(server: Server, made: dict[str, Any], folder: Path) -> None:
    """The e-mail that the leader would get this morning, as a telephone shows it."""
    said = {"HAILONG_DATA": str(server.data), "HAILONG_DATABASE_URL": ""}
    words = [sys.executable, "-m", "server", "shell", "--no-imports", "-c", WRITES_DIGEST]
    environment = {**os.environ, **said, "UNIT": made["units"][TOWN]}
    page_of = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    with browser_page(*PHONE, language=LANGUAGE) as page:
        page.set_content(page_of)
        picture = folder / "ban-tin.png"
        page.screenshot(path=str(picture), full_page=True)
    _keep(picture)


def _keep(picture: Path) -> None:
    kept = FOLDER / picture.name
    keep(picture, kept, MOST_BYTES)
    print(kept.relative_to(ROOT), kept.stat().st_size)


if __name__ == "__main__":
    main()
