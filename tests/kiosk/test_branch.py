"""Ledgers that end, and go on as others."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded, transaction
from sync.entries import GENESIS, Opened, Parent, chain, decode_entry
from sync.wire import Acked
from tests.kiosk.conftest import BINDING, a_vote

Start = Callable[..., Ledger]


def voted(ledger: Ledger, times: int) -> list[bytes]:
    """So many votes; the lines of the open ledger from its first."""
    for _ in range(times):
        ledger.append(a_vote)
    return list(ledger.pending(ledger=ledger.held()[-1].ledger).lines)


def at(ledger: str, lines: list[bytes], seq: int) -> Acked:
    return Acked(ledger, seq, [GENESIS, *chain(GENESIS, lines)][seq])


def prune(ledger: Ledger, name: str, floor: int) -> None:
    """What retention does: the floor moves up, and what lies under it goes."""
    connection = ledger._connection
    connection.execute("UPDATE ledgers SET floor = ?, floor_digest = ? WHERE ledger = ?", (floor, ledger.digest_at(name, floor), name))
    connection.execute("UPDATE ledgers SET opened = (SELECT line FROM entries WHERE entries.number = ledgers.number AND seq = 1)")
    connection.execute("DELETE FROM entries WHERE number = (SELECT number FROM ledgers WHERE ledger = ?) AND seq <= ?", (name, floor))


def first(ledger: Ledger, name: str) -> Opened:
    opened = decode_entry(ledger.pending(ledger=name).lines[0])
    assert isinstance(opened, Opened)
    return opened


def test_a_branch_carries_the_same_lines_and_names_its_parent(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 5)
    [old] = ledger.held()
    point = at(old.ledger, lines, 3)
    new = ledger.branch(point)
    assert new is not None
    opened = first(ledger, new)
    assert (opened.parent, opened.reason) == (Parent(old.ledger, 3, point.digest), "forked")
    assert Binding(opened.device, opened.unit, opened.counter) == BINDING
    assert list(ledger.pending(ledger=new).lines)[1:] == lines[3:]


def test_the_old_ledger_offers_only_what_was_not_carried(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 5)
    [old] = ledger.held()
    ledger.acknowledge(at(old.ledger, lines, 5))
    ledger.branch(at(old.ledger, lines, 3))
    assert [(held.last, held.acked) for held in ledger.held()] == [(3, 3), (4, 0)]
    assert ledger.waiting() == 4


def test_what_the_server_has_behind_a_branch_does_not_count_as_ours(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 5)
    [old] = ledger.held()
    ledger.branch(at(old.ledger, lines, 3))
    assert ledger.acknowledge(at(old.ledger, lines, 5))
    assert ledger.held()[0].acked == 3


def test_votes_go_on_in_the_branch_of_the_open_ledger_and_after_a_restart_too(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 2)
    new = ledger.branch(at(ledger.held()[0].ledger, lines, 2))
    ledger.append(a_vote)
    ledger = open_ledger()
    ledger.append(a_vote)
    assert [(held.ledger, held.last) for held in ledger.held()][1:] == [(new, 4)]


def test_a_branch_of_a_closed_ledger_is_born_closed_and_keeps_its_place(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 2)
    [old] = ledger.held()
    ledger.move(Binding("cd" * 32, "u-2", "c-9"))
    present = ledger.held()[-1]
    new = ledger.branch(at(old.ledger, lines, 1))
    assert new is not None
    ledger.append(a_vote)
    assert {held.ledger: held.last for held in ledger.held()}[present.ledger] == present.last + 1
    opened = first(ledger, new)
    assert (opened.device, opened.unit, opened.counter) == ("cd" * 32, BINDING.unit, BINDING.counter)


def test_a_closed_ledger_with_nothing_behind_the_point_needs_no_other(open_ledger: Start) -> None:
    ledger = open_ledger()
    voted(ledger, 2)
    [old] = ledger.held()
    ledger.move(Binding(BINDING.device, "u-1", "c-2"))
    end = ledger.digest_at(old.ledger, 4)
    assert end is not None
    assert ledger.branch(Acked(old.ledger, 4, end)) is None
    assert len(ledger.held()) == 2


def test_behind_a_second_branch_only_what_was_not_carried_yet_is_carried(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 5)
    [old] = ledger.held()
    ledger.branch(at(old.ledger, lines, 4))
    lower = ledger.branch(at(old.ledger, lines, 2))
    assert list(ledger.pending(ledger=lower).lines)[1:] == lines[2:4]
    assert ledger.held()[0].last == 2


def test_a_branch_below_the_floor_carries_all_that_is_left(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 5)
    [old] = ledger.held()
    ledger.acknowledge(at(old.ledger, lines, 4))
    prune(ledger, old.ledger, 3)
    new = ledger.branch(at(old.ledger, lines, 2))
    assert new is not None
    opened = first(ledger, new)
    assert (opened.reason, opened.parent) == ("pruned", Parent(old.ledger, 3, at(old.ledger, lines, 3).digest))
    assert list(ledger.pending(ledger=new).lines)[1:] == lines[3:]
    rest = ledger.held()[0]
    assert (rest.floor, rest.last, rest.acked) == (3, 3, 3)


def test_a_point_with_another_digest_is_no_place_to_branch(open_ledger: Start) -> None:
    ledger = open_ledger()
    voted(ledger, 2)
    before = ledger.held()
    with pytest.raises(ValueError, match="another digest"):
        ledger.branch(Acked(before[0].ledger, 2, "f" * 64))
    assert ledger.held() == before


def test_a_branch_that_cannot_be_written_changes_nothing(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 2)
    before = ledger.held()
    ledger._connection.execute("CREATE TEMP TRIGGER full BEFORE INSERT ON ledgers BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(sqlite3.Error):
        ledger.branch(at(before[0].ledger, lines, 1))
    ledger._connection.execute("DROP TRIGGER full")
    assert ledger.held() == before
    ledger = open_ledger()
    ledger.append(a_vote)
    assert [held.last for held in ledger.held()] == [4]
    assert ledger.branch(at(before[0].ledger, lines, 1)) is not None


def test_power_cut_between_the_journal_and_the_database_loses_nothing(
    open_ledger: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 3)
    [old] = ledger.held()
    disk = tmp_path / "disk"

    def cut(connection: sqlite3.Connection) -> transaction:
        disk.mkdir()
        shutil.copytree(tmp_path / "journal", disk / "journal")
        for file in tmp_path.glob("ledger.db*"):
            shutil.copy(file, disk)
        return transaction(connection)

    monkeypatch.setattr("kiosk.storage.branch.transaction", cut)
    new = ledger.branch(at(old.ledger, lines, 2))
    assert new is not None
    assert (disk / "journal" / new).exists()
    monkeypatch.undo()
    again = Ledger(disk, Clocks())
    again.bind(BINDING)
    again.append(a_vote)
    assert [held.ledger for held in again.held()] == [old.ledger]
    assert list(again.pending().lines)[:4] == lines
    assert again.branch(at(old.ledger, lines, 2)) not in (None, new)
    again.close()


def test_a_branch_takes_along_what_only_the_journal_had(open_ledger: Start) -> None:
    ledger = open_ledger()
    lines = voted(ledger, 1)
    ledger._connection.execute("CREATE TEMP TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    ledger.append(a_vote)
    ledger._connection.execute("DROP TRIGGER full")
    new = ledger.branch(at(ledger.held()[0].ledger, lines, 1))
    assert len(ledger.pending(ledger=new).lines) == 3


def test_a_ledger_that_does_not_exist_has_no_branch(open_ledger: Start) -> None:
    with pytest.raises(ValueError, match="l-0"):
        open_ledger().branch(Acked("l-0", 0, GENESIS))


def test_a_branch_is_journaled_over_many_files(open_ledger: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.storage.journal.ENTRIES_PER_FILE", 4)
    ledger = open_ledger()
    lines = voted(ledger, 10)
    new = ledger.branch(at(ledger.held()[0].ledger, lines, 1))
    assert new is not None
    carried = list(ledger.pending(ledger=new).lines)
    files = sorted((tmp_path / "journal" / new).glob("*.tsv"))
    journaled = [line.split(b"\t")[1] for file in files for line in file.read_bytes().splitlines()]
    assert journaled == carried
    assert len(files) == 3


def test_a_kiosk_that_has_bound_no_ledger_moves_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, Clocks())
    with pytest.raises(NotRecorded):
        ledger.move(BINDING)
    ledger.close()
