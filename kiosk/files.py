"""Files that are whole or not there, as both ends write them; and folders that stay."""

from pathlib import Path

from sync.files import sync_directory, write_whole

__all__ = ["make_folder", "sync_directory", "write_whole"]


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, so that their names survive a power cut. Raises OSError."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_directory(folder.parent)
