"""Which USB sticks are mounted, as Linux tells it."""

import os
import re
from pathlib import Path

_OCTAL = re.compile(r"\\([0-7]{3})")  # how mountinfo writes blanks: proc_pid_mountinfo(5)


def mounted_sticks(root: Path = Path("/"), *, writable: bool = True) -> list[Path]:
    """Where file systems of USB disks and other removable ones are mounted, each once; not those of the disk that the system is on. None
    where the system does not tell (it has no /proc). root: of /proc and /sys. writable: only those that can be written to.
    """
    try:
        mounts = (root / "proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    found: dict[Path, Path] = {}
    system = None
    for line in mounts:
        _id, _parent, number, part, where, options, *_rest = line.split(" ")
        device = Path(os.path.realpath(root / "sys/dev/block" / number))
        if where == "/":
            system = device.parent
        elif part == "/" and not (writable and "ro" in options.split(",")) and _is_a_stick(device):
            found.setdefault(device, Path(_OCTAL.sub(lambda mark: chr(int(mark[1], 8)), where)))
    return sorted(where for device, where in found.items() if device.parent != system)


def unmounted_sticks(root: Path = Path("/")) -> list[str]:
    """Names, such as sdb1, of file systems on such disks that are not mounted. root: of /proc and /sys."""
    try:
        mounts = (root / "proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    mounted = {line.split(" ")[2]: line.split(" ")[4] for line in mounts}
    systems = {Path(os.path.realpath(root / "sys/dev/block" / number)).parent for number, where in mounted.items() if where == "/"}
    found = []
    for link in sorted((root / "sys/class/block").glob("*")):
        device = Path(os.path.realpath(link))
        has_parts = any((below / "partition").exists() for below in device.glob("*"))
        if device.parent in systems or has_parts or _number(device) in mounted:
            continue
        if _is_a_stick(device) and _holds_something(device):
            found.append(link.name)
    return found


def _holds_something(device: Path) -> bool:
    """A card reader without a card has a size of nothing."""
    try:
        return int((device / "size").read_text()) > 0
    except (OSError, ValueError):
        return False


def _number(device: Path) -> str:
    try:
        return (device / "dev").read_text().strip()
    except OSError:
        return ""


def _is_a_stick(device: Path) -> bool:
    """Whether a block device hangs on USB, or says of itself that it is removable: a card reader, say."""
    return any(re.match(r"usb\d", part) for part in device.parts) or any(_says_removable(folder) for folder in (device, device.parent))


def _says_removable(folder: Path) -> bool:
    try:
        return (folder / "removable").read_text().strip() == "1"
    except OSError:
        return False
