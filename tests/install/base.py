"""A clean Debian 12 with systemd, made once by debootstrap and kept; each machine of the tests begins as a copy of it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

STORE = Path(os.environ.get("TMPDIR", "/var/tmp")) / "hailong-install"  # noqa: S108 large, and kept between runs
PACKAGES = "ca-certificates,systemd,systemd-sysv,dbus,libpam-systemd,iproute2"
_MIRROR = re.compile(r"^(?:URIs:|deb)\s+(\S+/debian/?)(?:\s|$)", re.MULTILINE)
_OF_THIS_HOST = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt")


def base_system() -> Path:
    """The folder with the system. Nothing is in it that debootstrap and `PACKAGES` do not bring; how packages are fetched is as here.

    Raises RuntimeError with the last lines of what debootstrap said.
    """
    system, ready = STORE / "base", STORE / "base.ready"
    if ready.exists():
        return system
    shutil.rmtree(system, ignore_errors=True)
    system.mkdir(parents=True)
    words = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(system), *_mirror()]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("\n".join(done.stdout.splitlines()[-5:]))
    _let_it_fetch(system)
    ready.touch()
    return system


def _sources() -> list[Path]:
    folder = Path("/etc/apt/sources.list.d")
    return [path for path in [Path("/etc/apt/sources.list"), *folder.glob("*.list"), *folder.glob("*.sources")] if path.is_file()]


def _mirror() -> list[str]:
    return [found[1] for path in _sources() if (found := _MIRROR.search(path.read_text()))][:1]


def _let_it_fetch(system: Path) -> None:
    for name in _OF_THIS_HOST:
        target = system / name.lstrip("/")
        target.unlink(missing_ok=True)
        shutil.copy(name, target)
    if sources := _sources():
        (system / "etc/apt/sources.list").write_text("")
        for path in sources:
            shutil.copy(path, system / "etc/apt/sources.list.d")
    for path in Path("/etc/apt/apt.conf.d").glob("99*"):
        shutil.copy(path, system / "etc/apt/apt.conf.d")
