"""The server's Debian package: its own Python environment for Debian's python3, the units, and the scripts of packaging/server.

python -m tools.package.server OUT [--tree FOLDER] [--version X.Y.Z]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEBIAN_PYTHON = "/usr/bin/python3"
SERIES = "3.11"  # Debian 12's
INSIDE = Path("usr/lib/hailong-server")
FOLDERS = ("assets", "server", "sync")
FILES = ("LICENSE", "README.md", "constraints.txt", "pyproject.toml", "setup.py")
OF_THE_KIOSK = "sound"  # among the assets
UNITS = ("*.service", "*.timer")
SCRIPTS = ("preinst", "postinst", "prerm", "postrm")
NO_PYTHON = f"{DEBIAN_PYTHON} of series {SERIES} is needed, with which the server runs on Debian 12: build there."


def build(tree: Path, out: Path, version: str | None = None) -> Path:
    """Build the package of a tree into a folder; its path. version: another than the tree's own.

    Raises subprocess.CalledProcessError, OSError; SystemExit where Debian's python3 is not there.
    """
    if _series() != SERIES:
        raise SystemExit(NO_PYTHON)
    with tempfile.TemporaryDirectory(prefix="hailong-server-deb-") as folder:
        source, root = Path(folder) / "source", Path(folder) / "root"
        _copy(tree, source)
        project = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
        if version is not None:
            _rename(source / "pyproject.toml", project["version"], version)
        version = version or str(project["version"])
        _environment(source, root / INSIDE, project)
        _files(tree / "packaging" / "server", root, version)
        name = f"hailong-server_{version}_amd64.deb"
        _run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(root), f"{folder}/{name}"], SOURCE_DATE_EPOCH=_moment(tree))
        out.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(f"{folder}/{name}", out / name))


def _series() -> str:
    said = subprocess.run([DEBIAN_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True)
    return said.stdout.strip()


def _copy(tree: Path, source: Path) -> None:
    """As a fresh clone has it, without the kiosk: what an earlier build left is not taken along."""
    for name in FOLDERS:
        shutil.copytree(tree / name, source / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__", OF_THE_KIOSK))
    for name in FILES:
        shutil.copy(tree / name, source / name)


def _rename(pyproject: Path, version: str, other: str) -> None:
    pyproject.write_text(pyproject.read_text("utf-8").replace(f'version = "{version}"', f'version = "{other}"', 1), "utf-8")


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


def _files(packaging: Path, root: Path, version: str) -> None:
    """Units, the command, and what dpkg is told."""
    units, control = root / "usr/lib/systemd/system", root / "DEBIAN"
    for folder in (units, control, root / "usr/bin"):
        folder.mkdir(parents=True)
    for pattern in UNITS:
        for unit in packaging.glob(pattern):
            _put(unit, units / unit.name)
    _put(packaging / "hailong-server", root / "usr/bin/hailong-server", 0o755)
    for name in SCRIPTS:
        _put(packaging / name, control / name, 0o755)
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    (control / "control").write_text((packaging / "control").read_text("utf-8").format(version=version, size=size), "utf-8")
    documents = root / "usr/share/doc/hailong-server"
    documents.mkdir(parents=True)
    _put(packaging / "copyright", documents / "copyright")
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _put(source: Path, target: Path, mode: int = 0o644) -> None:
    shutil.copyfile(source, target)
    target.chmod(mode)


def _moment(tree: Path) -> str:
    """When the tree was committed, seconds: two builds of one commit have the same times in them."""
    said = subprocess.run(["git", "-C", str(tree), "log", "-1", "--format=%ct"], capture_output=True, text=True)
    return said.stdout.strip() or os.environ.get("SOURCE_DATE_EPOCH", "0")


def _run(command: list[str], **variables: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **variables})


def main() -> None:
    """Build it, and say where it lies."""
    parser = argparse.ArgumentParser(description="Build hailong-server_X.Y.Z_amd64.deb.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("--version")
    given = parser.parse_args()
    package = build(given.tree, given.out, given.version)
    sys.stdout.write(f"{package}: {package.stat().st_size / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
