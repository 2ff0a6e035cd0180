"""A tablet with a kiosk that is updated: what is asked of it in tests, and what must hold whatever was done to it."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.install.dummies import build
from tests.install.machine import Cable, Machine, machine

TRIAL_SECONDS = "15"
_DRIVER = Path(__file__).with_name("broken_off.py")
DATA = "var/lib/hailong-kiosk/hailong"


class Tablet:
    """A machine on which version 1.0 was installed as a technician does. packages: by version, where they lie on it."""

    def __init__(self, on: Machine) -> None:
        self.on = on

    def bring(self, package: Path) -> str:
        """Put a release's folder onto it; where its package is then."""
        shutil.copytree(package.parent, self.on.folder / "root" / package.parent.name, dirs_exist_ok=True)
        os.sync()
        return f"/root/{package.parent.name}/{package.name}"

    def first(self, package: str) -> None:
        """As it was after the first installation, with that version, without a past."""
        self.on.try_to("systemctl", "stop", "hailong-kiosk-update.timer", "hailong-kiosk.service")
        self.on.run("rm", "-rf", "/var/lib/hailong-update", f"/{DATA}")
        self.on.run("dpkg", "-i", package)
        self.on.run("systemctl", "restart", "hailong-kiosk.service")
        self.wait_for_the_kiosk()
        os.sync()

    def words(self, at: int, how: str, *words: str) -> list[str]:
        """The updater, broken off at a step."""
        program = "/usr/lib/hailong-kiosk-update"
        if (self.on.folder / "var/lib/hailong-update/stand-in").exists():
            program = "/var/lib/hailong-update/stand-in"
        return ["env", f"PYTHONPATH={program}", "python3", "-B", "-s", "/root/broken_off.py", TRIAL_SECONDS, str(at), how, *words]

    def update(self, *words: str, at: int = 0) -> "subprocess.CompletedProcess[str]":
        """Run the updater, killed at a step."""
        return self.on.try_to(*self.words(at, "kill", *words))

    def ask(self, package: str) -> None:
        """As the technician's screen does; done when systemd's service has come and gone."""
        path = self.on.folder / DATA / "update-asked.json"
        path.with_suffix(".new").write_text(json.dumps({"package": package}))
        path.with_suffix(".new").rename(path)
        deadline = time.monotonic() + 60
        while path.exists() or self.on.try_to("systemctl", "is-active", "hailong-kiosk-asked.service").stdout.strip() == "activating":
            assert time.monotonic() < deadline
            time.sleep(0.2)

    def entries(self) -> bytes:
        """What the kiosk has taken so far."""
        path = self.on.folder / DATA / "entries"
        return path.read_bytes() if path.exists() else b""

    def state(self) -> Any:  # noqa: ANN401 JSON
        """As the updater says it."""
        return json.loads(self.on.run("hailong-kiosk-update", "status"))

    def installed(self) -> str:
        """The version that dpkg has, and how."""
        return self.on.run("dpkg-query", "-W", "-f", "${Status} ${Version}", "hailong-kiosk")

    def wait_for_the_kiosk(self) -> None:
        """Until it has taken an entry more. Raises AssertionError."""
        before, deadline = len(self.entries()), time.monotonic() + 20
        while len(self.entries()) <= before:
            assert time.monotonic() < deadline, self.on.try_to("systemctl", "status", "hailong-kiosk").stdout
            time.sleep(0.1)

    def require_whole(self, versions: Sequence[str], taken: bytes) -> str:
        """One of the versions is installed, whole, and runs; nothing is underway; nothing that was taken is gone. Which version it is."""
        self.wait_for_the_kiosk()
        said, version = self.installed().rsplit(" ", 1)
        assert (said, version in versions) == ("install ok installed", True), (said, version)
        assert self.on.run("dpkg", "--audit") == ""
        assert self.state()["underway"] is None
        assert self.entries().startswith(taken)
        assert self.entries().split()[-1].decode() == version
        return version


@contextmanager
def tablet(folder: Path, cable: Cable | None = None) -> Iterator[Tablet]:
    """A tablet that is on, with version 1.0. cable: what it hangs on once that is installed."""
    with machine("hailong-updates" if cable is None else "hailong-updates-wired", folder, 3000) as on:
        made = Tablet(on)
        first = made.bring(build(folder, "1.0"))
        shutil.copy(_DRIVER, on.folder / "root")
        on.boot()
        on.install(first)
        made.wait_for_the_kiosk()
        os.sync()
        if cable is not None:
            on.shut_down()
            on.boot(cable)
        yield made
