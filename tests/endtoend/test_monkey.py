"""T34: whatever a monkey touches, the kiosk stays up and in front, a turn is one vote, and every vote that was thanked for is there."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Ledger
from sync.entries import Vote, decode_entry
from sync.pins import hash_pin
from sync.wire import KioskConfig, Officer, Place
from tests.endtoend.conftest import SEALING
from tests.endtoend.journal import said
from tests.endtoend.monkey import Monkey
from tests.faults import scale
from tests.faults.report import report
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.pointer import Pointer
from tests.stage.watched import Turn, WatchedKiosk

pytestmark = pytest.mark.endtoend

CONTROL_EVENTS = 5000
OFFICERS = [Officer(f"o-{number}", f"Cán bộ {number}", "Công chức", pin=hash_pin("2580")) for number in range(8)]
CONFIG = KioskConfig(
    unit=Place("u-1", "Phường Thái Hòa"), counter=Place("c-1", "Quầy 3"), officers=OFFICERS, on_duty=None, without_officer="rest"
)


class Found(NamedTuple):
    """What the turns and the ledger say of each other. lost, doubled: votes. wrong: what else must not be."""

    thanked: int
    lost: int
    doubled: int
    wrong: list[str]


@contextmanager
def a_monkey(folder: Path, *options: str) -> Iterator[tuple[WatchedKiosk, Monkey]]:
    """A monkey before a kiosk, where citizens can comment, officers can sign in, and which rests while nobody is on duty."""
    sealing = SEALING.public_key.encode().hex()
    with (
        VirtualDisplay() as display,
        Pointer(display.name) as pointer,
        WatchedKiosk(folder, display, CONFIG, sealing, "--hurried", *options) as kiosk,
    ):
        yield kiosk, Monkey(scale.chance("T34", *options), pointer, kiosk)


def take_a_vote(kiosk: WatchedKiosk) -> None:
    """A citizen after the monkey: the turn it left comes to its end, and there is one more."""
    kiosk.listen()
    before = len(kiosk.turns)

    def voted() -> bool:
        kiosk.listen()
        if kiosk.screen == "REST":
            kiosk.display.tap(5, 5)
        elif kiosk.screen == "ASK":
            kiosk.display.tap(*kiosk.satisfied)
        return any(turn.votes for turn in kiosk.turns[before:])

    wait_until(voted, "a citizen can vote", 30)

    def over() -> bool:
        kiosk.listen()
        return kiosk.screen in ("ASK", "REST")

    wait_until(over, "the turn ends", 30)


def judged(kiosk: WatchedKiosk) -> Found:
    """Every turn against the journal, the database, and what else a turn may say of its vote."""
    kiosk.listen()
    with closing(Ledger(kiosk.data, Clocks())):  # a start looks at every digest
        pass
    with closing(sqlite3.connect(kiosk.data / "ledger.db")) as connection:
        entries = [decode_entry(line.encode()) for (line,) in connection.execute("SELECT line FROM entries")]
    in_database = Counter(str(entry.id) for entry in entries if isinstance(entry, Vote))
    in_journal = Counter(entry["id"] for entry in said(kiosk, "vote"))
    answered = [turn for turn in kiosk.turns if "WHY" in turn.screens]
    given = Counter(vote for turn in answered for vote in turn.votes)
    wrong = [f"more than one {kind} of a vote" for kind in ("change", "reasons", "comment") if not once(kiosk, kind)]
    if in_database != in_journal:
        wrong.append("journal and database differ")
    if any("SORRY" in turn.screens for turn in kiosk.turns):
        wrong.append("a citizen was told that nothing could be recorded")
    if [number for number, turn in enumerate(answered) if not turn.votes]:
        wrong.append("reasons without a vote")
    lost = len(given - in_database)
    doubled = sum((in_database - given).values()) + sum(len(turn.votes) - 1 for turn in answered)
    log = kiosk.log.read_text()
    wrong += [f"{word!r} in the log" for word in ("in the window", "Traceback") if word in log]
    return Found(sum(has_thanks(turn) for turn in answered), lost, doubled, wrong)


def once(kiosk: WatchedKiosk, kind: str) -> bool:
    of_votes = [entry["vote"] for entry in said(kiosk, kind)]
    return len(of_votes) == len(set(of_votes))


def has_thanks(turn: Turn) -> bool:
    return "THANKS" in turn.screens


@pytest.mark.fault("T34")
def test_whatever_a_monkey_touches_a_turn_is_one_vote_and_the_kiosk_stays(tmp_path: Path) -> None:
    events = scale.how_many(ci=1000, long=20000)
    with a_monkey(tmp_path) as (kiosk, monkey):
        monkey.play(events)
        take_a_vote(kiosk)
        code = kiosk.stop()
    found = judged(kiosk)
    screens = Counter(screen for turn in kiosk.turns for screen in turn.screens)
    came_to = ", ".join(f"{count} × {screen}" for screen, count in sorted(screens.items()))
    report("T34", cases=monkey.events, lost=found.lost, doubled=found.doubled, control=f"(cases are events; {came_to})")
    assert code == 0
    assert found[1:] == (0, 0, [])
    assert found.thanked > 0


@pytest.mark.fault("T34")
def test_control_a_kiosk_that_counts_a_second_finger_is_caught(tmp_path: Path) -> None:
    with a_monkey(tmp_path, "--careless") as (kiosk, monkey):

        def caught() -> bool:
            return any(len(turn.votes) > 1 for turn in kiosk.turns)

        monkey.play(CONTROL_EVENTS, until=caught)
        take_a_vote(kiosk)
        kiosk.stop()
    doubled = judged(kiosk).doubled
    report("T34", cases=0, lost=0, doubled=0, control=f"a second finger votes: {doubled} doubled after {monkey.events} events")
    assert doubled > 0
