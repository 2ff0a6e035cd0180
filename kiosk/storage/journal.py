"""The ledger's second copy: append-only text, which an auditor can read and a USB stick can carry.

One line an entry: seq, the entry's line, its digest, parted by tabs (JSON escapes tabs, so a line holds none). 5,000 entries
to a file, `journal/<ledger>/<first seq>.tsv`. Beside them a file `floor` of one such line: the seq up to which entries were
pruned (0: none), the ledger's first line, and the digest at that seq; with it a pruned journal can be read by itself.
"""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from sync.entries import GENESIS, digest, uuid7
from sync.files import make_folder, sync_directory, write_whole

ENTRIES_PER_FILE = 5000
_DIGEST = re.compile(rb"[0-9a-f]{64}\n")


class Record(NamedTuple):
    """One line of the journal."""

    seq: int
    line: bytes
    digest: str

    def text(self) -> bytes:
        return b"%d\t%s\t%s\n" % (self.seq, self.line, self.digest.encode("ascii"))


class Journal:
    """The journal of one ledger. Not thread-safe: the ledger's lock is around it.

    `last` and `digest` say where the readable, unbroken chain ends; only the last file is read for it, for the check at the
    start has read them all (kiosk/storage/mending.py). What lies behind that end (a torn line after a power cut) is put aside in a file
    of its own before the next append; nothing is ever deleted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor: int | None = None
        self._path: Path | None = None
        self._size = 0
        make_folder(folder)
        self.floor = read_floor(folder)
        self.last, self.digest = (self.floor.seq, self.floor.digest) if self.floor else (0, GENESIS)
        files = self._files()
        for after in dict.fromkeys((_first(files[-1]) if files else 0, 0)):
            for path, size, record in self._readable(after):
                self._path, self._size = path, size
                self.last, self.digest = record.seq, record.digest
            if self._path is not None:
                return

    def records(self, after: int) -> Iterator[Record]:
        """The entries behind `after`, in order, as far as the chain holds."""
        return (record for _, _, record in self._readable(after) if record.seq > after)

    def ends_clean(self) -> bool:
        """Whether no line that could be an entry lies behind the end of the chain."""
        behind = [path for path in self._files() if self._path is None or _first(path) >= _first(self._path)]
        for path in behind:
            with path.open("rb") as file:
                file.seek(self._size if path == self._path else 0)
                if any(_parse(text) for text in file):
                    return False
        return True

    def tidy(self) -> None:
        """Put aside what lies behind the end, in a file of its own. Raises OSError."""
        if self._path is not None and self._path.stat().st_size > self._size and self._descriptor is None:
            self._descriptor = self._open_cut_back(self._path)

    def append(self, record: Record) -> None:
        """Write one line and wait until it is on the disk. Raises OSError; the file then ends where it did before."""
        self.extend([record])

    def extend(self, records: Iterable[Record]) -> None:
        """Write lines and wait until they are on the disk, file by file. Raises OSError; what `last` says is written then."""
        for _, group in groupby(records, lambda record: _file_of(record.seq)):
            self._extend_file(list(group))

    def close(self) -> None:
        """Let go of the file. The journal may be used again afterwards."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _files(self) -> list[Path]:
        floor = self.floor.seq if self.floor else 0
        return [path for path in sorted(self.folder.glob("*.tsv")) if _first(path) > floor]

    def _readable(self, after: int) -> Iterator[tuple[Path, int, Record]]:
        """Each good line with its file, and the bytes of that file up to its end; from the file on that holds the one behind `after`."""
        files = self._files()
        seq, previous = (self.floor.seq, self.floor.digest) if self.floor else (0, GENESIS)
        passed = [path for path in files if _first(path) <= after][:-1]
        if passed:
            end = _last_line(passed[-1])
            if end is None or end.seq + 1 != _first(files[len(passed)]):
                return
            seq, previous = end.seq, end.digest
        for path in files[len(passed) :]:
            size = 0
            with path.open("rb") as file:
                for text in file:
                    record = _parse(text)
                    if record is None or record.seq != seq + 1 or record.digest != digest(previous, record.line):
                        return
                    seq, previous = record.seq, record.digest
                    size += len(text)
                    yield path, size, record

    def _extend_file(self, records: list[Record]) -> None:
        if records[0].seq != self.last + 1:
            raise OSError(f"the journal ends at {self.last}, and cannot take {records[0].seq}")
        descriptor = self._open_for(records[0].seq)
        text = b"".join(record.text() for record in records)
        try:
            written = os.write(descriptor, text)
            if written != len(text):
                raise OSError(errno.ENOSPC, f"only {written} of {len(text)} bytes could be written")
            _sync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
            self.close()
            raise
        self._size += len(text)
        self.last, self.digest = records[-1].seq, records[-1].digest

    def _open_for(self, seq: int) -> int:
        path = self.folder / _file_of(seq)
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
            sync_directory(self.folder)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor


def read_floor(folder: Path) -> Record | None:
    """What a journal's file `floor` says; None where there is none, or it cannot be understood."""
    try:
        return _parse((folder / "floor").read_bytes())
    except OSError:
        return None


def write_floor(folder: Path, floor: Record) -> None:
    """A journal begins behind `floor` from now on: seq and digest of the last pruned entry, and the ledger's first line. Raises OSError."""
    write_whole(folder / "floor", floor.text(), 0o600)


def drop_files(folder: Path, floor: int) -> None:
    """Delete a journal's files at or below its floor, which is the end of one of them. Raises OSError."""
    for path in sorted(folder.glob("*.tsv")):
        if _first(path) <= floor:
            path.unlink()


def every_line(folder: Path) -> Iterator[Record]:
    """Each line of a journal that could be an entry, whether or not a chain leads to it: for the recovery."""
    for path in sorted(folder.glob("*.tsv")):
        with suppress(OSError):
            yield from lines_in(path)


def lines_in(path: Path) -> Iterator[Record]:
    """Each line of a file that could be an entry. Raises OSError."""
    with path.open("rb") as file:
        yield from filter(None, map(_parse, file))


def _first(path: Path) -> int:
    return int(path.stem) if path.stem.isdecimal() else 0


def _file_of(seq: int) -> str:
    return f"{(seq - 1) // ENTRIES_PER_FILE * ENTRIES_PER_FILE + 1:010d}.tsv"


def _last_line(path: Path) -> Record | None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8192))  # a line has at most 4 KiB, and about 90 bytes around it
        lines = file.readlines()
    return _parse(lines[-1]) if lines else None


def _sync(descriptor: int) -> None:
    getattr(os, "fdatasync", os.fsync)(descriptor)  # Windows has no fdatasync


def _parse(text: bytes) -> Record | None:
    parts = text.split(b"\t")
    if len(parts) != 3 or not parts[0].isdigit() or len(parts[0]) > 16 or not _DIGEST.fullmatch(parts[2]):
        return None
    return Record(int(parts[0]), parts[1], parts[2][:64].decode("ascii"))
