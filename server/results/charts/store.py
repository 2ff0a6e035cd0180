"""Pictures that were drawn, kept in the data folder for all workers, under the digest of all that they are made of.

So what is found is right, whoever drew it, and nothing needs to be thrown away but for room. A file appears whole or not at all, and
has a checksum (gzip's): what a power cut left of it is drawn again.
"""

import gzip
import logging
import os
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

MOST_IN_A_FOLDER = 24  # of 256 folders; at about 4 KB each, 24 MB
_log = logging.getLogger(__name__)


class Store:
    """A folder of pictures; it is made with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, digest: str) -> str | None:
        """The picture, or None."""
        path = self._path(digest)
        try:
            picture = gzip.decompress(path.read_bytes()).decode()
        except (OSError, EOFError, zlib.error, ValueError):
            return None
        with suppress(OSError):
            os.utime(path)  # used last goes last
        return picture or None  # an empty file is a whole one to gzip

    def has(self, digest: str) -> bool:
        """Whether there is one."""
        return self._path(digest).exists()

    def keep(self, digest: str, picture: str) -> None:
        """Keep the picture; where that cannot be done it is said in the log, and drawn again another time."""
        path = self._path(digest)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                file.write(gzip.compress(picture.encode(), mtime=0))
            Path(file.name).replace(path)
            self._make_room(path.parent)
        except OSError as error:
            _log.warning("A chart cannot be kept in %s: %s", self._folder, error.strerror)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest[2:]}.svg.gz"

    def _make_room(self, folder: Path) -> None:
        """Forget what was not used for longest, and what a writer that died left."""
        ages = []
        for path in folder.iterdir():
            with suppress(OSError):  # another has just forgotten it
                ages.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(ages)[:-MOST_IN_A_FOLDER]:
            path.unlink(missing_ok=True)
