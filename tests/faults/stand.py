"""One kiosk of a district: the real ledger, courier and contact, at a server in the same process, whose power may go at any moment."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from unittest.mock import patch
from uuid import UUID

from kiosk import contact, rotation
from kiosk.clocks import Clocks, Moment
from kiosk.enrolment import device_key, load_identity
from kiosk.facts import Facts
from kiosk.roster import Roster
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import transaction
from sync.courier import Courier, Step
from sync.entries import Change, Vote, chain, uuid7
from tests.faults.centre import Line

VERSION = "0.1.0"
MOST_ROUNDS = 100
Rating = Literal["satisfied", "dissatisfied"]
RATINGS: list[Rating] = ["satisfied", "dissatisfied"]


class Crashed(BaseException):
    """The power went. No `except Exception` stops it."""


@contextmanager
def power_goes(at: int, *, committed: bool) -> Iterator[None]:
    """At the so-manieth transaction, before its commit or behind it."""
    left, ends = [at], transaction.__exit__

    def cut(self: transaction, kind: object, error: object, trace: object) -> None:
        left[0] -= 1
        if left[0] or kind is not None:
            ends(self, kind, error, trace)
            return
        ends(self, None if committed else Crashed, error, trace)
        raise Crashed

    with patch.object(transaction, "__exit__", cut):
        yield


@dataclass
class Citizens:
    """Who said what. cast: each vote, and what it may be counted as; thanked: the votes that were thanked for."""

    chance: random.Random
    cast: dict[UUID, set[Rating]] = field(default_factory=dict)
    thanked: set[UUID] = field(default_factory=set)


class Stand:
    """A kiosk without its window, on a disk of its own. pruned: what left it because it was old."""

    def __init__(self, folder: Path, line: Line, citizens: Citizens) -> None:
        self.folder = folder
        self.line = line
        self.citizens = citizens
        self.pruned: set[bytes] = set()
        self.start()

    def start(self) -> None:
        clocks = Clocks()
        self.ledger = Ledger(self.folder, clocks)
        identity = load_identity(self.folder)
        assert identity is not None
        former = frozenset(rotation.former_keys(self.folder))
        self.ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
        self.roster = Roster(self.folder, identity.unit, identity.counter)
        self.facts = Facts(self.folder, clocks, self.ledger, self.roster, lambda: None)
        self._contact = contact.Contact(self.line, self.folder, None, VERSION)  # type: ignore[arg-type]
        self._courier = Courier(self.ledger, self._contact, self.facts, self.facts.note, lambda low, high: high)

    def vote(self, *, change: bool = False) -> None:
        """One citizen, who may take another answer at once."""
        vote, (rating, other) = uuid7(), self.citizens.chance.sample(RATINGS, 2)
        self.citizens.cast[vote] = {rating}

        def say(now: Moment) -> Vote:
            return Vote(id=vote, at=now.at, up=now.up, boot=now.boot, officer=self.roster.config.on_duty, rating=rating)

        self.ledger.append(say)
        self.citizens.thanked.add(vote)
        if change:
            self.citizens.cast[vote] = {rating, other}
            self.ledger.append(lambda now: Change(id=uuid7(), at=now.at, up=now.up, boot=now.boot, vote=vote, rating=other))

    def exchange(self) -> Step:
        """Until the courier pauses; no answer may take anything from the disk."""
        before = self.lines()
        for _ in range(MOST_ROUNDS):
            step = self._courier.run_once()
            self.facts.note(step)
            if step.wait_seconds > 0:
                assert before <= self.lines(), "I6: entries are gone from the kiosk"
                return step
        raise AssertionError(f"the kiosk asks on and on: {step}")

    def restart(self) -> None:
        self.ledger.close()
        self.start()

    def crash(self, tear: int = 0) -> None:
        """The disk as it is at this moment, and what comes of it. tear: so many bytes of the journal's last line did not get there."""
        dead = self.folder.with_suffix(".dead")
        copy(self.folder, dead)
        self.ledger.close()
        copy(dead, self.folder)
        if tear:
            newest = max(self.folder.glob("journal/l-*/*.tsv"), key=lambda file: file.stat().st_mtime_ns)
            with newest.open("r+b") as file:
                size = newest.stat().st_size
                last = size - len(newest.read_bytes().splitlines(keepends=True)[-1]) if size else 0
                file.truncate(max(last, size - tear))
        self.start()

    def rotate(self) -> None:
        """A technician asks for another key; it is handed over at the next exchange."""
        rotation.prepare(self.folder)

    def enrol(self, code: str) -> None:
        """A technician enrols it again."""
        contact.enrol(self.line, self.folder, device_key(self.folder), code, VERSION)  # type: ignore[arg-type]
        self.restart()

    def device(self) -> str:
        identity = load_identity(self.folder)
        assert identity is not None
        assert identity.enrolment is not None
        return identity.enrolment.device

    def faults(self) -> Iterator[str]:
        """Where a chain on the disk does not hold."""
        ask = self.ledger._connection.execute
        for ledger in ask("SELECT number, ledger, floor, floor_digest FROM ledgers").fetchall():
            rows = ask("SELECT line, digest FROM entries WHERE number = ? ORDER BY seq", (ledger["number"],)).fetchall()
            if [row["digest"] for row in rows] != chain(ledger["floor_digest"], [row["line"].encode() for row in rows]):
                yield f"the chain of {ledger['ledger']} does not hold"

    def lines(self) -> set[bytes]:
        """Every entry on the disk."""
        return set(self.rows())

    def rows(self) -> list[bytes]:
        """Every entry as often as ledgers of the disk have it: the first of them offers it no more when another carries it on."""
        return [line.encode() for (line,) in self.ledger._connection.execute("SELECT line FROM entries")]


def copy(source: Path, target: Path) -> None:
    """A disk as it is at this moment."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
