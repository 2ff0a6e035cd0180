"""A kiosk's process without its window: the real ledger, and a word for every vote once its citizen may be thanked.

    python -m tests.faults.voter FOLDER --votes 60 --acknowledge-every 20

It says, a line each: `ready` when votes can be taken, `thanked 7`, `sorry 7` (on no disk), `old 7` (up to there the server has them
for so long that they may leave), `closed`. It speaks by writev, which nothing
else here uses, so that a test may break every other write. The id of vote n is made from n, so what is found can be told from
what was never cast.
"""

import argparse
import ctypes
import logging
import os
import select
import signal
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import kiosk.storage.database
import kiosk.storage.journal
from kiosk.clocks import Clocks, Moment
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.storage.retention import KEPT_DAYS
from sync.entries import Vote, chain
from sync.wire import Acked

BINDING = Binding(device="ab" * 32, unit="u-1", counter="c-1")
NEXT_DOOR = replace(BINDING, counter="c-2")
FOREVER = 10**9
_PR_SET_PTRACER = 0x59616D61
_FIRST_ID = 0x0190_0000_0000  # the milliseconds of a UUIDv7


@dataclass(frozen=True)
class Plan:
    """What a voter does. first: number of its first vote. lives: how often it closes and opens the ledger, the votes shared out.

    acknowledge_every, branch_every, move_every: after so many votes each, a receipt covers half of what is pending; the ledger
    branches where the receipts end; the kiosk moves to the counter next door, and back. prune_every: receipts cover everything,
    and so much time goes by that it may leave the kiosk.
    broken: what is broken on purpose, for controls: `normal` (synchronous=NORMAL), `journal` (never synced),
    `late` (thanks at once, records five at a time), `anyway` (thanks although nothing was recorded).
    """

    folder: Path
    first: int = 0
    votes: int = FOREVER
    lives: int = 1
    acknowledge_every: int = 0
    branch_every: int = 0
    move_every: int = 0
    prune_every: int = 0
    broken: tuple[str, ...] = ()


@dataclass
class Said:
    """What was heard from voters."""

    thanked: set[int] = field(default_factory=set)
    sorry: set[int] = field(default_factory=set)
    old: int = -1
    ready: bool = False

    @property
    def kept(self) -> set[int]:
        """The votes that must be on the kiosk."""
        return {number for number in self.thanked if number > self.old}

    def hear(self, text: bytes) -> None:
        """Take in whole lines; what a cut left of a line is nothing said."""
        for line in text[: text.rfind(b"\n") + 1].splitlines():
            word, _, number = line.partition(b" ")
            if word == b"ready":
                self.ready = True
            elif word == b"old":
                self.old = max(self.old, int(number))
            elif word in (b"thanked", b"sorry"):
                (self.thanked if word == b"thanked" else self.sorry).add(int(number))


def vote_id(number: int) -> UUID:
    """The id of the vote with a number: a UUIDv7 that holds it."""
    return UUID(int=(_FIRST_ID + number) << 80 | 0x7 << 76 | 0x2 << 62)


def vote_number(vote: UUID) -> int:
    """Which vote has this id."""
    return (vote.int >> 80) - _FIRST_ID


def cast(ledger: Ledger, number: int) -> None:
    """Vote. Raises `NotRecorded`."""

    def make(now: Moment) -> Vote:
        return Vote(id=vote_id(number), at=now.at, up=now.up, boot=now.boot, officer="o-1", rating="satisfied")

    ledger.append(make)


