"""hailong-server_X.Y.Z_amd64.deb: an environment for Debian's python3, and what `packaging/server` lays beside it."""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from tools.package import deb
from tools.package.bundle import ROOT, moment

PACKAGING = ROOT / "packaging" / "server"
DEBIAN_PYTHON = "/usr/bin/python3"
NAME = "hailong-server"
SERIES = "3.11"  # Debian 12's
INSIDE = Path("usr/lib/hailong-server")
FOLDERS = ("assets", "server", "sync")
FILES = ("LICENSE", "README.md", "constraints.txt", "pyproject.toml", "setup.py")
OF_THE_KIOSK = "sound"  # among the assets
NO_PYTHON = f"{DEBIAN_PYTHON} of series {SERIES} is needed, with which the server runs on Debian 12: build there."


def build(out: Path) -> Path:
    """Build the package into `out`; its path.

    Raises subprocess.CalledProcessError, OSError; SystemExit where Debian's python3 is not there.
    """
    if _series() != SERIES:
        raise SystemExit(NO_PYTHON)
    with tempfile.TemporaryDirectory(prefix="hailong-server-deb-") as folder:
        source, disk = Path(folder) / "source", Path(folder) / "disk"
        _copy(source)
        project = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
        _environment(source, disk / INSIDE, project)
        needs = deb.libraries(disk, NAME)
        deb.lay(PACKAGING / "root", disk)
        return deb.build(disk, PACKAGING / "control", out, {"version": project["version"], "libraries": needs}, moment())


def _series() -> str:
    said = subprocess.run([DEBIAN_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True)
    return said.stdout.strip()


def _copy(source: Path) -> None:
    """As a fresh clone has it, without the kiosk: what an earlier build left is not taken along."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__", OF_THE_KIOSK))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)


def _environment(source: Path, folder: Path, project: dict[str, Any]) -> None:
    """A virtual environment as it will lie in /usr/lib: nothing in it names the folder in which it was made."""
    packages = folder / "lib" / f"python{SERIES}" / "site-packages"
    (folder / "bin").mkdir(parents=True)
    packages.mkdir(parents=True)
    for name in ("python", "python3"):
        (folder / "bin" / name).symlink_to(DEBIAN_PYTHON)
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {SERIES}\n")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    into = [*pip, "install", "--no-compile", "--target", str(packages), "--python-version", SERIES, "--only-binary", ":all:"]
    _run([*into, "-c", str(source / "constraints.txt"), *project["optional-dependencies"]["server"]])
    shutil.rmtree(packages / "bin", ignore_errors=True)
    wheel = source / "wheel"
    _run([*pip, "wheel", "--no-deps", "-w", str(wheel), str(source)])
    _run([*into, "--no-deps", "--no-index", *map(str, wheel.iterdir())])
    shutil.rmtree(packages / "bin", ignore_errors=True)  # the kiosk's command: there is no kiosk here
    for name in ("direct_url.json", "RECORD", "REQUESTED"):  # the folder of the build is in them
        for file in packages.glob(f"*.dist-info/{name}"):
            file.unlink()
    compiled = ["-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", f"/{INSIDE}"]
    _run([DEBIAN_PYTHON, *compiled, str(packages)], PYTHONHASHSEED="0")


def _run(command: list[str], **variables: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **variables})
