"""The database (T10), its write-ahead log (T11), the journal (T12) and both (T13) are damaged."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults import scale
from tests.faults.damage import BLOCK, Kiosk, a_kiosk, flip, random_blocks, readable, truncate
from tests.faults.invariants import Verdict, examine, total
from tests.faults.report import report
from tests.faults.stage import MEMORY

CLOSED_AFTER, VOTES = 90, 150

Harm = Callable[[Kiosk, random.Random], None]


@pytest.fixture(scope="module")
def kiosk() -> Iterator[Kiosk]:
    with TemporaryDirectory(dir=MEMORY) as name:
        yield a_kiosk(Path(name), CLOSED_AFTER, VOTES)


def _blocks(count: int, kiosk: Kiosk, chance: random.Random) -> None:
    random_blocks(chance, kiosk.database, count)


def _no_header(kiosk: Kiosk, chance: random.Random) -> None:
    kiosk.database.write_bytes(chance.randbytes(100) + kiosk.database.read_bytes()[100:])


def _cut_short(kiosk: Kiosk, chance: random.Random) -> None:
    truncate(chance, kiosk.database)


def _empty(kiosk: Kiosk, chance: random.Random) -> None:
    kiosk.database.write_bytes(b"")


def _gone(kiosk: Kiosk, chance: random.Random) -> None:
    kiosk.database.unlink()


def _another_wal(kiosk: Kiosk, chance: random.Random) -> None:
    with TemporaryDirectory(dir=MEMORY) as name:
        other = a_kiosk(Path(name), 5, chance.randrange(10, 40), first=10**6)
        shutil.copy(other.wal, kiosk.wal)


def _blocks_of_both(kiosk: Kiosk, chance: random.Random) -> None:
    random_blocks(chance, kiosk.database, 3)
    random_blocks(chance, kiosk.wal, 3)


TO_THE_DATABASE: list[Harm] = [
    partial(_blocks, 1),
    partial(_blocks, 3),
    partial(_blocks, 10),
    _no_header,
    _cut_short,
    _empty,
    _gone,
    _another_wal,
    _blocks_of_both,
]


def harmed(whole: Kiosk, harm: Harm, chance: random.Random, *, without_journal: bool = False) -> Verdict:
    """A kiosk's verdict after harm to its database; the damaged file must be kept as it was, if another took its place."""
    with whole.copied() as broken:
        harm(broken, chance)
        before = broken.database.read_bytes() if broken.database.exists() else b""
        if without_journal:
            shutil.rmtree(broken.folder / "journal")
        verdict = examine(broken.folder, range(whole.votes), whole.votes)
        kept = [file.read_bytes() for file in broken.folder.glob("ledger.db.damaged-*") if not file.name.endswith("-wal")]
        if _was_recovered(broken) and before and before not in kept:
            return replace(verdict, wrong=(*verdict.wrong, "the damaged database was not kept as it was"))
        return verdict


def _was_recovered(kiosk: Kiosk) -> bool:
    with closing(sqlite3.connect(kiosk.database)) as connection:
        return bool(connection.execute("SELECT count(*) FROM recoveries").fetchone()[0])


@pytest.mark.fault("T10")
def test_a_damaged_database_gives_back_every_journaled_vote_and_is_kept(kiosk: Kiosk) -> None:
    cases = scale.how_many(ci=60, long=2000)
    harms = [TO_THE_DATABASE[case % len(TO_THE_DATABASE)] for case in range(cases)]
    found = total(harmed(kiosk, harm, scale.chance("T10", case)) for case, harm in scale.watched("T10", enumerate(harms), cases))
    control = total(harmed(kiosk, harm, scale.chance("T10", case), without_journal=True) for case, harm in enumerate(harms[:18]))
    said = f"without the journal: lost in {control.losing} of {control.cases}"
    report("T10", cases=found.cases, lost=found.lost, doubled=found.doubled, control=said)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert control.losing, "the control must lose votes"


def _cut_wal(at: int, kiosk: Kiosk, chance: random.Random) -> None:
    kiosk.wal.write_bytes(kiosk.wal.read_bytes()[:at])


def _flip_wal(at: int, kiosk: Kiosk, chance: random.Random) -> None:
    flip(kiosk.wal, at)


