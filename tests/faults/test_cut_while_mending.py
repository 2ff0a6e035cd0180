"""The power goes while a damaged kiosk mends itself, and again at the next start (T6)."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults import scale
from tests.faults.crash_states import crash
from tests.faults.examined_states import Piece, examined, pieces, recorded
from tests.faults.invariants import total
from tests.faults.recording import Recording, Spoken
from tests.faults.report import report
from tests.faults.stage import needs
from tests.faults.voter import Forked, Plan

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
