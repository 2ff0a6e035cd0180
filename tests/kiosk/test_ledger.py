"""The append-only record."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.storage.database import PRAGMAS, AlreadyRunning
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from sync.entries import GENESIS, Closed, Opened, Parent, Reasons, Vote, chain, decode_entry, uuid7
from sync.wire import MAX_BATCH_BYTES, MAX_BATCH_LINES, Acked
from tests.kiosk.conftest import BINDING, a_vote

Start = Callable[..., Ledger]


def journal_files(folder: Path) -> list[Path]:
    return sorted((folder / "journal").glob("l-*/*.tsv"))


def rows(folder: Path) -> list[tuple[int, str, str]]:
    """What another program finds in the database when the kiosk has ended."""
    connection = sqlite3.connect(folder / "ledger.db")
    try:
        return connection.execute("SELECT seq, line, digest FROM entries ORDER BY number, seq").fetchall()
    finally:
        connection.close()


@contextmanager
def a_full_disk(files_end_at: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes; the kernel refuses the write, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (files_end_at, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_the_first_line_binds_the_ledger_to_device_unit_and_counter(open_ledger: Start) -> None:
    opened = decode_entry(open_ledger().pending().lines[0])
    assert isinstance(opened, Opened)
    assert (opened.device, opened.unit, opened.counter, opened.reason) == (BINDING.device, BINDING.unit, BINDING.counter, "new")


def test_journal_and_database_hold_the_same_lines_in_one_chain(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    for _ in range(10):
        ledger.append(a_vote)
    ledger.close()
    stored = rows(tmp_path)
    journaled = [line.split("\t") for line in journal_files(tmp_path)[0].read_text("utf-8").splitlines()]
    assert [[str(seq), line, digest] for seq, line, digest in stored] == journaled
    assert [row[0] for row in stored] == list(range(1, 12))
    assert [row[2] for row in stored] == chain(GENESIS, [row[1].encode() for row in stored])


@pytest.mark.parametrize("statement", ["UPDATE entries SET line = '{}'", "DELETE FROM entries WHERE seq = 2"])
def test_an_entry_can_be_neither_changed_nor_deleted(open_ledger: Start, tmp_path: Path, statement: str) -> None:
    ledger = open_ledger()
    ledger.append(a_vote)
    ledger.close()
    connection = sqlite3.connect(tmp_path / "ledger.db")
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute(statement)
    connection.close()


def test_the_database_promises_what_durability_needs(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, Clocks())
    found = {name: ledger._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
    ledger.close()
    assert found == {
        "locking_mode": "exclusive",
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 64,
        "cell_size_check": 1,
        "trusted_schema": 0,
    }


def test_a_second_kiosk_on_the_same_folder_is_told_so(open_ledger: Start, tmp_path: Path) -> None:
    open_ledger()
    with pytest.raises(AlreadyRunning):
        Ledger(tmp_path, Clocks())


def test_a_restart_goes_on_in_the_same_ledger(open_ledger: Start) -> None:
    open_ledger().append(a_vote)
    ledger = open_ledger()
    ledger.append(a_vote)
    assert [held.last for held in ledger.held()] == [3]


def test_another_counter_is_another_ledger_with_its_parent_named(open_ledger: Start) -> None:
    open_ledger().append(a_vote)
    ledger = open_ledger(Binding(BINDING.device, "u-1", "c-2"))
    first, second = ledger.held()
    assert ledger.pending().ledger == first.ledger, "the oldest drains first"
    whole = ledger.pending()
    assert isinstance(decode_entry(whole.lines[-1]), Closed)
    end = chain(GENESIS, whole.lines)[-1]
    ledger.acknowledge(Acked(first.ledger, 3, end))
    pending = ledger.pending()
    opened = decode_entry(pending.lines[0])
    assert isinstance(opened, Opened)
    assert (pending.ledger, opened.reason) == (second.ledger, "moved")
    assert opened.parent == Parent(first.ledger, 3, end)


def test_a_database_that_is_behind_is_filled_from_the_journal(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    ledger.append(a_vote)
    ledger.close()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "older.db")
    ledger = open_ledger()
    for _ in range(3):
        ledger.append(a_vote)
    ledger.close()
    written = rows(tmp_path)
    shutil.copy(tmp_path / "older.db", tmp_path / "ledger.db")
    open_ledger().close()
    assert rows(tmp_path) == written


def test_a_journal_that_is_behind_is_filled_from_the_database_and_nothing_of_it_is_deleted(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    for _ in range(3):
        ledger.append(a_vote)
    ledger.close()
    [file] = journal_files(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:-50])
    open_ledger().close()
    assert file.read_bytes() == whole
    [torn] = file.parent.glob("*.cut-*")
    assert whole.splitlines()[-1].startswith(torn.read_bytes())


def test_a_journal_that_disagrees_is_put_aside_and_written_anew(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    ledger.append(a_vote)
    ledger.close()
    [file] = journal_files(tmp_path)
    genuine = file.read_bytes()
    other = tmp_path / "other"
    stranger = Ledger(other, Clocks())
    stranger.bind(BINDING)
    stranger.append(a_vote)
    stranger.close()
    shutil.copy(journal_files(other)[0], file)
    open_ledger().close()
    assert file.read_bytes() == genuine
    assert len(list((tmp_path / "journal").glob("*.disagreed-*"))) == 1


def test_when_neither_copy_can_be_written_nobody_is_thanked_and_voting_goes_on_later(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    ledger.append(a_vote)
    with a_full_disk(files_end_at=0), pytest.raises(NotRecorded):
        ledger.append(a_vote)
    ledger.append(a_vote)
    ledger.close()
    assert [row[0] for row in rows(tmp_path)] == [1, 2, 3]
    assert len(journal_files(tmp_path)[0].read_bytes().splitlines()) == 3


def test_when_one_copy_cannot_be_written_the_other_keeps_the_vote_and_the_first_catches_up(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    journal_size = journal_files(tmp_path)[0].stat().st_size
    with a_full_disk(files_end_at=journal_size + 400):  # room for one line in the journal, none in the larger database
        ledger.append(a_vote)
    ledger.append(a_vote)
    ledger.close()
    assert [row[0] for row in rows(tmp_path)] == [1, 2, 3]


def test_pending_starts_behind_what_was_acknowledged(open_ledger: Start) -> None:
    ledger = open_ledger()
    for _ in range(4):
        ledger.append(a_vote)
    first = ledger.pending()
    digests = chain(first.previous, first.lines)
    assert ledger.acknowledge(Acked(first.ledger, 3, digests[2]))
    rest = ledger.pending()
    assert (rest.first, rest.previous, list(rest.lines)) == (4, digests[2], list(first.lines[3:]))


def test_acked_may_go_down_again(open_ledger: Start) -> None:
    ledger = open_ledger()
    ledger.append(a_vote)
    whole = ledger.pending()
    digests = chain(whole.previous, whole.lines)
    ledger.acknowledge(Acked(whole.ledger, 2, digests[1]))
    assert not ledger.pending().lines
    assert ledger.acknowledge(Acked(whole.ledger, 0, GENESIS))
    assert ledger.pending() == whole


def test_a_server_with_other_bytes_moves_nothing(open_ledger: Start) -> None:
    ledger = open_ledger()
    ledger.append(a_vote)
    before = ledger.held()
    assert not ledger.acknowledge(Acked(before[0].ledger, 1, "f" * 64))
    assert not ledger.acknowledge(Acked(before[0].ledger, 99, "f" * 64))
    assert not ledger.acknowledge(Acked("l-unknown", 1, "f" * 64))
    assert ledger.held() == before


def test_a_batch_takes_no_more_than_its_limit(open_ledger: Start) -> None:
    ledger = open_ledger()
    for _ in range(MAX_BATCH_LINES + 10):
        ledger.append(a_vote)
    assert len(ledger.pending().lines) == MAX_BATCH_LINES
    assert ledger.waiting() == MAX_BATCH_LINES + 11


def test_a_batch_takes_no_more_bytes_than_its_limit(open_ledger: Start) -> None:
    ledger = open_ledger()
    for _ in range(200):
        ledger.append(lambda now: Reasons(id=uuid7(), at=now.at, up=now.up, boot=now.boot, vote=uuid7(), reasons=["r" * 64] * 20))
    lines = ledger.pending().lines
    size = 1 + sum(len(line) + 1 for line in lines)
    assert size <= MAX_BATCH_BYTES < size + len(lines[-1]) + 1


VOTER = """
import sys
from pathlib import Path
from kiosk.clocks import Clocks
from kiosk.storage.ledger import Ledger
from tests.kiosk.conftest import BINDING, a_vote
ledger = Ledger(Path(sys.argv[1]), Clocks())
ledger.bind(BINDING)
while True:
    ledger.append(a_vote)
    print(ledger.held()[-1].last, flush=True)
"""


@pytest.mark.parametrize("votes", [1, 2, 17, 120])
def test_what_was_reported_durable_survives_a_kill(open_ledger: Start, tmp_path: Path, votes: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", VOTER, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd(), env={**os.environ})
    assert child.stdout is not None
    reported = [int(child.stdout.readline()) for _ in range(votes)][-1]
    child.kill()
    child.wait()
    child.stdout.close()
    ledger = open_ledger()
    [held] = ledger.held()
    assert held.last >= reported
    ledger.append(a_vote)
    ledger.close()
    stored = rows(tmp_path)
    assert [row[2] for row in stored] == chain(GENESIS, [row[1].encode() for row in stored])
    assert sum(isinstance(decode_entry(row[1].encode()), Vote) for row in stored) == held.last
