"""Every sync takes two seconds (T32): the button answers at once, thanks come only when the vote is durable, and impatience is no vote."""

import re
from pathlib import Path

import pytest

from tests.faults.invariants import examine
from tests.faults.recording import Spoken, Step, Synced, Written, before, read
from tests.faults.report import report
from tests.faults.slow_visit import visit
from tests.faults.stage import Strace, needs
from tests.faults.voter import Forked, Plan, Said

SLOW = "inject=fdatasync:delay_enter=2000000"
IMPATIENT_TAPS = 10  # there was time for far more


def one_visit(folder: Path, *broken: str) -> tuple[bytes, list[Step]]:
    """What was said, and done, during a visit at a kiosk that is in use."""
    folder.mkdir()
    Forked(Plan(folder, votes=1)).ended()
    start, strace = before(folder), Strace(folder.with_name(f"{folder.name}.calls"), SLOW)
    said = Forked(Plan(folder, first=1, broken=broken), strace.attach, visit).ended()
    return said, read(strace.calls(), folder, start).steps


def durable_when_thanked(steps: list[Step]) -> bool:
    """Whether a vote was written after the finger came up, and all of it synced before the thanks."""
    spoken = [index for index, step in enumerate(steps) if isinstance(step, Spoken)]
    during = steps[spoken[0] : spoken[1]]
    written = {step.node: index for index, step in enumerate(during) if isinstance(step, Written)}
    synced = {step.node: index for index, step in enumerate(during) if isinstance(step, Synced)}
    return bool(written) and all(synced.get(node, -1) > index for node, index in written.items())


@pytest.mark.fault("T32")
def test_on_a_slow_disk_the_turn_waits_for_the_disk_and_takes_one_vote(tmp_path: Path) -> None:
    needs("strace")
    said, steps = one_visit(tmp_path / "kiosk")
    verdict = examine(tmp_path / "kiosk", {0, 1}, cast_below=2)
    _, hasty = one_visit(tmp_path / "control", "hasty")
    durable, control = durable_when_thanked(steps), durable_when_thanked(hasty)
    report(
        "T32", cases=1, lost=verdict.lost, doubled=verdict.doubled, control=f"thanks while recording: {'missed' if control else 'caught'}"
    )
    heard = Said()
    heard.hear(said)
    taps = re.search(rb"taps (\d+)", said)
    assert said.startswith(b"pressed\n")
    assert heard.thanked == {1}
    assert taps is not None
    assert int(taps[1]) > IMPATIENT_TAPS, "the disk was not slow"
    assert durable
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())
    assert not control, "the control must be caught"
