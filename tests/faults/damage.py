"""A kiosk's data folder, what can be broken of it, and what stays readable then, found without any code of the kiosk's."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.clocks import Clocks
from kiosk.enrolment import device_key, store_enrolment
from kiosk.storage.ledger import Ledger
from sync.entries import Malformed, Vote, decode_entry
from sync.wire import Enrolment, Place
from tests.faults.stage import MEMORY
from tests.faults.voter import BINDING, acknowledge, cast, vote_number

BLOCK = 512
BEFORE_THE_LINE = 14  # bytes of a row's own header, at most, without which its line is nobody's


@dataclass(frozen=True)
class Kiosk:
    """The folder of a kiosk whose power went: database, WAL and journal are all in use. votes: how many were thanked for."""

    folder: Path
    votes: int

    @property
    def database(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def wal(self) -> Path:
        return self.folder / "ledger.db-wal"

    @property
    def journals(self) -> list[Path]:
        return sorted((self.folder / "journal").glob("l-*/*.tsv"))

    @contextmanager
    def copied(self) -> Iterator["Kiosk"]:
        """The same on a disk of its own, to be broken."""
        with TemporaryDirectory(dir=MEMORY) as name:
            yield Kiosk(Path(shutil.copytree(self.folder, Path(name) / "data")), self.votes)


def a_kiosk(folder: Path, closed_after: int, votes: int, first: int = 0) -> Kiosk:
    """A kiosk that ended well after some votes, and whose power went after more. first: the number of its first vote."""
    running = folder / "running"
    device_key(running)
    place, counter = Place(BINDING.unit, "Phường 1"), Place(BINDING.counter, "Quầy 1")
    enrolment = Enrolment(device="d-1", signing_key="0" * 64, sealing_key="0" * 64, unit=place, counter=counter, config="0" * 64)
    store_enrolment(running, enrolment)
    for life, numbers in enumerate((range(first, first + closed_after), range(first + closed_after, first + votes))):
        ledger = Ledger(running, Clocks())
        ledger.bind(BINDING)
        for number in numbers:
            cast(ledger, number)
        acknowledge(ledger)
        if life:
            shutil.copytree(running, folder / "data")
        ledger.close()
    return Kiosk(folder / "data", votes)


def random_blocks(chance: random.Random, file: Path, count: int) -> None:
    """So many blocks of a file are noise."""
    data = bytearray(file.read_bytes())
    for _ in range(count):
        at = chance.randrange(max(1, -(-len(data) // BLOCK))) * BLOCK
        data[at : at + BLOCK] = chance.randbytes(min(BLOCK, len(data) - at))
    file.write_bytes(data)


def truncate(chance: random.Random, file: Path) -> None:
    """A file ends anywhere."""
    file.write_bytes(file.read_bytes()[: chance.randrange(file.stat().st_size)])


def flip(file: Path, at: int) -> None:
    """One byte of a file is another."""
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)


def readable(whole: Kiosk, broken: Kiosk) -> tuple[set[int], int]:
    """The votes of which a whole row or a whole line of the journal is left, and how many entries before the last such are not."""
    votes, seqs = set(), set()
    for seq, line, digest in _lines(whole):
        text = b"%d\t%s\t%s\n" % (seq, line, digest)
        journaled = any(written == text for file in broken.journals for written in file.read_bytes().splitlines(keepends=True))
        if journaled or any(_has_row(ours, theirs, line + digest) for ours, theirs in _databases(whole, broken)):
            seqs.add(seq)
            votes |= _vote_of(line)
    return votes, max(seqs, default=0) - len(seqs)


def _lines(kiosk: Kiosk) -> Iterator[tuple[int, bytes, bytes]]:
    for file in kiosk.journals:
        for text in file.read_bytes().splitlines():
            seq, line, digest = text.split(b"\t")
            yield int(seq), line, digest


def _databases(whole: Kiosk, broken: Kiosk) -> Iterator[tuple[bytes, bytes]]:
    for ours, theirs in ((whole.database, broken.database), (whole.wal, broken.wal)):
        if theirs.exists():
            yield ours.read_bytes(), theirs.read_bytes()


def _has_row(whole: bytes, broken: bytes, row: bytes) -> bool:
    at = whole.find(row)
    while at >= 0:
        start, end = at - BEFORE_THE_LINE, at + len(row)
        if broken[start:end] == whole[start:end]:
            return True
        at = whole.find(row, at + 1)
    return False


def _vote_of(line: bytes) -> set[int]:
    try:
        entry = decode_entry(line)
    except Malformed:
        return set()
    return {vote_number(entry.id)} if isinstance(entry, Vote) else set()
