"""The folder of the server's private keys, put back from a backup of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.files import sync_directory

AUTHORITY = "authority"  # of the certificate: in the file of the keys too, but no key of ours (see server/installation/authority.py)


def is_same(unpacked: Path, folder: Path) -> bool:
    """Whether the keys in use are those of the backup, or there are none in use."""
    return not folder.exists() or _content(unpacked) == _content(folder)


@contextmanager
def restored_keys(unpacked: Path, folder: Path, moment: str) -> Iterator[Path | None]:
    """Put the keys in the place of those in use; gives where the old ones are kept, or None where they stay.

    When what is done meanwhile fails, those that were in use are in use again. Raises OSError.
    """
    kept = None
    if folder.exists():
        if is_same(unpacked, folder):
            yield None
            return
        kept = folder.with_name(f"{folder.name}.before-{moment}")
        folder.rename(kept)
    unpacked.rename(folder)
    folder.chmod(0o700)
    sync_directory(folder.parent)
    try:
        yield kept
    except BaseException:
        folder.rename(unpacked)
        if kept is not None:
            kept.rename(folder)
        sync_directory(folder.parent)
        raise


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
