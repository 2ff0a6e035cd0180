"""`make screens`: photographs of every screen into docs/screens."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from tests.stage.browser import browser_page, log_in, photograph, read_today
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Demo, Kiosk, Server

FOLDER = ROOT / "docs" / "screens"
KIOSK_SIZES = ((1280, 800), (1024, 600), (800, 1280))
PAGE_SIZES = {"desktop": (1280, 860), "phone": (390, 844)}
VOTES = {"Quầy 1": (12, 1), "Quầy 3": (38, 3)}


def main() -> None:
    """Take every photograph anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Server(folder / "server of the screens") as server:
            for width, height in KIOSK_SIZES:
                _photograph_turn(folder / f"{width}", server, (width, height), "vi")
            _photograph_turn(folder / "english", server, KIOSK_SIZES[0], "en")
        _photograph_faults(folder / "faults")
        with Server(folder / "server of the pages") as server, ExitStack() as stack:
            demo = server.demo()
            for counter, (satisfied, dissatisfied) in VOTES.items():
                kiosk = Kiosk(folder / counter, server.address, stack.enter_context(VirtualDisplay()), thanks_seconds=0.1)
                kiosk.enrol(demo.counter(counter)["code"])
                stack.enter_context(kiosk)
                for answer in [True] * satisfied + [False] * dissatisfied:
                    kiosk.vote(satisfied=answer)
            for kind, size in PAGE_SIZES.items():
                _photograph_pages(server, demo, kind, size)


def _photograph_pages(server: Server, demo: Demo, kind: str, size: tuple[int, int]) -> None:
    with browser_page(*size) as page:
        page.goto(server.address + "/login/")
        photograph(page, FOLDER / f"login-{kind}.png")
        log_in(page, server.address, demo)
        wait_until(lambda: read_today(page)["total"].total == sum(map(sum, VOTES.values())), "the votes arrive")
        photograph(page, FOLDER / f"today-{kind}.png")


def _photograph_turn(folder: Path, server: Server, size: tuple[int, int], language: str) -> None:
    """A kiosk out of reach of its server, so that what is tapped for the picture is counted nowhere."""
    with VirtualDisplay(*size) as display:
        kiosk = Kiosk(folder, server.address, display, thanks_seconds=3, options=("--lang", language))
        kiosk.enrol(server.demo().counter("Quầy 3")["code"])
        kiosk.settings.write_text(kiosk.settings.read_text().replace(server.address, "http://127.0.0.1:9"))
        name = f"{size[0]}x{size[1]}-{language}"
        with kiosk:
            _save(display, f"kiosk-question-{name}")
            display.press(*kiosk.dissatisfied)
            _save(display, f"kiosk-pressed-{name}")
            display.release(*kiosk.dissatisfied)
            wait_until(kiosk.asks_why, "the reasons are shown")
            display.tap(round(size[0] * 0.4), round(size[1] * 0.46))
            _save(display, f"kiosk-why-{name}")
            kiosk.finish()
            _save(display, f"kiosk-thanks-{name}")


def _photograph_faults(folder: Path) -> None:
    with VirtualDisplay() as display:
        kiosk = Kiosk(folder, "ftp://hailong", display, thanks_seconds=99)
        kiosk.start_blindly()
        wait_until(lambda: display.pixel(display.width - 1, display.height - 1) != (0, 0, 0), "the faults are shown")
        _save(display, "kiosk-faults-1280x800-vi")
        kiosk.stop()


def _save(display: VirtualDisplay, name: str) -> None:
    display.wait_until_still()
    path = FOLDER / f"{name}.png"
    display.picture().quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
