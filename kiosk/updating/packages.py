"""dpkg, as an update needs it: which version is there, the next one in, the former one back."""

import os
import re
import shutil
import tempfile
from email.parser import Parser
from pathlib import Path

from kiosk.updating.apt import PACKAGE
from kiosk.updating.commands import run
from kiosk.updating.errors import NoRoomError, NoWayBackError, UnfitError
from sync.files import make_folder, sync_directory

LARGEST = 300_000_000
ROOM = 600_000_000  # two packages, what is unpacked of the next, and enough for votes

_NOT_OF_A_PACKAGE = ("Status", "Conffiles", "Config-Version")
_SCRIPTS = ("preinst", "postinst", "prerm", "postrm", "conffiles", "triggers", "md5sums", "config", "templates", "shlibs")
_MAY_BE_GONE = re.compile(r" c | /usr/share/(?:doc|man|locale|lintian)/")  # settings are whose they are; small systems leave out documents


def installed(package: str = PACKAGE) -> str | None:
    """The version that is there whole, or None."""
    said = run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package]).stdout.split()
    return said[1] if len(said) == 2 and said[0] == "installed" else None


def is_newer(version: str, than: str) -> bool:
    """As dpkg compares them."""
    return run(["dpkg", "--compare-versions", version, "gt", than]).returncode == 0


def version_of(package: Path) -> str:
    """The version of a package's file. Raises `UnfitError` where it is none of the kiosk for this machine."""
    said = run(["dpkg-deb", "-f", str(package), "Package", "Version", "Architecture"])
    fields = Parser().parsestr(said.stdout)
    ours = run(["dpkg", "--print-architecture"]).stdout.strip()
    if said.returncode or fields["Package"] != PACKAGE or fields["Architecture"] not in (ours, "all") or not fields["Version"]:
        raise UnfitError(f"{package.name} is no package of {PACKAGE} for this machine")
    return str(fields["Version"])


def put_back(package: Path) -> bool:
    """Install a package's file by dpkg alone, which goes on from whatever a cut left; False where that failed."""
    finish()
    return run(["dpkg", "--force-confold", "--force-downgrade", "-i", str(package)]).returncode == 0


def finish() -> None:
    """Let dpkg end what was cut off, as far as it can."""
    run(["dpkg", "--configure", "-a", "--force-confold"])


def require_room(folder: Path, package: Path | None = None) -> None:
    """Nothing, when an update has room on the folder's disk. package: its file, where there is one.

    Raises `NoRoomError`; `UnfitError` for what is no file of such a size; OSError.
    """
    if package is not None and (not package.is_file() or package.stat().st_size > LARGEST):
        raise UnfitError(f"{package.name} is no file of {LARGEST} bytes at most")
    if shutil.disk_usage(folder).free < ROOM:
        raise NoRoomError(f"less than {ROOM} bytes are free")


def closed_folder(folder: Path) -> None:
    """Make a folder into which only root may look: what the kiosk asks for might be anybody's file. Raises OSError."""
    make_folder(folder)
    folder.chmod(0o700)


def keep(package: Path, folder: Path) -> Path:
    """A copy of a package's file in a folder: whole, and on the disk. Raises OSError."""
    closed_folder(folder)
    target, aside = folder / package.name, folder / f".{package.name}.new"
    shutil.copyfile(package, aside)
    return _in_place(aside, target)


def pack(version: str, folder: Path) -> Path:
    """The package of what is installed, made again from its files, so that there is a way back without any network.

    version: that is installed. Raises `NoWayBackError` where dpkg finds one of its files changed or gone, OSError.
    """
    if [line for line in run(["dpkg", "--verify", PACKAGE]).stdout.splitlines() if not _MAY_BE_GONE.search(line)]:
        raise NoWayBackError(f"files of {PACKAGE} {version} were changed or are gone")
    closed_folder(folder)
    target = folder / f"{PACKAGE}_{version}_amd64.deb".replace(":", "%3a")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".pack.") as scratch:
        tree = Path(scratch, "tree")
        _gather(tree)
        aside = Path(scratch, "new.deb")
        if run(["dpkg-deb", "--build", "--root-owner-group", "-Znone", str(tree), str(aside)]).returncode:
            raise NoWayBackError(f"{PACKAGE} {version} cannot be packed")
        return _in_place(aside, target)


def _gather(tree: Path) -> None:
    """The installed files, and what dpkg keeps of their package, as dpkg-deb packs them. Raises OSError."""
    control = tree / "DEBIAN"
    control.mkdir(parents=True)
    tree.chmod(0o755)
    for name in _SCRIPTS:
        found = run(["dpkg-query", "--control-path", PACKAGE, name]).stdout.strip()
        if found:
            shutil.copy2(found, control / name)
    fields = Parser().parsestr(run(["dpkg-query", "-s", PACKAGE]).stdout)
    for field in _NOT_OF_A_PACKAGE:
        del fields[field]
    (control / "control").write_text("".join(f"{name}: {value}\n" for name, value in fields.items()))
    for line in run(["dpkg-query", "-L", PACKAGE]).stdout.splitlines():
        source, target = Path(line), tree / line.lstrip("/")
        if source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source.readlink())
        elif source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copystat(source, target)
        elif source.is_file():
            shutil.copy2(source, target)


def _in_place(aside: Path, target: Path) -> Path:
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(target)
    sync_directory(target.parent)
    return target
