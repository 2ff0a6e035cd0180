"""Room on the disk for the last votes: a file that is given up when the disk is full, and made again when it is not. What is worth less
than a vote goes with it: the log, and officers' photos, which come again.
"""

import errno
import logging
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from sync.files import sync_directory

RESERVED_BYTES = 64 * 1024
AGAIN_AT_FREE_BYTES = 4 * RESERVED_BYTES
LOGS, PHOTOS = "logs", "photos"  # folders in the data folder

log = logging.getLogger(__name__)


class Reserve:
    """The reserve of a data folder. Nothing here raises: a disk without a reserve still takes votes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "reserve"

    def at_start(self) -> None:
        """Make the reserve, or give it up where a start could not write otherwise."""
        with suppress(OSError):
            if shutil.disk_usage(self._path.parent).free < RESERVED_BYTES:
                self.release()
        self.make()

    def release(self) -> bool:
        """Give the room up, and what is worth less than a vote; False where there was no reserve. It can be written to at once."""
        self._give_up_the_rest()
        try:
            self._path.unlink()
            sync_directory(self._path.parent)
        except OSError:
            return False
        log.error("the disk is full: the reserve of %d bytes was released for the last votes", RESERVED_BYTES)
        return True

    def _give_up_the_rest(self) -> None:
        for file in (self._path.parent / LOGS).glob("*"):
            with suppress(OSError):
                os.truncate(file, 0)  # it may be open: were it only deleted, its room would stay taken
        for file in (self._path.parent / PHOTOS).glob("*"):
            with suppress(OSError):
                file.unlink()

    def make(self) -> None:
        """Keep the room again, where the disk has more than that."""
        try:
            if self._path.exists() and self._path.stat().st_size == RESERVED_BYTES:
                return
            if shutil.disk_usage(self._path.parent).free >= AGAIN_AT_FREE_BYTES:
                self._write()
        except OSError as error:
            log.warning("no reserve could be made on the disk: %s", error)
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(RESERVED_BYTES))  # zeros take no room on a disk that compresses
            file.flush()
            os.fsync(file.fileno())
        sync_directory(self._path.parent)


def is_full(error: OSError | sqlite3.Error) -> bool:
    """Whether a write failed for want of room."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
