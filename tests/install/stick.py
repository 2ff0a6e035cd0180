"""A USB stick in a machine, as `sudo mount /dev/sdb1 /mnt` makes it: all of it is root's. (ext4, for not every kernel here knows FAT.)"""

import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.install.machine import Machine

PLACE = "/mnt"
_DEVICE = "dev/sdb1"


@contextmanager
def stick(there: Machine, folder: Path, megabytes: int = 8) -> Iterator[Path]:
    """Plugged in and mounted at `PLACE`; that place as this host sees it. Pulled out when done. folder: an empty one, for its image."""
    image = folder / "stick.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True, capture_output=True)
    device = subprocess.run(["losetup", "--find", "--show", image], check=True, capture_output=True, text=True).stdout.strip()
    node = there.inside / _DEVICE
    try:
        os.mknod(node, stat.S_IFBLK | 0o660, Path(device).stat().st_rdev)
        there.run("mount", f"/{_DEVICE}", PLACE)
        try:
            yield there.inside / PLACE.lstrip("/")
        finally:
            there.run("umount", PLACE)
    finally:
        node.unlink(missing_ok=True)
        subprocess.run(["losetup", "--detach", device], check=True)