@pytest.mark.fault("T11")
def test_a_write_ahead_log_damaged_anywhere_costs_nothing_that_the_journal_has() -> None:
    with TemporaryDirectory(dir=MEMORY) as name:
        kiosk = a_kiosk(Path(name), 10, 24)
        step = 1 if scale.LONG else BLOCK
        places = range(0, kiosk.wal.stat().st_size, step)
        harms = [partial(harm, at) for at in places for harm in (_cut_wal, _flip_wal)]
        harms = harms[: max(2, round(len(harms) * min(1.0, scale.SCALE)))]
        work = partial(_harmed_at, kiosk)
        found = total(scale.shared_out("T11", work, harms))
        control = total(harmed(kiosk, harm, scale.chance("T11"), without_journal=True) for harm in harms[:40])
    said = f"without the journal: lost in {control.losing} of {control.cases}"
    report("T11", cases=found.cases, lost=found.lost, doubled=found.doubled, control=said)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert control.losing, "the control must lose votes"


def _harmed_at(kiosk: Kiosk, harm: Harm) -> Verdict:
    return harmed(kiosk, harm, scale.chance("T11"))


def _torn_line(kiosk: Kiosk, chance: random.Random) -> None:
    [file] = kiosk.journals
    file.write_bytes(file.read_bytes()[: -chance.randrange(1, 200)])


def _no_file(kiosk: Kiosk, chance: random.Random) -> None:
    kiosk.journals[0].unlink()


def _no_folder(kiosk: Kiosk, chance: random.Random) -> None:
    shutil.rmtree(kiosk.folder / "journal")


def _blocks_of_journal(count: int, kiosk: Kiosk, chance: random.Random) -> None:
    random_blocks(chance, kiosk.journals[0], count)


def _cut_journal(kiosk: Kiosk, chance: random.Random) -> None:
    truncate(chance, kiosk.journals[0])


def _flipped_journal(kiosk: Kiosk, chance: random.Random) -> None:
    flip(kiosk.journals[0], chance.randrange(kiosk.journals[0].stat().st_size))


def _noise_as_floor(kiosk: Kiosk, chance: random.Random) -> None:
    kiosk.journals[0].with_name("floor").write_bytes(b"9000\t{}\t" + b"e" * 64 + b"\n" if chance.random() < 0.5 else chance.randbytes(90))


TO_THE_JOURNAL: list[Harm] = [
    _torn_line,
    _no_file,
    _no_folder,
    partial(_blocks_of_journal, 1),
    partial(_blocks_of_journal, 10),
    _cut_journal,
    _flipped_journal,
    _noise_as_floor,
]


@pytest.mark.fault("T12")
def test_of_a_damaged_journal_the_database_writes_another(kiosk: Kiosk) -> None:
    cases = scale.how_many(ci=50, long=1000)
    harms = [TO_THE_JOURNAL[case % len(TO_THE_JOURNAL)] for case in range(cases)]
    verdicts = []
    for case, harm in scale.watched("T12", enumerate(harms), cases):
        with kiosk.copied() as broken:
            harm(broken, scale.chance("T12", case))
            verdicts.append(examine(broken.folder, range(VOTES), VOTES))
            assert not _was_recovered(broken), f"case {case} ({harm}): the database was sound"
    found = total(verdicts)
    report("T12", cases=found.cases, lost=found.lost, doubled=found.doubled)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())


@pytest.mark.fault("T13")
def test_of_two_damaged_copies_all_that_is_readable_is_back_and_what_is_known_missing_is_recorded(kiosk: Kiosk) -> None:
    cases = scale.how_many(ci=30, long=1000)
    verdicts, recorded = [], []
    for case in scale.watched("T13", range(cases)):
        chance = scale.chance("T13", case)
        with kiosk.copied() as broken:
            chance.choice([harm for harm in TO_THE_DATABASE if harm is not _another_wal])(broken, chance)
            chance.choice(TO_THE_JOURNAL)(broken, chance)
            votes, missing = readable(kiosk, broken)
            verdict = examine(broken.folder, votes, VOTES)
            if verdict.lost or verdict.wrong or verdict.doubled:
                print(f"case {case}: {verdict}")  # noqa: T201
            verdicts.append(verdict)
            if not verdict.wrong and _was_recovered(broken):
                with closing(sqlite3.connect(broken.database)) as connection:
                    recorded.append((connection.execute("SELECT max(missing) FROM recoveries").fetchone()[0], missing, case))
    found = total(verdicts)
    report("T13", cases=found.cases, lost=found.lost, doubled=found.doubled, control="lost: of those that any copy still has")
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert all(said >= missing - 1 for said, missing, _ in recorded), "only the first line is kept elsewhere too"
