"""A whole kiosk without its window, as a process: an enrolled data folder, citizens at random, the real ledger and courier.

    python -m tests.faults.counter FOLDER ADDRESS SAID [--broken late]

It appends to the file SAID, a line each: `cast <id>` before a vote is recorded, `thanked <id>` once it is, `sorry <id>` where it
cannot be. When SAID.stop exists it takes no more votes, and ends once the server has everything. Waits are cut to a second.
"""

import argparse
import logging
import os
import random
import threading
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from kiosk import RELEASED, __version__
from kiosk.clocks import Clocks, Moment
from kiosk.contact import Contact
from kiosk.enrolment import load_identity
from kiosk.facts import Facts
from kiosk.roster import Roster
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from sync.courier import Courier
from sync.entries import Vote, uuid7
from sync.http import Wire
from sync.watch import Limits, Watch

LONGEST_WAIT_SECONDS = 1.0
SECONDS_BETWEEN_VOTES = 0.1
LIMITS = Limits(connect_seconds=1, read_seconds=2, whole_seconds=4)
LATE = 5


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("address")
    parser.add_argument("said", type=Path)
    parser.add_argument("--broken", choices=["late"], help="thanks at once, and records five at a time")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    identity = load_identity(chosen.folder)
    assert identity is not None, "this folder is not enrolled"
    clocks = Clocks()
    ledger = Ledger(chosen.folder, clocks)
    ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id))
    roster = Roster(chosen.folder, identity.unit, identity.counter)
    contact = Contact(Wire(chosen.address, released=RELEASED, watch=Watch(LIMITS)), chosen.folder, None, __version__)
    facts = Facts(chosen.folder, clocks, ledger, roster, lambda: None)
    courier = Courier(ledger, contact, facts, facts.note)
    ended = threading.Event()

    def carry() -> None:
        while not ended.is_set():
            step = courier.run_once()
            facts.note(step)
            ended.wait(min(step.wait_seconds, LONGEST_WAIT_SECONDS))

    courier_thread = threading.Thread(target=carry, daemon=True)
    courier_thread.start()
    _take_votes(Citizens(ledger, roster, chosen.said, late=chosen.broken == "late"), chosen.said.with_suffix(".stop"))
    while ledger.waiting():
        time.sleep(0.1)
    ended.set()
    courier_thread.join()
    ledger.close()


class Citizens:
    """Who votes here, and what is said to them."""

    def __init__(self, ledger: Ledger, roster: Roster, said: Path, *, late: bool) -> None:
        self._ledger = ledger
        self._roster = roster
        self._late = late
        self._promised: list[UUID] = []
        self._mouth = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def one(self) -> None:
        """One citizen votes."""
        vote = uuid7()
        self._say("cast", vote)
        if self._late:
            self._promise(vote)
            return
        try:
            self._record(vote)
        except NotRecorded:
            self._say("sorry", vote)
        else:
            self._say("thanked", vote)

    def _promise(self, vote: UUID) -> None:
        self._say("thanked", vote)
        self._promised.append(vote)
        if len(self._promised) == LATE:
            with suppress(NotRecorded):
                for promised in self._promised:
                    self._record(promised)
            self._promised.clear()

    def _record(self, vote: UUID) -> None:
        officer = self._roster.config.on_duty

        def make(now: Moment) -> Vote:
            rating = "satisfied" if vote.int % 5 else "dissatisfied"
            return Vote(id=vote, at=now.at, up=now.up, boot=now.boot, officer=officer, rating=rating)  # type: ignore[arg-type]

        self._ledger.append(make)

    def _say(self, word: str, vote: UUID) -> None:
        os.write(self._mouth, f"{word} {vote}\n".encode())


def _take_votes(citizens: Citizens, stop: Path) -> None:
    while not stop.exists():
        citizens.one()
        time.sleep(random.expovariate(1 / SECONDS_BETWEEN_VOTES))


if __name__ == "__main__":
    main()
