"""The kiosk as its package installs it, in a machine: its session on a display that cage makes up, touched through its X server."""

import io
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from PIL import Image

from tests.install.machine import Machine
from tests.stage.display import Pixel, VirtualDisplay, wait_until
from tests.stage.pointer import Pointer
from tests.stage.programs import ROOT, Kiosk

SETTINGS, DATA = "etc/hailong", "var/lib/hailong-kiosk/hailong"
UNIT = "hailong-kiosk.service"
SIZE = (1280, 720)  # of wlroots' headless output
NO_SCREEN = "[Service]\nEnvironment=WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1\n"


@cache
def package(folder: Path) -> Path:
    """The kiosk's package, built from this tree."""
    subprocess.run([sys.executable, "-m", "tools.package", "kiosk", "--out", str(folder)], cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("hailong-kiosk_*.deb")
    return built


class Screen(VirtualDisplay):
    """What cage shows in a machine that is on, seen by grim; touched by XTEST, as cage has no way for a stranger to touch."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(*SIZE)
        self._machine = machine

    @property
    def name(self) -> str:  # type: ignore[override]
        """The X server's socket, for it has no number on this host."""
        [socket] = (self._machine.inside / "tmp/.X11-unix").glob("X*")
        return str(socket)

    def picture(self) -> Image.Image:
        """What is shown at this moment. Raises subprocess.CalledProcessError where nothing is."""
        return Image.open(io.BytesIO(self._seen("-t", "ppm", "-")))

    def pixel(self, x: int, y: int) -> Pixel:
        """Red, green and blue of what is shown at this moment; black where nothing is."""
        try:
            red, green, blue = self._seen("-g", f"{x},{y} 1x1", "-t", "ppm", "-")[-3:]
        except subprocess.CalledProcessError:
            return 0, 0, 0
        return red, green, blue

    def tap(self, x: int, y: int) -> None:
        """A finger goes down and up."""
        with Pointer(self.name) as pointer:
            pointer.move(x, y)
            pointer.down()
            pointer.up()

    def _seen(self, *words: str) -> bytes:
        environment = {"XDG_RUNTIME_DIR": str(self._machine.inside / "run/hailong-kiosk"), "WAYLAND_DISPLAY": "wayland-0", "PATH": "/usr/bin"}
        return subprocess.run(["grim", *words], env=environment, check=True, capture_output=True).stdout


class InstalledKiosk(Kiosk):
    """machine: one that is on, or will be."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.log = machine.folder / "var/log"
        self._display = Screen(machine)

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

    def asks(self) -> bool:
        """Whether the question is on the screen now."""
        return self._answers_are_shown()

    def start_again(self) -> None:
        """Start its unit anew, and wait until it asks."""
        self.machine.run("systemctl", "restart", UNIT)
        self.wait_for_question()

    def process(self, name: str) -> int:
        """The number, inside, of the one process of the session with that name."""
        return int(self.machine.run("pgrep", "-n", "-x", name, "-u", "hailong-kiosk").split()[0])

    def waits(self) -> str:
        """What `hailong-kiosk status` says, as JSON."""
        return self.machine.run("hailong-kiosk", "status", "--json")

    def wait_until_up(self, seconds: float) -> None:
        wait_until(self.asks, "the kiosk asks", seconds)
