"""The disk answers with errors, is full, or takes half of a write, at any call (T8): nobody is thanked for a vote that may be lost."""

import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults import scale
from tests.faults.crash_states import crash
from tests.faults.invariants import Verdict, examine, total
from tests.faults.recording import before, read
from tests.faults.report import report
from tests.faults.stage import MEMORY, Strace, needs, shim
from tests.faults.voter import Forked, Plan, Said

VOTES = 20
CRASHES = 5  # power cuts after each error: what a failed sync left may never become durable
CALLS = ("write", "pwrite64", "fdatasync", "fsync", "ftruncate", "openat")
ERRORS = ("EIO", "ENOSPC")


@dataclass(frozen=True)
class Fails:
    """A call that fails. at: which of its name. onwards: and every later one. short: instead, the nth write does half of its work."""

    call: str
    at: int
    error: str
    onwards: bool
    seed: str
    short: Path | None = None
    broken: tuple[str, ...] = ()


def a_plan(folder: Path, broken: tuple[str, ...] = ()) -> Plan:
    return Plan(folder, votes=VOTES, acknowledge_every=7, branch_every=9, broken=broken)


def made_to_fail(case: Fails) -> list[Verdict]:
    """What is found when the process has ended, and after power cuts at some moments of it."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder, said = Path(name) / "data", Said()
        folder.mkdir()
        start = before(folder)
        plan = a_plan(folder, case.broken)
        if case.short is None:
            strace = Strace(Path(name) / "calls", f"inject={case.call}:error={case.error}:when={case.at}{'+' if case.onwards else ''}")
            said.hear(Forked(plan, strace.attach).ended())
            calls = strace.calls()
            if "(INJECTED)" not in calls:  # one call fewer than when they were counted, and this was the last
                return []
        else:
            strace = Strace(Path(name) / "calls")
            words = ["tests.faults.voter", str(folder), "--votes", str(VOTES), "--acknowledge-every", "7", "--branch-every", "9"]
            said.hear(strace.around(words, LD_PRELOAD=str(case.short), FAULTS_SHORT=str(case.at)))
            calls = strace.record.read_text("ascii")
        recording = read(calls, folder, start)
        verdicts = [examine(folder, said.thanked, VOTES).named(case)]
        chance = Random(case.seed)
        for number in range(CRASHES):
            state = crash(recording, chance.randint(0, len(recording.steps)), chance)
            state.build(Path(name) / str(number))
            verdicts.append(examine(Path(name) / str(number), state.said, VOTES).named(case))
        return verdicts


def how_often(folder: Path) -> dict[str, int]:
    """How often the voter makes each call, when nothing fails."""
    examine(folder / "warm", (), 0)  # what Python imports late is imported, and opened, before anything is counted
    strace = Strace(folder / "calls")
    Forked(a_plan(folder / "data"), strace.attach).ended()
    return Counter(re.findall(rf"^\d+ +({'|'.join(CALLS)})\(", strace.calls(), re.MULTILINE))


def all_failures(times: dict[str, int], library: Path) -> list[Fails]:
    found = [
        Fails(call, at, error, onwards, f"{call}-{at}-{error}-{onwards}")
        for call in CALLS
        for at in range(1, times[call] + 1)
        for error in ERRORS
        for onwards in (False, True)
    ]
    return found + [Fails("write", at, "", False, f"short-{at}", library) for at in range(1, times["write"] + times["pwrite64"] + 1)]


@pytest.mark.fault("T8")
def test_nobody_is_thanked_for_a_vote_that_a_failing_disk_may_lose(tmp_path: Path) -> None:
    needs("strace")
    times = how_often(tmp_path)
    cases = all_failures(times, shim(tmp_path))
    chosen = scale.chance("T8").sample(cases, min(len(cases), scale.how_many(ci=50, long=len(cases))))
    found = total(verdict for verdicts in scale.shared_out("T8", made_to_fail, chosen) for verdict in verdicts)
    journal = Fails("fdatasync", times["fdatasync"] // 2, "EIO", onwards=True, seed="T8", broken=("anyway",))
    control = total(made_to_fail(journal))
    said = f"thanks although nothing was recorded: lost in {control.losing} of {control.cases}"
    report("T8", cases=found.cases, lost=found.lost, doubled=found.doubled, control=said)
    assert found.cases > 0.9 * len(chosen) * (1 + CRASHES), "nearly every failure must have happened"
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert control.losing, "the control must lose votes"
