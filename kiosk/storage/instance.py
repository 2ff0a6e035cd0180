"""One kiosk at a time on a data folder: a lock file, held for as long as the process lives, however it ends."""

import os
import sys
from pathlib import Path

from kiosk.storage.database import AlreadyRunning


class Instance:
    """The lock on a data folder. Raises `AlreadyRunning`; OSError where the folder cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._descriptor: int | None = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except (BlockingIOError, PermissionError) as error:
            self.release()
            raise AlreadyRunning(str(folder)) from error
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let another process have the folder. The file stays: to delete it would let two hold a lock each."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
