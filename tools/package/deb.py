"""A Debian package from a folder that looks like the disk it will be on; the same folder gives the same bytes."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

ARCHITECTURE = "amd64"
SCRIPTS = ("preinst", "postinst", "prerm", "postrm")


def lay(source: Path, disk: Path) -> None:
    """Copy what a folder holds onto the disk, each file at its place; a script stays one."""
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        place = disk / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
        place.chmod(0o755 if os.access(file, os.X_OK) else 0o644)


def build(disk: Path, control: Path, out: Path, fields: Mapping[str, str], moment: int) -> Path:
    """Pack a disk's folder into `out`; the package's path.

    control: a folder with dpkg's file of that name, a template to be filled from `fields` (and `size`), and with maintainer scripts.
    fields: `version` at least. moment: seconds since 1970, the time that all files have. Raises subprocess.CalledProcessError.
    """
    told = disk / "DEBIAN"
    told.mkdir()
    size = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    text = (control / "control").read_text("utf-8").format(**fields, size=size)
    (told / "control").write_text(text, "utf-8")
    if settings := sorted(path for path in disk.glob("etc/**/*") if path.is_file()):
        (told / "conffiles").write_text("".join(f"/{path.relative_to(disk)}\n" for path in settings), "utf-8")
    for name in SCRIPTS:
        if (control / name).exists():
            shutil.copyfile(control / name, told / name)
            (told / name).chmod(0o755)
    for path in (disk, *disk.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
    name = text.partition("Package: ")[2].partition("\n")[0]
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{name}_{fields['version']}_{ARCHITECTURE}.deb"
    words = ["dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", str(disk), str(package)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(moment)})
    return package


def libraries(disk: Path, name: str) -> str:
    """Which packages of Debian the programs on the disk need, with their least versions: what dpkg-shlibdeps says.

    Raises subprocess.CalledProcessError where one needs what no package of this system has.
    """
    programs = sorted(path for path in disk.rglob("*") if path.is_file() and _is_program(path))
    folders = sorted({path.parent for path in programs if ".so" in path.name})
    with tempfile.TemporaryDirectory(prefix="hailong-libraries-") as folder:
        control = Path(folder) / "debian" / "control"
        control.parent.mkdir()
        control.write_text(f"Source: {name}\n\nPackage: {name}\nArchitecture: {ARCHITECTURE}\n")
        words = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{path}" for path in folders), *map(str, programs)]
        said = subprocess.run(words, check=True, cwd=folder, capture_output=True, text=True).stdout
    return said.partition("shlibs:Depends=")[2].strip()


def _is_program(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
