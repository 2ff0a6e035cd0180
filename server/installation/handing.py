"""Files that root and the server's user hand each other: a USB stick as it is usually mounted belongs to root alone.

Root goes to the stick, the server's commands to a folder that is lent to them. Neither follows a link that the other, or whoever had the
stick before, may have put in a file's place.
"""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.installation.places import USER
from server.installation.running import Refused
from sync.files import write_whole

_ROOMY = "/var/tmp"  # noqa: S108 on the disk, and root's own: there, whose a folder is cannot be changed behind root's back
_MAY_PASS = 0o711
_LARGEST = 16 * 1024 * 1024  # bytes; whatever the server writes for kiosks is far smaller
_WHY = {
    errno.ENOSPC: "hết chỗ trống",
    errno.EDQUOT: "hết chỗ trống",
    errno.EFBIG: "tệp quá lớn",
    errno.EROFS: "chỉ cho đọc (khóa ghi)",
    errno.EIO: "đọc ghi bị lỗi, có thể USB đã bị rút ra",
    errno.ENODEV: "USB đã bị rút ra",
    errno.ENXIO: "USB đã bị rút ra",
    errno.ENOENT: "không còn ở đó",
    errno.ENOTDIR: "không phải thư mục",
    errno.EEXIST: "đã có",
    errno.ELOOP: "là liên kết, không phải tệp hay thư mục thật",
}


def why(error: OSError) -> str:
    """What the operating system says, in Vietnamese where it is what happens to sticks."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))


@contextmanager
def lent(fill: Callable[[Path], None] = lambda folder: None) -> Iterator[Path]:
    """A folder that the server's user may write, gone afterwards. fill: puts into it, while it is root's alone, what it holds at first.

    Raises what `fill` raises, OSError.
    """
    with tempfile.TemporaryDirectory(prefix="hailong-", dir=_ROOMY) as around:
        folder = Path(around, "lent")
        folder.mkdir(mode=0o700)
        fill(folder)
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, USER)
        Path(around).chmod(_MAY_PASS)
        yield folder


def content(path: Path, most: int = _LARGEST) -> bytes:
    """A file's bytes. Raises OSError, also for what is no file, and for one that is larger than `most` bytes."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe would keep us waiting
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "không phải tệp", str(path))
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def inside(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where it is not there. Raises OSError, also for a link."""
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    return sorted(folder.iterdir()) if folder.exists() else []


def put(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file, whole or not at all; its folder is made where it is missing. private: for the owner alone, where a disk knows owners.

    Raises OSError, also for a link in the folder's place.
    """
    if path.parent.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path.parent))
    path.parent.mkdir(mode=0o700 if private else 0o755, exist_ok=True)
    write_whole(path, data, 0o600 if private else 0o644)


def copies(*files: Path) -> Callable[[Path], None]:
    """Puts copies of files that only root may be able to read, each by its name, into a folder. That raises `Refused`."""

    def fill(folder: Path) -> None:
        for file in files:
            try:
                shutil.copyfile(file, folder / file.name)
            except OSError as error:
                raise Refused(f"Không đọc được {file}: {why(error)}") from error

    return fill
