"""The ledger's second copy: append-only text, which an auditor can read and a USB stick can carry.

One line an entry: seq, the entry's line, its digest, parted by tabs (JSON escapes tabs, so a line holds none). 5,000 entries
to a file, `journal/<ledger>/<first seq>.tsv`.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from kiosk.files import sync_directory, write_whole
from sync.entries import GENESIS, digest, uuid7

ENTRIES_PER_FILE = 5000


@dataclass(frozen=True)
class Record:
    """One line of the journal."""

    seq: int
    line: bytes
    digest: str


class Journal:
    """The journal of one ledger. Not thread-safe: the ledger's lock is around it.

    `last` and `digest` say where the readable, unbroken chain ends. What lies behind it (a torn line after a power cut) is put
    aside in a file of its own before the next append; nothing is ever deleted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None
        self._path: Path | None = None
        self._size = 0
        self.last = 0
        self.digest = GENESIS
        if not folder.exists():
            folder.mkdir(parents=True)
            sync_directory(folder.parent)
        for path, size, record in self._readable():
            self._path, self._size = path, size
            self.last, self.digest = record.seq, record.digest

    def records(self, after: int) -> Iterator[Record]:
        """The entries behind `after`, in order, as far as the chain holds."""
        return (record for _, _, record in self._readable() if record.seq > after)

    def _readable(self) -> Iterator[tuple[Path, int, Record]]:
        """Each good line with its file, and the bytes of that file up to its end."""
        seq, previous = 0, GENESIS
        for path in sorted(self._folder.glob("*.tsv")):
            size = 0
            with path.open("rb") as file:
                for text in file:
                    record = _parse(text)
                    if record is None or record.seq != seq + 1 or record.digest != digest(previous, record.line):
                        return
                    seq, previous = record.seq, record.digest
                    size += len(text)
                    yield path, size, record

    def append(self, record: Record) -> None:
        """Write one line and wait until it is on the disk. Raises OSError; the file then ends where it did before."""
        self._write([record])

    def extend(self, records: Iterable[Record]) -> None:
        """`append` for many, waiting for the disk once a file. Raises OSError; whole files before that one are kept."""
        for _, together in groupby(records, lambda record: _file_of(record.seq)):
            self._write(list(together))

    def _write(self, records: Sequence[Record]) -> None:
        """records: at least one, all of one file."""
        if records[0].seq != self.last + 1:
            raise OSError(f"the journal ends at {self.last}, and cannot take {records[0].seq}")
        descriptor = self._open_for(records[0].seq)
        text = b"".join([b"%d\t%s\t%s\n" % (record.seq, record.line, record.digest.encode("ascii")) for record in records])
        try:
            written = os.write(descriptor, text)
            if written != len(text):
                raise OSError(f"only {written} of {len(text)} bytes could be written")
            _sync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
            self.close()
            raise
        self._size += len(text)
        self.last, self.digest = records[-1].seq, records[-1].digest

    def close(self) -> None:
        """Let go of the file. The journal may be used again afterwards."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open_for(self, seq: int) -> int:
        path = self._folder / _file_of(seq)
        if path != self._path:
            self.close()
            self._path, self._size = path, 0
        if self._descriptor is None:
            self._descriptor = self._open_cut_back(path)
        return self._descriptor

    def _open_cut_back(self, path: Path) -> int:
        """The file, ending where its good lines end."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if os.fstat(descriptor).st_size > self._size:
                os.lseek(descriptor, self._size, os.SEEK_SET)
                aside = path.with_name(f"{path.name}.cut-{uuid7()}")
                write_whole(aside, os.read(descriptor, os.fstat(descriptor).st_size - self._size), 0o600)
                os.ftruncate(descriptor, self._size)
            os.fsync(descriptor)
            sync_directory(self._folder)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor


def _file_of(seq: int) -> str:
    return f"{(seq - 1) // ENTRIES_PER_FILE * ENTRIES_PER_FILE + 1:010d}.tsv"


def _sync(descriptor: int) -> None:
    getattr(os, "fdatasync", os.fsync)(descriptor)  # Windows has no fdatasync


def _parse(text: bytes) -> Record | None:
    parts = text.rstrip(b"\n").split(b"\t")
    if not text.endswith(b"\n") or len(parts) != 3 or not parts[0].isdigit():
        return None
    return Record(int(parts[0]), parts[1], parts[2].decode("ascii", "replace"))
