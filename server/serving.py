"""Whether a server runs on this data folder: each holds a lock as long as any process of it lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUseError(Exception):
    """The data folder is being served, or put back from a backup."""


@contextmanager
def serves(data: Path) -> Iterator[None]:
    """Hold the folder as a server does, and with it what is forked meanwhile. Raises `InUseError` during a restore, OSError."""
    with _locked(data, fcntl.LOCK_SH):
        yield


@contextmanager
def restores(data: Path) -> Iterator[None]:
    """Hold the folder alone. Raises `InUseError` while a server runs, OSError."""
    with _locked(data, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(data: Path, how: int) -> Iterator[None]:
    handle = os.open(data / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUseError from error
        yield
    finally:
        os.close(handle)
