"""Every state that a power cut may leave, rebuilt from what the real process did (T5)."""

from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.examined_states import VOTES, Piece, examined, pieces, recorded
from tests.faults.invariants import total
from tests.faults.recording import Named, Recording, Spoken, Written
from tests.faults.report import report
from tests.faults.stage import needs
from tests.faults.voter import Plan


def one_life(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, acknowledge_every=13)


def three_lives(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, lives=3, acknowledge_every=7)


def branches_and_moves(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, acknowledge_every=9, branch_every=20, move_every=28)


def growing_old(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, acknowledge_every=6, prune_every=18, move_every=25)


def unsynced(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, broken=("normal", "journal"))


@pytest.mark.fault("T5")
def test_no_state_that_a_power_cut_may_leave_lacks_a_vote_that_was_thanked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("strace")
    for module in ("journal", "retention"):
        monkeypatch.setattr(f"kiosk.storage.{module}.ENTRIES_PER_FILE", 8)
    recordings = [recorded(tmp_path / plan.__name__, plan) for plan in (one_life, three_lives, branches_and_moves, growing_old)]
    for recording in recordings:
        assert b"".join(step.text for step in recording.steps if isinstance(step, Spoken)).count(b"thanked") == VOTES
        assert _writes_to_the_database_before_it_closes(recording), "a checkpoint is among what was done"
        assert sum(isinstance(step, Written) for step in recording.steps) > 3 * VOTES, "journal, frame's header and page of each vote"
    gone = [step.name for step in recordings[-1].steps if isinstance(step, Named) and step.node is None]
    assert any(name.endswith(".tsv") for name in gone), "old votes leave the journal, too"
    cases = pieces([(recording, ()) for recording in recordings], scale.how_many(ci=5000, long=200_000), f"T5-{scale.SEED}")
    found = total(verdict for verdicts in scale.shared_out("T5", examined, cases) for verdict in verdicts)
    deaf = total(examined(Piece(recordings[0], (), "T5", control=True, deaf=True)))
    normal = total(examined(Piece(recorded(tmp_path / "unsynced", unsynced), (), "T5", control=True)))
    control = f"syncs do nothing: lost in {deaf.losing} of {deaf.cases}; NORMAL, journal not synced: in {normal.losing} of {normal.cases}"
    report("T5", cases=found.cases, lost=found.lost, doubled=found.doubled, control=control)
    assert found.thanked > found.cases, "citizens must have been thanked before"
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert deaf.losing, "the control must lose votes"
    assert normal.losing, "the control must lose votes"


def _writes_to_the_database_before_it_closes(recording: Recording) -> bool:
    votes = [index for index, step in enumerate(recording.steps) if isinstance(step, Spoken)][1:-1]
    database = next(step.node for step in recording.steps if isinstance(step, Named) and step.name == "ledger.db")
    return any(isinstance(step, Written) and step.node == database for step in recording.steps[votes[0] : votes[-1]])
