"""`make screens`: photographs of every screen into docs/screens. The kiosk's are those of the gallery, in each language on each display."""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from kiosk.texts import LANGUAGES
from tests.screens.seen import TABLETS, Tablet
from tests.stage import guide
from tests.stage.browser import browser_page, log_in, photograph, read_today
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.gallery import FOR_THE_RULES
from tests.stage.offices import fill_office, log_in_as, places
from tests.stage.pictures import keep
from tests.stage.programs import ROOT, Demo, Kiosk, Server

FOLDER = ROOT / "docs" / "screens"
PAGE_SIZES = {"desktop": (1280, 860), "phone": (390, 844)}
VOTES = {"Quầy 1": (12, 1), "Quầy 3": (38, 3)}
PAGES = {  # by who opens them
    "lanhdao": {
        "today": "/don-vi/{town}/",
        "officers": "/don-vi/{town}/can-bo/",
        "counters": "/don-vi/{town}/quay/",
        "time": "/don-vi/{town}/thoi-gian/",
        "two-periods": "/don-vi/{town}/so-sanh/",
        "reasons": "/don-vi/{town}/ly-do/",
        "participation": "/don-vi/{town}/tham-gia/",
        "publishing": "/don-vi/{town}/cong-bo/",
        "preview": "/don-vi/{town}/man-hinh/",
        "flags": "/can-chu-y/{town}/",
        "transactions": "/so-ho-so/{town}/",
        "board": "/cong-khai/{town}/",
        "lobby": "/cong-khai/{town}/man-hinh/",
    },
    "quantri": {
        "province": "/don-vi/{province}/",
        "ranking": "/don-vi/{province}/xep-hang/",
        "devices": "/thiet-bi/don-vi/{town}/",
        "enrol": "/thiet-bi/quay/{counter}/",
        "quarantine": "/thiet-bi/cach-ly/",
        "tables": "/danh-muc/",
        "tokens": "/quan-tri-token/",
        "record": "/nhat-ky/",
        "running": "/quan-tri/",
        "choosing": "/so-ho-so/",
        "administration": "/admin/",
        "unit": "/admin/places/unit/{town}/change/",
    },
    "bo": {"country": "/don-vi/{country}/xep-hang/"},
    "canbo": {"own": "/cua-toi/"},
}
TALLEST = 1_500
MOST_BYTES = 80_000


def main() -> None:
    """Take every photograph anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    with tempfile.TemporaryDirectory() as name:
        for tablet in TABLETS:
            _photograph_kiosk(Path(name) / str(tablet), tablet)
        _photograph_server(Path(name) / "server of the pages")
        photograph_office(Path(name) / "server of the office")
    guide.main()


def _photograph_kiosk(folder: Path, tablet: Tablet) -> None:
    folder.mkdir()
    with VirtualDisplay(tablet.width, tablet.height) as display:
        words = [
            sys.executable,
            "-m",
            "tests.screens.recorder",
            "tests.stage.gallery",
            str(folder),
            str(tablet.inches),
            ",".join(LANGUAGES),
        ]
        subprocess.run([*words, *["low"][: tablet.low]], cwd=ROOT, env=display.environment, check=True)
    for picture in sorted(folder.glob("*.png")):
        name, language = picture.stem.rsplit("-", 1)
        if name not in FOR_THE_RULES:
            _keep(picture, FOLDER / f"kiosk-{name}-{tablet}-{language}.png")


def _photograph_server(folder: Path) -> None:
    with Server(folder) as server, ExitStack() as stack:
        demo = server.demo()
        for counter, (satisfied, dissatisfied) in VOTES.items():
            kiosk = Kiosk(folder / counter, server.address, stack.enter_context(VirtualDisplay()), thanks_seconds=0.1)
            kiosk.enrol(demo.counter(counter)["code"])
            stack.enter_context(kiosk)
            for answer in [True] * satisfied + [False] * dissatisfied:
                kiosk.vote(satisfied=answer)
        for kind, size in PAGE_SIZES.items():
            _photograph_pages(folder, server, demo, kind, size)


def _photograph_pages(folder: Path, server: Server, demo: Demo, kind: str, size: tuple[int, int]) -> None:
    def save(name: str) -> None:
        picture = folder / f"{name}.png"
        photograph(page, picture)
        _keep(picture, FOLDER / picture.name)

    with browser_page(*size) as page:
        page.goto(server.address + "/login/")
        save(f"login-{kind}")
        log_in(page, server.address, demo)
        wait_until(lambda: read_today(page)["total"].total == sum(map(sum, VOTES.values())), "the votes arrive")
        save(f"today-{kind}")


def photograph_office(folder: Path) -> None:
    """The pages of those who work with the server, with a province's history."""
    with Server(folder) as server:
        made = fill_office(server)
        for login, names in PAGES.items():
            for kind, size in PAGE_SIZES.items():
                with browser_page(*size) as page:
                    log_in_as(page, server, login, made)
                    for name, address in names.items():
                        page.goto(server.address + address.format(**places(made)))
                        page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(picture => picture.loading = 'eager')")
                        page.wait_for_load_state("networkidle")
                        picture = folder / f"page-{name}-{kind}.png"
                        tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                        page.set_viewport_size({"width": size[0], "height": max(size[1], tall)})
                        page.screenshot(path=str(picture))
                        page.set_viewport_size({"width": size[0], "height": size[1]})
                        _keep(picture, FOLDER / picture.name)


def _keep(picture: Path, kept: Path) -> None:
    keep(picture, kept, MOST_BYTES)
    print(kept.relative_to(ROOT))


if __name__ == "__main__":
    main()
