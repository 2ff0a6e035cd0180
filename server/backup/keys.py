"""The folder of the server's private keys, put back from a backup of its own."""

from pathlib import Path

from sync.files import sync_directory


def is_same(unpacked: Path, folder: Path) -> bool:
    """Whether the keys in use are those of the backup, or there are none in use."""
    return not folder.exists() or _content(unpacked) == _content(folder)


def restore_keys(unpacked: Path, folder: Path, moment: str) -> str:
    """Put the keys in the place of those in use; gives where the old ones are kept, or nothing. Raises OSError."""
    kept = ""
    if folder.exists():
        if is_same(unpacked, folder):
            return kept
        aside = folder.with_name(f"{folder.name}.before-{moment}")
        folder.rename(aside)
        kept = str(aside)
    unpacked.rename(folder)
    folder.chmod(0o700)
    sync_directory(folder.parent)
    return kept


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
