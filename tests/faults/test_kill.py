"""The kiosk's process is killed, at any moment (T1) and at every call that writes or syncs (T2)."""

import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.invariants import AFTERWARDS, Verdict, examine, total
from tests.faults.report import report
from tests.faults.stage import Strace, needs
from tests.faults.voter import Forked, Life, Plan, Said, lives

KILLS_A_KIOSK = 5
LATE = "thanks first, five recorded together: lost in {} of {}"
WRITES_AND_SYNCS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,mkdir"


@dataclass(frozen=True)
class Kiosk:
    """One kiosk that is killed again and again."""

    lives: tuple[Life, ...]
    broken: tuple[str, ...] = ()


def killed_again_and_again(case: Kiosk) -> list[Verdict]:
    said, verdicts = Said(), []
    with tempfile.TemporaryDirectory() as name:
        for number, life in enumerate(case.lives):
            first = number * 1_000_000
            voter = Forked(Plan(Path(name), first=first, acknowledge_every=20, branch_every=70, move_every=90, broken=case.broken))
            voter.live(life)
            said.hear(voter.kill())
            verdicts.append(examine(Path(name), said.thanked, first + 1_000_000, AFTERWARDS + number))
    return verdicts


@pytest.mark.fault("T1")
def test_a_kiosk_killed_at_any_moment_keeps_every_vote_it_thanked_for() -> None:
    chance = scale.chance("T1")
    kiosks = -(-scale.how_many(ci=200, long=10_000) // KILLS_A_KIOSK)
    cases = [Kiosk(tuple(lives(chance, KILLS_A_KIOSK))) for _ in range(kiosks)]
    found = total(verdict for verdicts in scale.shared_out("T1", killed_again_and_again, cases) for verdict in verdicts)
    control = total(killed_again_and_again(Kiosk(tuple(Life(votes, 0) for votes in range(1, 11)), ("late",))))
    report("T1", cases=found.cases, lost=found.lost, doubled=found.doubled, control=LATE.format(control.losing, control.cases))
    assert found.thanked > found.cases, "citizens must have been thanked before"
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert control.losing, "the control must lose votes"


@dataclass(frozen=True)
class KilledAt:
    """The call at which a voter is killed, before the call is done: its name, and which of that name it is."""

    call: str
    number: int
    broken: tuple[str, ...] = ()


def ten_votes(folder: Path, broken: tuple[str, ...] = ()) -> Plan:
    return Plan(folder, votes=10, acknowledge_every=4, branch_every=5, broken=broken)


def every_call(folder: Path) -> list[KilledAt]:
    strace = Strace(folder / "calls")
    Forked(ten_votes(folder / "data"), strace.attach).ended()
    counted: Counter[str] = Counter()
    found = []
    for name in re.findall(rf"^\d+ +({WRITES_AND_SYNCS.replace(',', '|')})\(", strace.calls(), re.MULTILINE):
        counted[name] += 1
        found.append(KilledAt(name, counted[name]))
    return found


def killed_at(case: KilledAt) -> Verdict:
    with tempfile.TemporaryDirectory() as name:
        folder, said = Path(name) / "data", Said()
        strace = Strace(Path(name) / "calls", f"inject={case.call}:signal=KILL:when={case.number}")
        said.hear(Forked(ten_votes(folder, case.broken), strace.attach).ended())
        assert "killed by SIGKILL" in strace.calls(), f"{case} was not reached"
        return examine(folder, said.thanked, 10)


@pytest.mark.fault("T2")
def test_a_kiosk_killed_at_any_write_or_sync_keeps_every_vote_it_thanked_for(tmp_path: Path) -> None:
    needs("strace")
    every = 1 if scale.LONG else 5
    cases = every_call(tmp_path)[scale.SEED % every :: every]
    found = total(scale.shared_out("T2", killed_at, cases))
    control = total(map(killed_at, [KilledAt("write", number, ("late",)) for number in (3, 7, 9)]))
    report("T2", cases=found.cases, lost=found.lost, doubled=found.doubled, control=LATE.format(control.losing, control.cases))
    assert found.cases > 100 / every, "ten votes and the making of a ledger are more calls than that"
    assert found.thanked > found.cases, "citizens must have been thanked before"
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert control.losing, "the control must lose votes"
