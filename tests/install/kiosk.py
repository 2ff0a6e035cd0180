"""The kiosk as its package installs it, in a machine: its session on a display that cage makes up, touched through its X server."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from tests.install.machine import Failed, Machine, machine
from tests.stage.display import Pixel, VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Kiosk, Server

SETTINGS, DATA = "etc/hailong", "var/lib/hailong-kiosk/hailong"
UNIT = "hailong-kiosk.service"
HAND = Path(__file__).with_name("hand.py")
SIZE = (1280, 720)  # of wlroots' headless output
NO_SCREEN = "[Service]\nEnvironment=WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1\n"


@cache
def package(folder: Path) -> Path:
    """The kiosk's package, built from this tree; or one that HAILONG_KIOSK_PACKAGE names."""
    if built := os.environ.get("HAILONG_KIOSK_PACKAGE"):
        return Path(built)
    subprocess.run([sys.executable, "-m", "tools.package", "kiosk", "--out", str(folder)], cwd=ROOT, check=True, capture_output=True)
    [made] = folder.glob("hailong-kiosk_*.deb")
    return made


class Screen(VirtualDisplay):
    """What cage shows in a machine that is on. It is looked at and touched at cage's X server, by `tests.install.hand`, which only the
    kiosk's user may; asked for every picture cage 0.1.4 itself forgets to draw the next one.
    """

    def __init__(self, machine: Machine) -> None:
        super().__init__(*SIZE)
        self._machine = machine
        self._hand: subprocess.Popen[str] | None = None

    def picture(self) -> Image.Image:
        """What cage shows at this moment. Raises subprocess.CalledProcessError where nothing is."""
        runtime = str(self._machine.inside / "run/hailong-kiosk")
        environment = {"XDG_RUNTIME_DIR": runtime, "WAYLAND_DISPLAY": "wayland-0", "PATH": "/usr/bin"}
        return Image.open(io.BytesIO(subprocess.run(["grim", "-"], env=environment, check=True, capture_output=True).stdout))

    def pixel(self, x: int, y: int) -> Pixel:
        """Red, green and blue of what is shown at this moment; black where nothing is."""
        red, green, blue = map(int, self._ask("pixel", x, y).split() or (0, 0, 0))
        return red, green, blue

    def tap(self, x: int, y: int) -> None:
        """A finger goes down and up."""
        self._ask("tap", x, y)

    def close(self) -> None:
        """Take the hand away."""
        if self._hand is not None:
            self._hand.kill()
            self._hand.communicate()
            self._hand = None

    def _ask(self, what: str, x: int, y: int) -> str:
        """What the hand answers; nothing where there is no display, or no more."""
        if self._hand is None and not self._take_hand():
            return ""
        assert self._hand is not None
        assert self._hand.stdin is not None
        assert self._hand.stdout is not None
        try:
            self._hand.stdin.write(f"{what} {x} {y}\n")
            self._hand.stdin.flush()
            answer = self._hand.stdout.readline()
        except OSError:
            answer = ""
        if not answer:
            self.close()
        return answer

    def _take_hand(self) -> bool:
        try:
            root = self._machine.inside
            socket = max((root / "tmp/.X11-unix").glob("X*"), key=lambda path: path.stat().st_mtime)  # one that was killed leaves its own
            user = (root / "run/hailong-kiosk").stat()
        except (Failed, OSError, ValueError):
            return False
        become = ["setpriv", f"--reuid={user.st_uid}", f"--regid={user.st_gid}", "--clear-groups"]
        words = ["nsenter", f"--net={root.parent / 'ns/net'}", *become, "/usr/bin/python3", str(HAND), f":{socket.name[1:]}"]
        self._hand = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return True


class InstalledKiosk(Kiosk):
    """machine: one that is on, or will be."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.log = machine.folder / "var/log"
        self.screen = Screen(machine)
        self._display = self.screen

    @property
    def data(self) -> Path:  # type: ignore[override]
        """The data folder, seen from outside."""
        return self.machine.folder / DATA

    def install(self, deb: Path) -> str:
        """Install a package, on a machine that has no display; what apt said."""
        drop_in = self.machine.folder / f"etc/systemd/system/{UNIT}.d/no-screen.conf"
        drop_in.parent.mkdir(parents=True, exist_ok=True)
        drop_in.write_text(NO_SCREEN)
        shutil.copy(deb, self.machine.folder / "root" / deb.name)
        return self.machine.install(f"/root/{deb.name}")

    def give(self, prepared: Path, *more: str) -> None:
        """Copy what a server prepared for one counter into the settings. more: lines that go before the first table."""
        settings = self.machine.folder / SETTINGS
        for file in prepared.iterdir():
            shutil.copy(file, settings / file.name)
        document = settings / "kiosk.toml"
        document.write_text("\n".join([*more, document.read_text()]))
        self.machine.run("chown", "-R", "hailong-kiosk:", f"/{SETTINGS}")

    @property
    def runs(self) -> bool:
        """Whether its unit is up."""
        return self.machine.try_to("systemctl", "is-active", UNIT).stdout.strip() == "active"

    def status(self) -> dict[str, Any]:
        """What `hailong-kiosk status --json` says."""
        told: dict[str, Any] = json.loads(self.machine.run("hailong-kiosk", "status", "--json"))
        return told

    def asks(self) -> bool:
        """Whether the question is on the screen now."""
        return self._answers_are_shown()

    def finish(self) -> None:
        """Taps “Xong” until the reasons go: a touch that comes before the screen is quite there does nothing."""
        while self.asks_why():
            self.display.tap(*self.done)
            with suppress(TimeoutError):
                wait_until(lambda: not self.asks_why(), "the turn ends", 1)

    def start_again(self) -> None:
        """Start its unit anew, and wait until it asks."""
        self.machine.run("systemctl", "restart", UNIT)
        self.wait_for_question()

    def process(self, name: str) -> int:
        """The number, inside, of the one process of the kiosk's user with that name. Raises LookupError."""
        user = self.data.parent.stat().st_uid
        for process in (self.machine.inside / "proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended
                if process.stat().st_uid == user and (process / "comm").read_text().strip() == name:
                    return int(process.name)
        raise LookupError(name)

    def end(self, name: str, signal: str = "KILL") -> None:
        """Send one of its processes a signal."""
        self.machine.run("sh", "-c", f"kill -{signal} {self.process(name)}")  # the shell's own: a clean Debian has no other

    def wait_until_up(self, seconds: float) -> None:
        """Wait until it asks. Raises TimeoutError."""
        wait_until(self.asks, "the kiosk asks", seconds)


@contextmanager
def installed(name: str, folder: Path, deb: Path, server: Server, address: str) -> Iterator[InstalledKiosk]:
    """A kiosk that asks, in a machine of its own: installed, and given what the server prepared for the first counter of its demo.

    name: of the machine. folder: an empty one. address: by which the kiosk reaches the server.
    """
    counter = server.demo().counters[0]["id"]
    server.command("provision", counter, "--server", address, "--out", str(folder / "prepared"))
    (folder / "machine").mkdir()
    with machine(name, folder / "machine") as tablet:
        tablet.boot()
        kiosk = InstalledKiosk(tablet)
        kiosk.install(deb)
        kiosk.give(folder / "prepared" / counter, "thanks_seconds = 0.1")
        kiosk.start_again()
        yield kiosk
        kiosk.screen.close()
