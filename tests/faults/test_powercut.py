"""The power is cut on a real file system (T3), and the same where nobody waits for the disk (T4): those must lose votes."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults import scale
from tests.faults.invariants import AFTERWARDS, Verdict, examine, total
from tests.faults.report import report
from tests.faults.stage import MEMORY, ROOT, a_disk, needs_a_disk, shim
from tests.faults.voter import FOREVER, Forked, Life, Plan, Said, lives

CUTS_A_DISK = 20
CONTROLS = 20


@dataclass(frozen=True)
class Cuts:
    """One disk, and how long it has power each time."""

    lives: tuple[Life, ...]


def cut_again_and_again(case: Cuts) -> list[Verdict]:
    """What is found after each cut. Only what was said before the power went counts."""
    said, verdicts = Said(), []
    with tempfile.TemporaryDirectory(dir=MEMORY) as name, a_disk(Path(name)) as disk:
        for number, life in enumerate(case.lives):
            first = number * 1_000_000
            voter = Forked(Plan(disk.folder, first=first, acknowledge_every=20, branch_every=70, move_every=90))
            voter.live(life)
            said.hear(voter.heard())
            disk.cut()
            voter.kill()
            disk.unmount()
            disk.mount()
            verdicts.append(examine(disk.folder, said.thanked, first + 1_000_000, AFTERWARDS + number))
    return verdicts


def cut_where_neither_copy_is_synced(votes: int) -> Verdict:
    """The power goes when so many citizens were thanked."""
    said = Said()
    with tempfile.TemporaryDirectory(dir=MEMORY) as name, a_disk(Path(name)) as disk:
        voter = Forked(Plan(disk.folder, broken=("normal", "journal")))
        voter.live(Life(votes, 0))
        said.hear(voter.heard())
        disk.cut()
        voter.kill()
        disk.unmount()
        disk.mount()
        return examine(disk.folder, said.thanked, FOREVER)


def cut_where_syncs_do_nothing(case: tuple[Path, int]) -> Verdict:
    """The same with the real program and a library that makes nothing of fsync and fdatasync."""
    library, votes = case
    said = Said()
    with tempfile.TemporaryDirectory(dir=MEMORY) as name, a_disk(Path(name)) as disk:
        lying = {**os.environ, "LD_PRELOAD": str(library), "FAULTS_NO_SYNC": "1"}
        words = [sys.executable, "-m", "tests.faults.voter", str(disk.folder), "--votes", "100000"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=lying, cwd=ROOT) as voter:
            assert voter.stdout is not None
            while len(said.thanked) < votes:
                said.hear(voter.stdout.readline())
            disk.cut()
            voter.kill()
        disk.unmount()
        disk.mount()
        return examine(disk.folder, said.thanked, FOREVER)


def disks(chance: Random, cuts: int) -> list[Cuts]:
    planned = lives(chance, cuts)
    return [Cuts(tuple(planned[start : start + CUTS_A_DISK])) for start in range(0, cuts, CUTS_A_DISK)]


@pytest.mark.fault("T3")
def test_a_power_cut_at_any_moment_loses_no_vote_that_was_thanked_for(tmp_path: Path) -> None:
    needs_a_disk(tmp_path)
    cases = disks(scale.chance("T3"), scale.how_many(ci=40, long=2000))
    found = total(verdict for verdicts in scale.shared_out("T3", cut_again_and_again, cases) for verdict in verdicts)
    report("T3", cases=found.cases, lost=found.lost, doubled=found.doubled, control="T4")
    assert found.thanked > found.cases, "citizens must have been thanked before"
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())


@pytest.mark.fault("T4")
def test_a_power_cut_loses_votes_where_neither_copy_is_synced(tmp_path: Path) -> None:
    needs_a_disk(tmp_path)
    chance = Random("T4")
    found = total(scale.shared_out("T4", cut_where_neither_copy_is_synced, [chance.randint(3, 30) for _ in range(CONTROLS)]))
    report("T4", cases=0, lost=0, doubled=0, control=f"synchronous=NORMAL, journal not synced: lost in {found.losing} of {found.cases}")
    assert found.losing, "the control must lose votes"


@pytest.mark.fault("T4")
def test_a_power_cut_loses_votes_where_the_disk_only_says_that_it_wrote(tmp_path: Path) -> None:
    needs_a_disk(tmp_path)
    chance, library = Random("T4"), shim(tmp_path)
    cases = [(library, chance.randint(3, 30)) for _ in range(CONTROLS)]
    found = total(scale.shared_out("T4", cut_where_syncs_do_nothing, cases))
    report("T4", cases=0, lost=0, doubled=0, control=f"fsync and fdatasync do nothing: lost in {found.losing} of {found.cases}")
    assert found.losing, "the control must lose votes"
