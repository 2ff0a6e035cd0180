"""Entries leave the kiosk 400 days after they were acknowledged, and not before."""

import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.storage import journal
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.retention import KEPT_DAYS
from sync.entries import GENESIS, chain
from sync.wire import Acked
from tests.kiosk.conftest import BINDING, a_vote

Start = Callable[..., Ledger]
TODAY = date(2026, 11, 25)
LATER = TODAY + timedelta(days=KEPT_DAYS)
PER_FILE = 10


@pytest.fixture
def ledger(open_ledger: Start, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """With 34 votes, and ten entries to a file of the journal instead of 5,000."""
    monkeypatch.setattr("kiosk.storage.journal.ENTRIES_PER_FILE", PER_FILE)
    monkeypatch.setattr("kiosk.storage.retention.ENTRIES_PER_FILE", PER_FILE)
    ledger = open_ledger()
    for _ in range(34):
        ledger.append(a_vote)
    return ledger


def acknowledge(ledger: Ledger, seq: int) -> None:
    [held, *_] = ledger.held()
    digest = ledger.digest_at(held.ledger, seq)
    assert digest is not None
    assert ledger.acknowledge(Acked(held.ledger, seq, digest))


def floor(ledger: Ledger) -> int:
    return ledger.held()[0].floor


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("journal/l-*/*.tsv"))


def test_entries_leave_400_days_after_their_acknowledgement_in_whole_files_of_the_journal(ledger: Ledger, tmp_path: Path) -> None:
    acknowledge(ledger, 27)
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER - timedelta(days=1))
    assert floor(ledger) == 0
    ledger.keep_house(LATER)
    assert floor(ledger) == 20
    assert files(tmp_path) == ["0000000021.tsv", "0000000031.tsv"]
    ledger.close()
    connection = sqlite3.connect(tmp_path / "ledger.db")
    assert connection.execute("SELECT min(seq), max(seq) FROM entries").fetchone() == (21, 35)
    connection.close()


def test_what_was_not_acknowledged_stays_for_ever(ledger: Ledger) -> None:
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER + timedelta(days=9999))
    assert floor(ledger) == 0


def test_an_acknowledgement_that_was_taken_back_counts_from_the_next(ledger: Ledger) -> None:
    acknowledge(ledger, 30)
    ledger.keep_house(TODAY)
    acknowledge(ledger, 15)
    acknowledge(ledger, 30)
    ledger.keep_house(LATER)
    assert floor(ledger) == 10, "only what was acknowledged all the time; entry 30 was again, but only today"
    ledger.keep_house(LATER + timedelta(days=KEPT_DAYS))
    assert floor(ledger) == 30


def test_a_pruned_ledger_starts_again_and_goes_on(ledger: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    acknowledge(ledger, 35)
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER)
    before = ledger.held()
    again = open_ledger()
    assert again.held() == before
    again.append(a_vote)
    assert [(held.floor, held.last) for held in again.held()] == [(30, 36)]
    assert again.pending().first == 36
    assert not list(tmp_path.glob("*damaged*"))


def test_a_pruned_ledger_is_recovered_from_its_journal_alone(ledger: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    acknowledge(ledger, 30)
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER)
    ledger.close()
    (tmp_path / "ledger.db").unlink()
    again = open_ledger()
    assert [(held.floor, held.last) for held in again.held()] == [(30, 35), (0, 1)]
    assert again.binding == BINDING


def test_a_journal_of_a_pruned_ledger_is_written_anew_from_its_floor(ledger: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    acknowledge(ledger, 30)
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER)
    ledger.close()
    [folder] = tmp_path.glob("journal/l-*")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    for file in folder.iterdir():
        file.unlink()
    open_ledger()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert journal.read_floor(folder) is not None


def test_all_of_a_closed_ledger_leaves_and_its_first_line_stays(ledger: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    there = Binding(BINDING.device, "u-1", "c-2")
    ledger.move(there)
    last = ledger.held()[0].last
    acknowledge(ledger, last)
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER)
    assert floor(ledger) == last
    again = open_ledger(there)
    assert [(held.floor, held.last) for held in again.held()] == [(last, last), (0, 1)]
    again.close()
    connection = sqlite3.connect(tmp_path / "ledger.db")
    opened, digest = connection.execute("SELECT opened, floor_digest FROM ledgers ORDER BY number LIMIT 1").fetchone()
    connection.close()
    assert '"counter":"c-1"' in opened
    assert digest != chain(GENESIS, [opened.encode()])[0]


def test_a_vote_can_be_cast_between_any_two_steps_of_pruning(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.storage.retention.ROWS_AT_ONCE", 1)
    cast: list[float] = []

    def vote_instead_of_waiting(seconds: float) -> None:
        ledger.append(a_vote)
        cast.append(seconds)

    monkeypatch.setattr("kiosk.storage.retention.time.sleep", vote_instead_of_waiting)
    acknowledge(ledger, 30)
    ledger.keep_house(TODAY)
    ledger.keep_house(LATER)
    assert len(cast) == 30
    assert ledger.held()[0].last == 65
