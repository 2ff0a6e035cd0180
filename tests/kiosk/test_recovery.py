"""A database that cannot be trusted is made anew from all that can be read."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.storage.ledger import Binding, Ledger
from sync.entries import GENESIS, Opened, chain, decode_entry
from sync.wire import Acked
from tests.kiosk.conftest import BINDING, a_vote

Start = Callable[..., Ledger]
VOTES = 40


@pytest.fixture
def data(open_ledger: Start, tmp_path: Path) -> Path:
    """The data folder of a kiosk with votes, that has ended."""
    ledger = open_ledger()
    for _ in range(VOTES):
        ledger.append(a_vote)
    ledger.close()
    return tmp_path


def lines(folder: Path) -> list[list[str]]:
    """The lines of each ledger in the database, in order; each chain is checked."""
    connection = sqlite3.connect(folder / "ledger.db")
    rows = connection.execute("SELECT number, line, digest FROM entries ORDER BY number, seq").fetchall()
    connection.close()
    found = [[line for of, line, _ in rows if of == number] for number in sorted({row[0] for row in rows})]
    digests = [digest for _, _, digest in rows]
    assert digests == [digest for ledger in found for digest in chain(GENESIS, [line.encode() for line in ledger])]
    return found


def opened(line: str) -> Opened:
    entry = decode_entry(line.encode())
    assert isinstance(entry, Opened)
    return entry


def journal_of(folder: Path) -> Path:
    [file] = sorted((folder / "journal").glob("l-*/*.tsv"))
    return file


def asides(folder: Path) -> list[Path]:
    return sorted(folder.glob("ledger.db.damaged-*"))


def test_a_database_of_garbage_is_put_aside_and_every_vote_is_back(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    garbage = b"this is no database" * 1000
    (data / "ledger.db").write_bytes(garbage)
    ledger = open_ledger()
    ledger.append(a_vote)
    ledger.close()
    adopted, new = lines(data)
    assert adopted == before
    assert [decode_entry(line.encode()).__class__.__name__ for line in new] == ["Opened", "Vote"]
    assert [aside.read_bytes() for aside in asides(data)] == [garbage]


def test_a_name_of_a_migration_that_is_damaged_is_no_sign_of_a_newer_program(data: Path, open_ledger: Start) -> None:
    """Whose database would be left alone, and its votes never sent."""
    [before] = lines(data)
    connection = sqlite3.connect(data / "ledger.db")
    with connection:
        connection.execute("UPDATE _sqlite_migrations SET name = substr(name, 1, 1) || char(0, 0, 0) WHERE rowid = 2")
    connection.close()
    ledger = open_ledger()
    ledger.append(a_vote)
    ledger.close()
    adopted, new = lines(data)
    assert adopted == before
    assert len(new) == 2
    assert not (data / "ledger.2.db").exists()


def test_damage_that_sqlite_quotes_in_bytes_that_are_no_text_is_damage_too(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    connection = sqlite3.connect(data / "ledger.db", isolation_level=None)
    connection.execute("PRAGMA writable_schema = 1")
    connection.execute("UPDATE sqlite_schema SET name = CAST(x'df20' AS TEXT), sql = 'CREATE nothing' WHERE name = 'entries'")
    connection.close()
    with pytest.raises(UnicodeDecodeError):
        sqlite3.connect(data / "ledger.db").execute("SELECT * FROM entries")
    open_ledger().close()
    assert lines(data)[0] == before
    assert len(asides(data)) == 1


@pytest.mark.parametrize("content", [None, b""])
def test_a_database_that_is_gone_is_made_from_the_journal(data: Path, open_ledger: Start, content: bytes | None) -> None:
    [before] = lines(data)
    (data / "ledger.db").unlink()
    if content is not None:
        (data / "ledger.db").write_bytes(content)
    open_ledger().close()
    assert lines(data)[0] == before


def test_the_ledger_after_a_recovery_is_a_new_one_that_names_its_parent(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    (data / "ledger.db").write_bytes(b"")
    ledger = open_ledger()
    first, second = ledger.held()
    ledger.close()
    new = opened(lines(data)[1][0])
    assert (new.reason, new.device, new.unit, new.counter) == ("recovered", BINDING.device, BINDING.unit, BINDING.counter)
    assert new.parent is not None
    assert (new.parent.ledger, new.parent.seq, new.parent.digest) == (
        first.ledger,
        VOTES + 1,
        chain(GENESIS, [x.encode() for x in before])[-1],
    )
    assert new.ledger == second.ledger


def test_a_second_start_recovers_nothing_more(data: Path, open_ledger: Start) -> None:
    (data / "ledger.db").write_bytes(b"")
    open_ledger().close()
    after = lines(data)
    open_ledger().close()
    assert lines(data) == after


def test_without_a_journal_the_damaged_database_gives_back_what_its_pages_hold(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    shutil.rmtree(data / "journal")
    database = bytearray((data / "ledger.db").read_bytes())
    database[:100] = bytes(100)
    (data / "ledger.db").write_bytes(database)
    open_ledger().close()
    assert lines(data)[0] == before


def test_lines_behind_a_hole_in_both_copies_are_carried_verbatim_and_the_hole_is_recorded(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    journal = journal_of(data)
    written = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*written[:9], b"x" * 60 + b"\n", *written[11:]]))
    (data / "ledger.db").write_bytes(b"no database")
    ledger = open_ledger()
    assert [held.last for held in ledger.held()] == [9, 1 + len(before) - 11]
    ledger.close()
    adopted, new = lines(data)
    assert adopted == before[:9]
    assert new[1:] == before[11:]
    connection = sqlite3.connect(data / "ledger.db")
    [(entries, carried, missing)] = connection.execute("SELECT entries, carried, missing FROM recoveries").fetchall()
    connection.close()
    assert (entries, carried, missing) == (9, len(before) - 11, 2)


def test_a_ledger_whose_first_line_is_lost_everywhere_goes_on_under_the_binding_of_its_neighbour(data: Path, open_ledger: Start) -> None:
    moved = Binding(BINDING.device, "u-1", "c-2")
    ledger = open_ledger(moved)
    ledger.append(a_vote)
    ledger.close()
    [before, second] = lines(data)
    shutil.rmtree(next(file.parent for file in (data / "journal").glob("l-*/*.tsv") if b'"counter":"c-2"' in file.read_bytes()))
    [old] = (data / "journal").glob("l-*")
    (old / "floor").unlink()
    written = journal_of(data).read_bytes().splitlines(keepends=True)
    journal_of(data).write_bytes(b"".join(written[1:]))
    database = (data / "ledger.db").read_bytes().replace(before[0].encode(), b"?" * len(before[0]))
    (data / "ledger.db").write_bytes(database)
    open_ledger(moved).close()
    assert [ledger[1:] for ledger in lines(data)] == [second[1:], before[1:-1]], "but for the line that closed it"
    open_ledger(moved).close()


def test_what_is_carried_stays_with_its_own_counter(data: Path, open_ledger: Start) -> None:
    moved = Binding(BINDING.device, "u-1", "c-2")
    ledger = open_ledger(moved)
    ledger.append(a_vote)
    ledger.close()
    first, _ = lines(data)
    old = next(file for file in (data / "journal").glob("l-*/*.tsv") if b'"counter":"c-1"' in file.read_bytes())
    written = old.read_bytes().splitlines(keepends=True)
    old.write_bytes(b"".join(written[:4] + written[5:]))
    (data / "ledger.db").write_bytes(b"no database")
    ledger = open_ledger(moved)
    ledger.append(a_vote)
    ledger.close()
    found = {opened(ledger[0]).counter + " " + opened(ledger[0]).reason: ledger[1:] for ledger in lines(data)}
    assert found["c-1 recovered"] == first[5:-1], "but for the line that closed it"
    assert len(found["c-2 recovered"]) == 1


def test_an_entry_that_only_the_database_took_is_read_from_its_damaged_file(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    journal = journal_of(data)
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-3]))
    database = bytearray((data / "ledger.db").read_bytes())
    database[0:16] = b"SQLite format 0\x00"
    (data / "ledger.db").write_bytes(database)
    open_ledger().close()
    assert lines(data)[0] == before


def test_what_was_acknowledged_stays_so_where_the_row_can_be_read(data: Path, open_ledger: Start) -> None:
    ledger = open_ledger()
    pending = ledger.pending()
    ledger.acknowledge(Acked(pending.ledger, 7, chain(pending.previous, pending.lines)[6]))
    ledger.close()
    database = bytearray((data / "ledger.db").read_bytes())
    database[0:16] = b"SQLite format 0\x00"
    (data / "ledger.db").write_bytes(database)
    assert [held.acked for held in open_ledger().held()] == [7, 0]


def test_a_changed_line_in_the_database_is_found_and_the_journals_is_right(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    database = (data / "ledger.db").read_bytes()
    line = before[20].encode()
    (data / "ledger.db").write_bytes(database.replace(line, line.replace(b'"satisfied"', b'"satisfiex"')))
    open_ledger().close()
    assert lines(data)[0] == before
    assert len(asides(data)) == 1


def test_a_damaged_journal_is_put_aside_and_the_database_stays(data: Path, open_ledger: Start) -> None:
    [before] = lines(data)
    file = journal_of(data)
    whole = file.read_bytes()
    file.write_bytes(re.sub(rb'"satisfied"', b'"dissatisfied"', whole, count=3))
    open_ledger().close()
    assert lines(data) == [before]
    assert file.read_bytes() == whole
    assert not asides(data)


def test_a_vote_whose_line_is_long_is_read_from_overflow_pages(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    ledger._open.append(b'{"kind":"reasons","text":"' + b"r" * 3900 + b'"}')  # type: ignore[union-attr]
    ledger.append(a_vote)
    ledger.close()
    [before] = lines(tmp_path)
    shutil.rmtree(tmp_path / "journal")
    database = (tmp_path / "ledger.db").read_bytes()
    (tmp_path / "ledger.db").write_bytes(bytes(100) + database[100:])
    open_ledger().close()
    assert lines(tmp_path)[0] == before
