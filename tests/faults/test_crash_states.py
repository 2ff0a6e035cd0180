"""Every state that a power cut may leave, rebuilt from what the real process did (T5), and again inside the mending that follows (T6)."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults import scale
from tests.faults.crash_states import State, crash
from tests.faults.invariants import Verdict, examine, total
from tests.faults.recording import Named, Recording, Spoken, Written, before, read
from tests.faults.report import report
from tests.faults.stage import MEMORY, ROOT, Strace, needs
from tests.faults.voter import Forked, Plan

A_PIECE = 50
VOTES = 60
KEPT = ROOT / ".run" / "faults"  # states that were found wanting, to be looked at


@dataclass(frozen=True)
class Piece:
    """Some states of one recording. thanked: votes whose citizens were thanked before it.

    control: is meant to lose. deaf: syncs do nothing.
    """

    recording: Recording
    thanked: tuple[int, ...]
    seed: str
    states: int = A_PIECE
    control: bool = False
    deaf: bool = False


def recorded(folder: Path, plan: Callable[[Path], Plan]) -> Recording:
    """What the real process did to a folder while it went through its plan."""
    folder.mkdir(exist_ok=True)
    start = before(folder)
    strace = Strace(folder.with_name(f"{folder.name}.calls"))
    Forked(plan(folder), strace.attach).ended()
    return read(strace.calls(), folder, start)


def states(piece: Piece) -> list[State]:
    """As many different states as the piece wants, or fewer where there are no more."""
    chance, steps = Random(piece.seed), len(piece.recording.steps)
    found = dict.fromkeys(crash(piece.recording, chance.randint(0, steps), chance, deaf=piece.deaf) for _ in range(piece.states))
    return list(found)


def examined(piece: Piece) -> list[Verdict]:
    verdicts = []
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name) / "data"
        for number, state in enumerate(states(piece)):
            state.build(folder)
            kept = KEPT / f"{piece.seed}-{number}"
            verdict = examine(folder, {*piece.thanked, *state.said}, VOTES).named(kept)
            shutil.rmtree(folder)
            verdicts.append(verdict)
            if verdict.wrong and not piece.control:
                KEPT.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(kept, ignore_errors=True)
                state.build(kept)
    return verdicts


def pieces(histories: list[tuple[Recording, tuple[int, ...]]], states: int, seed: str) -> list[Piece]:
    """Pieces of all recordings in turn, each with the votes that were thanked for before it began."""
    return [Piece(*_at(histories, number), f"{seed}-{number}", states=min(A_PIECE, states)) for number in range(-(-states // A_PIECE))]


def _at(histories: list[tuple[Recording, tuple[int, ...]]], number: int) -> tuple[Recording, tuple[int, ...]]:
    return histories[number % len(histories)]


def one_life(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, acknowledge_every=13)


def three_lives(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, lives=3, acknowledge_every=7)


def branches_and_moves(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, acknowledge_every=9, branch_every=20, move_every=28)


def unsynced(folder: Path) -> Plan:
    return Plan(folder, votes=VOTES, broken=("normal", "journal"))


@pytest.mark.fault("T5")
def test_no_state_that_a_power_cut_may_leave_lacks_a_vote_that_was_thanked_for(tmp_path: Path) -> None:
    needs("strace")
    recordings = [
        recorded(tmp_path / "one", one_life),
        recorded(tmp_path / "three", three_lives),
        recorded(tmp_path / "branches", branches_and_moves),
    ]
    for recording in recordings:
        assert b"".join(step.text for step in recording.steps if isinstance(step, Spoken)).count(b"thanked") == VOTES
        assert _writes_to_the_database_before_it_closes(recording), "a checkpoint is among what was done"
        assert sum(isinstance(step, Written) for step in recording.steps) > 3 * VOTES, "journal, frame's header and page of each vote"
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


Damage = Callable[[Path], None]


def older_database(folder: Path) -> None:
    """The database is what it was before the last votes."""
    (folder / "older.db").replace(folder / "ledger.db")


def torn_journal(folder: Path) -> None:
    """The journal ends within a line."""
    [file] = folder.glob("journal/*/*.tsv")
    os.truncate(file, file.stat().st_size - 1000)


def flipped_journal(folder: Path) -> None:
    """The journal has a wrong byte in its middle."""
    [file] = folder.glob("journal/*/*.tsv")
    text = bytearray(file.read_bytes())
    text[len(text) // 2] ^= 1
    file.write_bytes(text)


def damaged_database(folder: Path) -> None:
    """Three blocks of the database are zeros."""
    database = bytearray((folder / "ledger.db").read_bytes())
    for at in (len(database) // 3, len(database) // 2, len(database) - 4096):
        database[at : at + 512] = bytes(512)
    (folder / "ledger.db").write_bytes(database)


def no_database(folder: Path) -> None:
    """The database is gone."""
    (folder / "ledger.db").unlink()


def both_damaged(folder: Path) -> None:
    """The database lacks its last votes, and the journal has a wrong byte among the first."""
    older_database(folder)
    [file] = folder.glob("journal/*/*.tsv")
    text = bytearray(file.read_bytes())
    text[2000] ^= 1
    file.write_bytes(text)


DAMAGES: tuple[Damage, ...] = (older_database, torn_journal, flipped_journal, damaged_database, no_database, both_damaged)
BEFORE_THE_DAMAGE, AFTER_IT = 50, 5


def damaged(folder: Path, damage: Damage) -> None:
    """A kiosk with votes that all were thanked for, and at least one readable copy of each."""
    Forked(Plan(folder, votes=30)).ended()
    shutil.copy(folder / "ledger.db", folder / "older.db")
    Forked(Plan(folder, first=30, votes=BEFORE_THE_DAMAGE - 30)).ended()
    damage(folder)
    (folder / "older.db").unlink(missing_ok=True)


def mended(folder: Path) -> Plan:
    return Plan(folder, first=BEFORE_THE_DAMAGE, votes=AFTER_IT)


def again(history: tuple[Recording, tuple[int, ...]], folder: Path, seed: str) -> tuple[Recording, tuple[int, ...]]:
    """The power goes while the kiosk mends itself; what it does at the next start."""
    recording, thanked = history
    chance = Random(seed)
    said = next(index for index, step in enumerate(recording.steps) if isinstance(step, Spoken))
    state = crash(recording, chance.randint(1, max(1, said)), chance)
    state.build(folder)
    return recorded(folder, mended), (*thanked, *state.said)


@pytest.mark.fault("T6")
def test_a_power_cut_while_a_damaged_kiosk_mends_itself_and_another_at_the_next_start_lose_nothing(tmp_path: Path) -> None:
    needs("strace")
    thanked = tuple(range(BEFORE_THE_DAMAGE))
    once = []
    for damage in DAMAGES:
        damaged(tmp_path / damage.__name__, damage)
        once.append((recorded(tmp_path / damage.__name__, mended), thanked))
    rounds = 5 if scale.LONG else 1
    twice = [
        again(history, tmp_path / f"again-{number}-{turn}", f"{scale.SEED}-{number}-{turn}")
        for turn in range(rounds)
        for number, history in enumerate(once)
    ]
    cases = pieces([*once, *twice], scale.how_many(ci=1000, long=50_000), f"T6-{scale.SEED}")
    found = total(verdict for verdicts in scale.shared_out("T6", examined, cases) for verdict in verdicts)
    deaf = total(examined(Piece(*once[0], "T6", control=True, deaf=True)))
    control = f"syncs do nothing: lost in {deaf.losing} of {deaf.cases}"
    report("T6", cases=found.cases, lost=found.lost, doubled=found.doubled, control=control)
    assert found.thanked > found.cases, "citizens must have been thanked before"
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert deaf.losing, "the control must lose votes"
