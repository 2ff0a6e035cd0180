"""The register of erasures: which comments were erased, when, by whom and why; never what they said.

An append-only text file, `register/erasures.tsv` beside the database and not in it, so that a restored backup cannot bring back
what was erased after it was made. One line an erasure, as in a kiosk's journal: number, one line of JSON, digest, parted by tabs;

    digest = SHA-256(previous digest as 64 lower-case hex characters ‖ the JSON's bytes), the first previous is 64 zeros.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings

from sync.entries import GENESIS, Instant, Sha256, digest
from sync.files import sync_directory

_SEALED = re.compile(rb'"sealed":"([0-9a-f]{64})"')


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """A comment's bytes are to be nowhere. sealed: their SHA-256. because: the request or rule, without personal data."""

    sealed: Sha256
    at: Instant
    who: str
    because: str


class Seen(NamedTuple):
    """A state of the file, and what it said then."""

    state: tuple[int, int, int]
    hashes: frozenset[str]


class Register:
    """The register in a folder. Safe between processes: writers lock the file, readers take whole lines only."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "erasures.tsv"
        self._seen = Seen((0, 0, 0), frozenset())

    def hashes(self) -> frozenset[str]:
        """Every hash that the register names, on a damaged line too: rather too much is erased than too little."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return frozenset()
        state = (status.st_ino, status.st_size, status.st_mtime_ns)
        if self._seen.state != state:
            self._seen = Seen(state, frozenset(found.decode() for line in self._lines() for found in _SEALED.findall(line)))
        return self._seen.hashes

    def entry(self, sealed: str) -> Erasure | None:
        """What the register says of a hash, or None where it does not name it, or the line cannot be read."""
        for line in self._lines():
            if sealed in (found.decode() for found in _SEALED.findall(line)):
                with contextlib.suppress(IndexError, msgspec.DecodeError):
                    return msgspec.json.decode(line.split(b"\t")[1], type=Erasure)
        return None

    def add(self, erasures: Collection[Erasure]) -> None:
        """Note erasures, those that are noted already left out; on disk when this returns. Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked() as descriptor:
            lines = self._lines()
            known = {found.decode() for line in lines for found in _SEALED.findall(line)}
            os.ftruncate(descriptor, sum(map(len, lines)))  # a torn line was never answered for
            previous = lines[-1].rstrip(b"\n").rpartition(b"\t")[2].decode("ascii", "replace") if lines else GENESIS
            text = b""
            for number, erasure in enumerate((new for new in erasures if new.sealed not in known), len(lines) + 1):
                line = msgspec.json.encode(erasure)
                previous = digest(previous, line)
                text += b"%d\t%s\t%s\n" % (number, line, previous.encode())
            _write_all(descriptor, text)

    def take_in(self, other: Path) -> None:
        """Note what another copy of the register names and this one does not. Raises OSError, msgspec.DecodeError."""
        lines = Register(other)._lines()
        self.add([msgspec.json.decode(line.split(b"\t")[1], type=Erasure) for line in lines])

    def fault(self) -> str | None:
        """What is wrong with the register's chain, or None. A tail cut off at a line's end shows only beside another copy."""
        previous = GENESIS
        for number, text in enumerate(self._lines(), 1):
            parts = text.rstrip(b"\n").split(b"\t")
            if len(parts) != 3 or parts[0] != b"%d" % number or parts[2] != (previous := digest(previous, parts[1])).encode():
                return f"{self._path}: line {number} was changed, or one before it is missing"
        return None

    def _lines(self) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                return [line for line in file if line.endswith(b"\n")]
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        for folder in (self._path.parent, self._path.parent.parent):
            sync_directory(folder)


@cache
def register() -> Register:
    """This server's register."""
    return Register(settings.REGISTER)


def _write_all(descriptor: int, text: bytes) -> None:
    written = os.write(descriptor, text)
    if written != len(text):
        raise OSError(f"only {written} of {len(text)} bytes could be written")
