"""Schedules for a district: drawn at random, played in a process of its own, and made as short as they stay bad."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.centre import begin, enrolled
from tests.faults.district import District
from tests.faults.invariants import Verdict
from tests.faults.stand import copy

WEIGHTS = {
    "vote": 8,
    "change": 3,
    "exchange": 8,
    "lose": 6,
    "arrive": 3,
    "restart": 1,
    "crash": 3,
    "crash_in_exchange": 3,
    "move": 2,
    "clone": 2,
    "image": 3,
    "roll_back": 3,
    "back_up": 3,
    "restore": 3,
    "prune": 3,
    "rotate": 2,
    "rotate_server": 1,
    "rebuild": 1,
}
LONGEST = 30
KIOSKS = 2
ENTRIES_PER_FILE = 4  # of the journals, so that some are pruned
Schedule = list[tuple[str, int]]


class Case(NamedTuple):
    """A schedule. root: the folder of all processes, with the district in it. broken: a rule broken on purpose, or nothing."""

    root: Path
    number: int
    schedule: Schedule
    broken: str = ""


def drawn(chance: random.Random) -> Schedule:
    """What happens, each with a number that says to whom and how."""
    names = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=chance.randint(3, LONGEST))
    return [(name, chance.randrange(64)) for name in names]


def prepared(root: Path) -> None:
    """Make the district as every schedule finds it."""
    begin(root)
    enrolled(root / "template", KIOSKS)


def in_a_district(case: Case, judge: Callable[[District], Verdict]) -> Verdict:
    """Play the schedule, and let it be judged; whatever fails is part of the verdict."""
    begin(case.root)
    folder = case.root / f"district-{os.getpid()}"
    copy(case.root / "template", folder)
    district = District(folder, case.number)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("kiosk.storage.journal.ENTRIES_PER_FILE", ENTRIES_PER_FILE)
            patched.setattr("kiosk.storage.retention.ENTRIES_PER_FILE", ENTRIES_PER_FILE)
            for action, number in case.schedule:
                getattr(district, action)(number)
            return judge(district)
    except Exception as error:  # whatever it is, it belongs to this schedule
        return Verdict(0, 0, (f"{type(error).__name__}: {error}",), len(district.citizens.thanked))
    finally:
        district.close()


def is_right(verdict: Verdict) -> bool:
    """Whether everything is as it must be."""
    return not (verdict.lost or verdict.doubled or verdict.wrong)


def shrunk(case: Case, play: Callable[[Case], Verdict]) -> tuple[Schedule, Verdict]:
    """The bad schedule without each action that it does not need to be bad, and what became of it."""
    schedule, verdict = case.schedule, play(case)
    at = len(schedule)
    while at:
        at -= 1
        shorter = [*schedule[:at], *schedule[at + 1 :]]
        found = play(case._replace(schedule=shorter))
        if not is_right(found):
            schedule, verdict, at = shorter, found, min(at, len(shorter))
    return schedule, verdict
