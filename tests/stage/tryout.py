"""`make run`: the whole thing on this machine, for a person who wants to see it."""

import os
import shutil
import signal
import socket
import sys
from contextlib import ExitStack
from threading import Event

from playwright.sync_api import Page

from tests.stage.browser import browser_page, log_in, photograph, read_today
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Demo, Kiosk, Server, free_port

FOLDER = ROOT / ".run"
USUAL_PORT = 8000


def main() -> None:
    """Server, demo commune and kiosk, until Ctrl-C or until the kiosk's window is closed."""
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not has_display:
        _say("There is no display here: the kiosk runs on a virtual one (Xvfb), and a real pointer taps a few votes.")
    with ExitStack() as stack:
        display = None if has_display else stack.enter_context(VirtualDisplay())
        server = stack.enter_context(Server(FOLDER / "server", _port()))
        demo = server.demo()
        size = ("--window", "1280x800") if has_display else ()
        kiosk = Kiosk(FOLDER / "kiosk", server.address, display, thanks_seconds=4.0 if has_display else 1.0, options=size)
        if not kiosk.is_enrolled:
            kiosk.enrol(demo.counter("Quầy 3")["code"])
        kiosk.start()
        stack.callback(kiosk.stop)
        if display is not None:
            _tap_and_photograph(display, kiosk, server, demo)
        _say(f"\nDashboard   {server.address}/\nLogin       {demo.username}\nPassword    {demo.password}\n")
        _say("Votes tapped on the kiosk arrive within two seconds. Ctrl-C ends everything.")
        while kiosk.runs and server.runs and not ended.wait(0.2):
            pass
        for program in (kiosk, server):
            if not program.runs and not ended.is_set():
                _say(f"{type(program).__name__} ended by itself; its log is {program.log}")
    _say("Ended.")


def _tap_and_photograph(display: VirtualDisplay, kiosk: Kiosk, server: Server, demo: Demo) -> None:
    pictures = FOLDER / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)

    def save(name: str) -> None:
        display.picture().save(pictures / name)
        _say(f"  saved {(pictures / name).relative_to(ROOT)}")

    save("1-question.png")
    display.press(*kiosk.satisfied)
    wait_until(lambda: display.pixel(*kiosk.satisfied) is not None, "the display answers")
    display.release(*kiosk.satisfied)
    wait_until(kiosk.asks_why, "the reasons are shown")
    save("2-why.png")
    kiosk.finish()
    display.wait_until_still()
    save("3-thanks.png")
    for satisfied in (True, True, False, True):
        kiosk.vote(satisfied=satisfied)
    _say("  tapped 4 × hài lòng, 1 × không hài lòng")
    if shutil.which("chromium") is None:
        _say("  (no chromium here, so no picture of the dashboard)")
        return
    with browser_page() as page:
        log_in(page, server.address, demo)
        officer = demo.counter("Quầy 3")["officer"]
        wait_until(lambda: _votes_of(officer, page) >= 5, "the votes arrive")
        photograph(page, pictures / "4-dashboard.png")
        _say("  saved .run/pictures/4-dashboard.png")


def _votes_of(officer: str, page: Page) -> int:
    return read_today(page)[officer].total


def _port() -> int:
    with socket.socket() as probe:
        return free_port() if probe.connect_ex(("127.0.0.1", USUAL_PORT)) == 0 else USUAL_PORT


def _say(text: str) -> None:
    print(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
