"""What must hold after every fault, looked at from outside: the real ledger is opened and votes again; then plain SQL and plain text."""

import logging
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.clocks import Clocks
from kiosk.storage.database import AlreadyRunning
from kiosk.storage.ledger import Ledger
from kiosk.storage.open_ledger import NotRecorded
from sync.entries import GENESIS, Opened, Vote, decode_entry, digest
from tests.faults.voter import BINDING, cast, vote_number

TAKES_VOTES_AGAIN_WITHIN = 5.0  # seconds
AFTERWARDS = 10**8  # numbers of the votes that are cast to see whether votes are taken again


@dataclass(frozen=True)
class Verdict:
    """lost: votes thanked for and not there. doubled: votes there twice. wrong: what else must not be. thanked: how many were."""

    lost: int
    doubled: int
    wrong: tuple[str, ...]
    thanked: int = 0

    def named(self, case: object) -> "Verdict":
        """The same; where anything is not as it must be, the case is named among what is wrong."""
        return replace(self, wrong=(*self.wrong, f"in {case}")) if self.lost or self.doubled or self.wrong else self


@dataclass(frozen=True)
class Totals:
    """Several verdicts together. losing: in how many cases votes were lost. thanked: votes, in all cases together."""

    cases: int
    lost: int
    doubled: int
    losing: int
    thanked: int
    wrong: tuple[str, ...]


def total(verdicts: Iterable[Verdict]) -> Totals:
    """All verdicts of a run as one, each wrong thing named once."""
    found = list(verdicts)
    wrong = dict.fromkeys(text for verdict in found for text in verdict.wrong)
    losing = sum(verdict.lost > 0 for verdict in found)
    return Totals(
        len(found), sum(v.lost for v in found), sum(v.doubled for v in found), losing, sum(v.thanked for v in found), tuple(wrong)[:20]
    )


def examine(folder: Path, thanked: Collection[int], cast_below: int, afterwards: int = AFTERWARDS) -> Verdict:
    """Start the kiosk's ledger once more, and look. thanked: numbers of votes; every number from `cast_below` was never cast.

    afterwards: the number of the vote that is cast now, to see that votes are taken again.
    """
    started = time.monotonic()
    try:
        with _quiet(), closing(Ledger(folder, Clocks())) as ledger:
            ledger.bind(BINDING)
            cast(ledger, afterwards)
            took = time.monotonic() - started
            acked = [held for held in ledger.held() if not held.floor <= held.acked <= held.last]
    except (AlreadyRunning, NotRecorded, LookupError, OSError, ValueError, sqlite3.Error) as error:
        return Verdict(len(thanked), 0, (f"takes no votes: {type(error).__name__}: {error}",), len(thanked))
    wrong = [f"took votes again only after {took:.1f} s"] if took > TAKES_VOTES_AGAIN_WITHIN else []
    wrong += [f"acked is beyond what is there: {held}" for held in acked]
    return _look(folder, {*thanked, afterwards}, cast_below, wrong)


@contextmanager
def _quiet() -> Iterator[None]:
    """Mending says what it does: thousands of times, in a run of faults."""
    kiosk = logging.getLogger("kiosk")
    level = kiosk.level
    kiosk.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        kiosk.setLevel(level)


def _look(folder: Path, thanked: Collection[int], cast_below: int, wrong: list[str]) -> Verdict:
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        ledgers = connection.execute("SELECT number, ledger, floor, floor_digest FROM ledgers ORDER BY number").fetchall()
        tables = {
            name: connection.execute(
                "SELECT seq, line, digest FROM entries WHERE number = ? AND seq > ? ORDER BY seq", (number, floor)
            ).fetchall()
            for number, name, floor, _ in ledgers
        }
    digests: dict[tuple[str, int], str] = {}
    copies: dict[int, list[tuple[str, str]]] = {}
    for _, name, floor, floor_digest in ledgers:
        wrong += _chain(f"the database's {name}", tables[name], floor, floor_digest)
        wrong += _journal(folder / "journal" / name, tables[name], floor)
        digests |= {(name, 0): GENESIS, (name, floor): floor_digest} | {(name, seq): end for seq, _, end in tables[name]}
        for seq, line, _ in tables[name]:
            entry = decode_entry(line.encode())
            if isinstance(entry, Opened) and seq == 1 and entry.parent is not None:
                parent = entry.parent
                if digests.get((parent.ledger, parent.seq)) not in (parent.digest, None):
                    wrong.append(f"{name} names a parent that is not so")
            if isinstance(entry, Vote):
                copies.setdefault(vote_number(entry.id), []).append((name, line))
    wrong += [f"vote {number} was never cast" for number in copies if not 0 <= number < cast_below and number < AFTERWARDS]
    return Verdict(len(set(thanked) - set(copies)), sum(map(_twice, copies.values())), tuple(wrong), len(thanked) - 1)


def _twice(copies: list[tuple[str, str]]) -> bool:
    """A line that another ledger carries on is the same bytes with the same id, and counts once."""
    return len({line for _, line in copies}) > 1 or len({name for name, _ in copies}) < len(copies)


def _chain(what: str, rows: list[tuple[int, str, str]], seq: int, previous: str) -> list[str]:
    for found, line, end in rows:
        if found != seq + 1 or end != digest(previous, line.encode()):
            return [f"the chain of {what} breaks at {found}"]
        seq, previous = found, end
    return []


def _journal(folder: Path, table: list[tuple[int, str, str]], floor: int) -> list[str]:
    """The journal has what the database has, byte for byte."""
    journaled = {}
    for file in sorted(folder.glob("*.tsv")):
        for text in file.read_bytes().split(b"\n")[:-1]:
            try:
                seq, line, end = text.decode("utf-8").split("\t")
                journaled[int(seq)] = (int(seq), line, end)
            except ValueError:
                return [f"the journal of {folder.name} has a line that is none: {text[:40]!r}"]
    missing = [row[0] for row in table if journaled.get(row[0]) != row]
    wrong = [f"the journal of {folder.name} lacks or contradicts {missing[:3]}"] if missing else []
    last = table[-1][0] if table else floor
    beyond = sorted(seq for seq in journaled if seq > last)
    return wrong + ([f"the database of {folder.name} lacks {beyond[:3]} of the journal"] if beyond else [])
