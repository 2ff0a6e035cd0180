"""Files that are whole or not there: written aside, synced, then renamed into place; and folders whose names stay."""

import os
import secrets
from contextlib import suppress
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
    """Replace a file's content so that at any moment, power cut or not, the old or the new is there, whole. Raises OSError.

    Several may do so at once, as a command beside the running kiosk: each writes aside under a name of its own, and the last one stays.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)  # on a full disk each try would leave one
        raise
    sync_directory(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, so that their names survive a power cut. Raises OSError."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_directory(folder.parent)


def write_once(path: Path, data: bytes) -> None:
    """Make a file that only its owner may read, whole, where there is none; of several who make it at once, the first decides.

    Raises OSError.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_whole(draft, data, 0o600)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    sync_directory(path.parent)