def acknowledge(ledger: Ledger, parts: int = 2) -> None:
    """Take a part of what is pending, by default half, for covered by a receipt."""
    pending = ledger.pending()
    part = pending.lines[: -(-len(pending.lines) // parts)]
    if part:
        ledger.acknowledge(Acked(pending.ledger, pending.first + len(part) - 1, chain(pending.previous, part)[-1]))


def branch(ledger: Ledger) -> None:
    """Take the server for one that disagrees behind what it has acknowledged."""
    newest = ledger.held()[-1]
    digest = ledger.digest_at(newest.ledger, newest.acked)
    if digest is not None:
        ledger.branch(Acked(newest.ledger, newest.acked, digest))


def move(ledger: Ledger) -> None:
    """The configuration names the other counter."""
    ledger.move(NEXT_DOOR if ledger.binding == BINDING else BINDING)


def grow_old(ledger: Ledger, number: int, speech: int) -> None:
    """Everything up to a vote is covered by receipts, and then so old that it leaves."""
    while ledger.waiting():
        acknowledge(ledger, parts=1)
    _say(speech, f"old {number}")
    day = date(2026, 1, 1) + timedelta(days=2 * KEPT_DAYS * (number + 1))
    ledger.keep_house(day)
    ledger.keep_house(day + timedelta(days=KEPT_DAYS))


def run(plan: Plan, speech: int) -> None:
    """Be the voter. speech: the descriptor that it speaks to."""
    if "normal" in plan.broken:
        kiosk.storage.database.PRAGMAS["synchronous"] = 1
    if "journal" in plan.broken:
        kiosk.storage.journal._sync = lambda descriptor: None
    numbers = range(plan.first, plan.first + plan.votes)
    share = -(-len(numbers) // plan.lives)
    for life in range(plan.lives):
        ledger = Ledger(plan.folder, Clocks())
        ledger.bind(BINDING)
        _say(speech, "ready")
        if not _take(ledger, numbers[life * share : (life + 1) * share], plan, speech):
            return
        ledger.close()
        _say(speech, "closed")


def _take(ledger: Ledger, numbers: Iterable[int], plan: Plan, speech: int) -> bool:
    """Take the votes; False when the disk has failed for good."""
    failures = 0
    if "late" in plan.broken:
        _take_late(ledger, numbers, speech)
        return True
    for number in numbers:
        try:
            cast(ledger, number)
            _say(speech, f"thanked {number}")
        except NotRecorded:
            _say(speech, f"{'thanked' if 'anyway' in plan.broken else 'sorry'} {number}")
            failures += 1
            if failures > 20:
                return False
        with suppress(NotRecorded, OSError, sqlite3.Error):  # the courier's trouble, not the citizen's
            _between_votes(ledger, number, plan)
            if plan.prune_every and number % plan.prune_every == plan.prune_every - 1:
                grow_old(ledger, number, speech)
    return True


def _between_votes(ledger: Ledger, number: int, plan: Plan) -> None:
    for every, act in ((plan.acknowledge_every, acknowledge), (plan.branch_every, branch), (plan.move_every, move)):
        if every and number % every == every - 1:
            act(ledger)


def _take_late(ledger: Ledger, numbers: Iterable[int], speech: int) -> None:
    waiting = []
    for number in numbers:
        _say(speech, f"thanked {number}")
        waiting.append(number)
        if len(waiting) == 5:
            for late in waiting:
                cast(ledger, late)
            waiting.clear()


def _say(speech: int, line: str) -> None:
    os.writev(speech, [f"{line}\n".encode()])


@dataclass(frozen=True)
class Life:
    """Until so many citizens were thanked, and then some seconds."""

    votes: int
    seconds: float


def lives(chance: Random, count: int) -> list[Life]:
    """One in four ends at the start, the others in the middle of voting, however busy the machine is."""
    return [
        Life(0, chance.uniform(0, 0.1)) if chance.random() < 0.25 else Life(chance.randint(1, 50), chance.uniform(0, 0.003))
        for _ in range(count)
    ]


class Forked:
    """A voter in a process of its own, a copy of this one: it votes within a millisecond.

    attach: is given its process id before it begins, to watch it or to tamper with it.
    """

    def __init__(self, plan: Plan, attach: Callable[[int], None] | None = None, work: Callable[[Plan, int], None] = run) -> None:
        self._ear, mouth = os.pipe()
        gate, key = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(self._ear)
                os.close(key)
                ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)  # Yama lets only parents attach otherwise
                os.read(gate, 1)
                logging.disable()
                work(plan, mouth)
            finally:
                os._exit(0)
        os.close(mouth)
        os.close(gate)
        self._text = b""
        try:
            if attach is not None:
                attach(self._pid)
        finally:
            os.close(key)

    def heard(self) -> bytes:
        """All that was said so far."""
        os.set_blocking(self._ear, False)
        with suppress(BlockingIOError):
            while text := os.read(self._ear, 1 << 16):
                self._text += text
        return self._text

    def live(self, life: Life) -> None:
        """Let it vote for as long as it lives."""
        while self.heard().count(b"thanked") < life.votes:
            if not select.select([self._ear], [], [], 60)[0]:
                raise TimeoutError("the voter says nothing")
        time.sleep(life.seconds)

    def kill(self) -> bytes:
        """End it by SIGKILL; all that it ever said."""
        os.kill(self._pid, signal.SIGKILL)
        return self.ended()

    def ended(self) -> bytes:
        """Wait until it is done, or killed; all that it ever said."""
        os.set_blocking(self._ear, True)
        while text := os.read(self._ear, 1 << 16):
            self._text += text
        os.waitpid(self._pid, 0)
        os.close(self._ear)
        return self._text


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for name in ("first", "votes", "lives", "acknowledge-every", "branch-every", "move-every", "prune-every"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name.replace("-", "_")))
    parser.add_argument("--broken", nargs="*", default=())
    logging.disable()
    chosen = vars(parser.parse_args())
    run(Plan(**{**chosen, "broken": tuple(chosen["broken"])}), 1)


if __name__ == "__main__":
    main()
