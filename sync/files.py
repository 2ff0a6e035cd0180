"""Files that are whole or not there: written aside, synced, then renamed into place."""

import os
from pathlib import Path


def sync_directory(folder: Path) -> None:
    """Make names that were just created in a folder survive a power cut. Raises OSError."""
    if os.name == "nt":  # NTFS journals names, and Windows cannot open a folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file's content so that at any moment, power cut or not, the old or the new is there, whole. Raises OSError."""
    aside = path.with_name(path.name + ".new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_directory(path.parent)
