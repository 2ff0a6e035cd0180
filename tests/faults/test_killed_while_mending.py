"""Killed at every write and sync of a recovery, of pruning, and of a migration (T25): the next start loses nothing."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Ledger
from kiosk.storage.migrations import ledger_schema
from kiosk.storage.retention import KEPT_DAYS
from sync.wire import Acked
from tests.faults import scale
from tests.faults.damage import Kiosk, a_kiosk, random_blocks
from tests.faults.invariants import Verdict, examine, total
from tests.faults.report import report
from tests.faults.stage import Strace, needs
from tests.faults.voter import BINDING, Forked, Plan, cast

WRITES_AND_SYNCS = "write|pwrite64|fsync|fdatasync|ftruncate|rename|unlink|mkdir"
TODAY = date(2026, 11, 25)
LATER = TODAY + timedelta(days=KEPT_DAYS)
PER_FILE = 10

Work = Callable[[Plan, int], None]


def start(plan: Plan, speech: int) -> None:
    ledger = Ledger(plan.folder, Clocks())
    ledger.bind(BINDING)
    ledger.close()


def prune(plan: Plan, speech: int) -> None:
    ledger = Ledger(plan.folder, Clocks())
    ledger.keep_house(LATER)
    ledger.close()


def calls_of(whole: Kiosk, work: Work) -> list[tuple[str, int]]:
    """Every call of that work that writes or syncs: its name, and which of that name it is."""
    counted: Counter[str] = Counter()
    found = []
    with whole.copied() as kiosk:
        strace = Strace(kiosk.folder.parent / "calls")
        Forked(Plan(kiosk.folder), strace.attach, work).ended()
        for name in re.findall(rf"^\d+ +({WRITES_AND_SYNCS})\(", strace.calls(), re.MULTILINE):
            counted[name] += 1
            found.append((name, counted[name]))
    return found


def killed_at(whole: Kiosk, work: Work, call: tuple[str, int], thanked: range, again: Work) -> Verdict:
    """What is there when that work was killed at a call, and done once more."""
    with whole.copied() as kiosk:
        strace = Strace(kiosk.folder.parent / "calls", f"inject={call[0]}:signal=KILL:when={call[1]}")
        Forked(Plan(kiosk.folder), strace.attach, work).ended()
        assert "killed by SIGKILL" in strace.calls(), f"{call} was not reached"
        again(Plan(kiosk.folder), 2)
        return examine(kiosk.folder, thanked, whole.votes)


def killed_at_every_call(whole: Kiosk, work: Work, thanked: range, again: Work = start) -> list[Verdict]:
    every = 1 if scale.LONG else max(1, round(4 / scale.SCALE))
    calls = calls_of(whole, work)
    assert len(calls) > 10
    return [killed_at(whole, work, call, thanked, again) for call in calls[scale.SEED % every :: every]]


def test_a_recovery_killed_at_any_call_is_done_by_the_next_start(tmp_path: Path) -> None:
    needs("strace")
    whole = a_kiosk(tmp_path, 20, 40)
    chance = scale.chance("killed recovery")
    whole.database.write_bytes(chance.randbytes(100) + whole.database.read_bytes()[100:])
    journal = whole.journals[0]
    written = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*written[:8], *written[9:]]))
    found = total(killed_at_every_call(whole, start, range(whole.votes)))
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())


def test_pruning_killed_at_any_call_loses_nothing_that_is_to_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("strace")
    for module in ("journal", "retention"):
        monkeypatch.setattr(f"kiosk.storage.{module}.ENTRIES_PER_FILE", PER_FILE)
    monkeypatch.setattr("kiosk.storage.retention.ROWS_AT_ONCE", 5)
    whole = a_kiosk(tmp_path, 20, 40)
    ledger = Ledger(whole.folder, Clocks())
    [held] = ledger.held()
    assert ledger.acknowledge(Acked(held.ledger, 30, ledger.digest_at(held.ledger, 30) or ""))
    ledger.keep_house(TODAY)
    ledger.close()
    found = total(killed_at_every_call(whole, prune, range(29, whole.votes), again=prune))
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())


def an_old_kiosk(folder: Path) -> Kiosk:
    """As the first version left it: its schema, and no floor beside its journal."""
    whole = a_kiosk(folder, 40, 40)
    old = folder / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        ledger_schema.apply(Database(connection), stop_before="ledgers_that_end")
        connection.execute("ATTACH ? AS new", (str(whole.database),))
        connection.execute("INSERT INTO ledgers SELECT number, ledger, floor, floor_digest, acked FROM new.ledgers")
        connection.execute("INSERT INTO entries SELECT * FROM new.entries")
    whole.wal.unlink(missing_ok=True)
    old.replace(whole.database)
    (whole.journals[0].with_name("floor")).unlink(missing_ok=True)
    return whole


@pytest.mark.fault("T25")
def test_a_migration_killed_at_any_call_is_done_by_the_next_start(tmp_path: Path) -> None:
    needs("strace")
    whole = an_old_kiosk(tmp_path)
    found = total(killed_at_every_call(whole, start, range(whole.votes)))
    report("T25", cases=found.cases, lost=found.lost, doubled=found.doubled)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())


@pytest.mark.fault("T25")
def test_an_old_file_is_brought_up_to_date_and_goes_on(tmp_path: Path) -> None:
    whole = an_old_kiosk(tmp_path)
    verdict = examine(whole.folder, range(whole.votes), whole.votes)
    report("T25", cases=1, lost=verdict.lost, doubled=verdict.doubled)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())
    with closing(sqlite3.connect(whole.database)) as connection:
        assert connection.execute("SELECT count(*) FROM ledgers").fetchone() == (1,), "no new ledger was needed"


def newer(whole: Kiosk) -> bytes:
    """The file as a program of the future leaves it; its bytes."""
    start(Plan(whole.folder), 2)
    with closing(sqlite3.connect(whole.database, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE ledgers ADD COLUMN future TEXT")
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ledger', 'of_the_future', 'then')")
    whole.wal.unlink(missing_ok=True)
    return whole.database.read_bytes()


@pytest.mark.fault("T25")
def test_an_older_program_leaves_a_newer_file_alone_and_the_newer_program_has_both_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = a_kiosk(tmp_path, 20, 20)
    before = newer(whole)
    journal = whole.journals[0].read_bytes()
    old = Ledger(whole.folder, Clocks())
    old.bind(BINDING)
    cast(old, 20)
    assert len(old.held()) == 1
    old.close()
    Ledger(whole.folder, Clocks()).close()
    assert whole.database.read_bytes() == before
    assert journal in [file.read_bytes() for file in whole.journals]
    assert (whole.folder / "ledger.2.db").exists()
    monkeypatch.setattr("kiosk.storage.recovery.is_newer", lambda connection: False)
    verdict = examine(whole.folder, range(21), 21)
    report("T25", cases=1, lost=verdict.lost, doubled=verdict.doubled)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())
    assert not (whole.folder / "ledger.2.db").exists()


@pytest.mark.fault("T25")
def test_what_an_older_program_kept_beside_a_newer_file_is_recovered_by_itself(tmp_path: Path) -> None:
    whole = a_kiosk(tmp_path, 20, 20)
    before = newer(whole)
    for damaged in (False, True):
        old = Ledger(whole.folder, Clocks())
        old.bind(BINDING)
        cast(old, 20 + damaged)
        old.close()
        if not damaged:
            random_blocks(scale.chance("beside"), whole.folder / "ledger.2.db", 30)
    with closing(sqlite3.connect(whole.folder / "ledger.2.db")) as connection:
        assert connection.execute("SELECT count(*) FROM ledgers").fetchone() == (2,), "the newer file's are not in it"
    assert whole.database.read_bytes() == before
