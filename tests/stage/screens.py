"""`make screens`: photographs of every screen into docs/screens. The kiosk's are those of the gallery, in each language on each display."""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from kiosk.texts import LANGUAGES
from tests.screens.seen import TABLETS, Tablet
from tests.stage.browser import browser_page, log_in, photograph, read_today
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.gallery import FOR_THE_RULES
from tests.stage.programs import ROOT, Demo, Kiosk, Server

FOLDER = ROOT / "docs" / "screens"
PAGE_SIZES = {"desktop": (1280, 860), "phone": (390, 844)}
VOTES = {"Quầy 1": (12, 1), "Quầy 3": (38, 3)}
MOST_BYTES = 80_000
COLOURS = (128, 96, 64, 48, 32, 16, 8)


def main() -> None:
    """Take every photograph anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    with tempfile.TemporaryDirectory() as name:
        for tablet in TABLETS:
            _photograph_kiosk(Path(name) / str(tablet), tablet)
        _photograph_server(Path(name) / "server of the pages")


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


def _keep(picture: Path, kept: Path) -> None:
    """As small as it must be, in as many colours as that allows."""
    with Image.open(picture) as opened:
        whole = opened.convert("RGB")
    for colours in COLOURS:
        whole.quantize(colours, dither=Image.Dither.NONE).save(kept, optimize=True)
        if kept.stat().st_size < MOST_BYTES:
            break
    print(kept.relative_to(ROOT))


if __name__ == "__main__":
    main()
