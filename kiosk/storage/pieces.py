"""Putting a ledger together again from everything that can be read of it: the chain of digests says what follows from what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kiosk.storage.journal import Record, every_line, read_floor
from kiosk.storage.salvage import Pages, entries, ledgers
from sync.entries import GENESIS, AnyEntry, Closed, Malformed, Opened, decode_entry, digest


class Recovered(NamedTuple):
    """A ledger as far as it could be put together.

    floor: seq and digest behind which `chain` begins, and the ledger's first line. strays: readable entries behind a hole.
    missing: how many entries are known to have been, and are not in `chain`, `strays` or behind the floor.
    """

    name: str
    floor: Record
    chain: list[Record]
    strays: list[Record]
    missing: int
    acked: int
    carried_after: int

    @property
    def end(self) -> Record:
        return self.chain[-1] if self.chain else self.floor

    @property
    def opened(self) -> Opened | None:
        return opened_by(self.floor.line)


@dataclass
class Pieces:
    """All that was found of one ledger.

    order: which database numbered it, and how. rows: by seq, the journal's first. floors: what the database said of the floor.
    """

    name: str
    order: tuple[int, int] | None = None
    rows: dict[int, list[Record]] = field(default_factory=dict)
    journal_floor: Record | None = None
    floors: list[Record] = field(default_factory=list)
    acked: int = 0
    carried_after: int | None = None

    def add(self, record: Record) -> None:
        there = self.rows.setdefault(record.seq, [])
        if record not in there:
            there.append(record)

    def recover(self) -> Recovered:
        """The longest chain from the ledger's beginning or one of its floors, and what is left over."""
        opened = self._opened()
        if opened:
            self.add(Record(1, opened, digest(GENESIS, opened)))
        floor, chain = self._longest()
        end = floor.seq + len(chain)
        behind = [stray for seq in sorted(self.rows) if seq > end and (stray := self._stray(seq)) is not None]
        strays = [stray for stray in behind if not is_about_its_ledger(stray.line)]
        highest = max(end, self.acked, max(self.rows, default=0))
        carried_after = end if self.carried_after is None else min(end, self.carried_after)
        missing = highest - end - len(behind)
        return Recovered(self.name, floor._replace(line=opened), chain, strays, missing, min(self.acked, end), carried_after)

    def _opened(self) -> bytes:
        firsts = [record.line for record in self.rows.get(1, []) if record.digest == digest(GENESIS, record.line)]
        lines = [*firsts, *(floor.line for floor in [self.journal_floor, *self.floors] if floor)]
        return next((line for line in lines if (opened := opened_by(line)) is not None and opened.ledger == self.name), b"")

    def _longest(self) -> tuple[Record, list[Record]]:
        floors = [floor for floor in (self.journal_floor, *self.floors) if floor and floor.seq]
        found = [(start, self._chain(start)) for start in [Record(0, b"", GENESIS), *floors]]
        sure = [(start, chain) for start, chain in found if chain or self._is_sure(start)]
        return max(sure, key=lambda one: one[0].seq + len(one[1]))

    def _is_sure(self, floor: Record) -> bool:
        """Whether to believe in a floor with nothing behind it: a damaged one may say anything."""
        if floor.seq == 0 or not self.rows:
            return True
        there = any(record.digest == floor.digest for record in self.rows.get(floor.seq, ()))
        twice = self.journal_floor is not None and any(one[::2] == self.journal_floor[::2] == floor[::2] for one in self.floors)
        return there or twice

    def _chain(self, start: Record) -> list[Record]:
        chain: list[Record] = []
        end = start
        while (following := self._following(end)) is not None:
            chain.append(following)
            end = following
        return chain

    def _following(self, end: Record) -> Record | None:
        return next((record for record in self.rows.get(end.seq + 1, ()) if record.digest == digest(end.digest, record.line)), None)

    def _stray(self, seq: int) -> Record | None:
        """The record at a seq behind a hole: one that follows from the one before it, else one that can at least be understood."""
        before, here = self.rows.get(seq - 1, ()), self.rows[seq]
        sure = (record for record in here for one in before if record.digest == digest(one.digest, record.line))
        return next(sure, None) or next((record for record in here if _understood(record.line) is not None), None)


def opened_by(line: bytes) -> Opened | None:
    """The `opened` entry in a line, if it is one."""
    entry = _understood(line)
    return entry if isinstance(entry, Opened) else None


def gather(databases: Iterable[Path], journals: Iterable[Path]) -> list[Pieces]:
    """Everything that can be read of each ledger, in the order in which they were opened, as far as that is known."""
    found: dict[str, Pieces] = {}
    for folder in journals:
        pieces = found.setdefault(folder.name, Pieces(folder.name))
        for record in every_line(folder):
            pieces.add(record)
        pieces.journal_floor = read_floor(folder)
    for index, database in enumerate(databases):
        _gather_from(Pages(database), index, found)
    return sorted(found.values(), key=lambda pieces: (pieces.order is None, pieces.order or (), pieces.name))


def _gather_from(pages: Pages, index: int, found: dict[str, Pieces]) -> None:
    names: dict[int, str] = {}
    for row in ledgers(pages):
        names[row.number] = row.name
        pieces = found.setdefault(row.name, Pieces(row.name))
        pieces.order = (index, row.number)
        pieces.acked = max(pieces.acked, row.acked)
        pieces.carried_after = row.carried_after if pieces.carried_after is None else pieces.carried_after
        if row.floor not in pieces.floors:
            pieces.floors.append(row.floor)
    rows: dict[int, list[Record]] = {}
    for number, record in entries(pages, pages.chunks()):
        rows.setdefault(number, []).append(record)
    for number, records in rows.items():
        name = names.get(number) or _name_of(records, found)
        if name:
            pieces = found.setdefault(name, Pieces(name))
            pieces.order = (index, number)
            for record in records:
                pieces.add(record)


def _name_of(records: list[Record], found: dict[str, Pieces]) -> str | None:
    """Whose rows they are: their first line says it, or a journal that has one of them."""
    for record in records:
        if record.seq == 1 and (opened := opened_by(record.line)) is not None:
            return opened.ledger
    return next((name for name, pieces in found.items() if any(record in pieces.rows.get(record.seq, ()) for record in records)), None)


def _understood(line: bytes) -> AnyEntry | None:
    try:
        return decode_entry(line)
    except Malformed:
        return None


def is_about_its_ledger(line: bytes) -> bool:
    """Whether a line begins or ends a ledger: no other takes it over."""
    return isinstance(_understood(line), Opened | Closed)
