"""T29: twenty kiosks vote while kiosks, server and PostgreSQL are killed, disks fill and the network breaks, all at random."""

from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.chaos import run
from tests.faults.report import report

KIOSKS = 20


@pytest.mark.fault("T29")
def test_whatever_fails_at_random_every_vote_thanked_for_is_counted_exactly_once(tmp_path: Path) -> None:
    outcome = run(tmp_path, kiosks=KIOSKS, seconds=scale.how_many(ci=60, long=600), chance=scale.chance("T29"))
    faults = ", ".join(f"{count} × {name}" for name, count in sorted(outcome.faults.items()))
    report("T29", cases=outcome.thanked, lost=outcome.lost, doubled=outcome.doubled, control=f"(cases are votes; {faults})")
    assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, []), outcome
    assert outcome.thanked > KIOSKS


@pytest.mark.fault("T29")
def test_control_a_kiosk_that_thanks_before_it_records_loses_votes(tmp_path: Path) -> None:
    chance = scale.chance("T29", "control")
    outcome = run(tmp_path, kiosks=4, seconds=15, chance=chance, broken=("late",))
    report("T29", cases=0, lost=0, doubled=0, control=f"thanks first, five recorded together: {outcome.lost} lost of {outcome.thanked}")
    assert outcome.lost > 0
