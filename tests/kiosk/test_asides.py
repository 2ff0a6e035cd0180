"""What was put aside leaves when it is old and all of it is known to be elsewhere, and never before."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.storage.asides import AGAIN_AFTER_DAYS, KEPT_DAYS
from kiosk.storage.ledger import Ledger
from kiosk.storage.retention import KEPT_DAYS as ENTRIES_KEPT_DAYS
from sync.wire import Acked
from tests.kiosk.conftest import a_vote

Start = Callable[..., Ledger]
VOTES = 40
TODAY = date(2026, 11, 26)


@pytest.fixture
def recovered(open_ledger: Start, tmp_path: Path) -> Ledger:
    """A kiosk whose database was damaged in a page, and made anew from what could be read, in it and in the journal."""
    ledger = open_ledger()
    for _ in range(VOTES):
        ledger.append(a_vote)
    ledger.close()
    with (tmp_path / "ledger.db").open("r+b") as database:
        database.seek(40)
        database.write(b"\xff" * 60)
    return open_ledger()


def asides(folder: Path) -> list[str]:
    found = [*folder.glob("ledger.db.damaged-*"), *folder.glob("journal/*.disagreed-*"), *folder.glob("journal/*/*.cut-*")]
    return sorted(path.name.partition("-")[0] for path in found)


def acknowledge_all(ledger: Ledger) -> None:
    for held in ledger.held():
        digest = ledger.digest_at(held.ledger, held.last)
        assert digest is not None
        assert ledger.acknowledge(Acked(held.ledger, held.last, digest))


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_a_damaged_database_leaves_after_half_a_year_when_the_server_has_all_that_is_in_it(recovered: Ledger, tmp_path: Path) -> None:
    acknowledge_all(recovered)
    recovered.keep_house(TODAY)
    recovered.keep_house(days(KEPT_DAYS - 1))
    assert asides(tmp_path) == ["ledger.db.damaged"]
    recovered.keep_house(days(KEPT_DAYS))
    assert list(tmp_path.glob("*damaged*")) == []
    assert recovered.waiting() == 0


def test_while_an_entry_of_it_waits_it_stays_and_is_looked_at_again_a_month_later(recovered: Ledger, tmp_path: Path) -> None:
    recovered.keep_house(TODAY)
    recovered.keep_house(days(KEPT_DAYS))
    acknowledge_all(recovered)
    recovered.keep_house(days(KEPT_DAYS + AGAIN_AFTER_DAYS - 1))
    assert asides(tmp_path) == ["ledger.db.damaged"]
    recovered.keep_house(days(KEPT_DAYS + AGAIN_AFTER_DAYS))
    assert asides(tmp_path) == []


def test_a_start_in_between_does_not_make_it_young_again(recovered: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    acknowledge_all(recovered)
    recovered.keep_house(TODAY)
    ledger = open_ledger()
    acknowledge_all(ledger)
    ledger.keep_house(days(KEPT_DAYS))
    assert asides(tmp_path) == []


def test_one_whose_entries_have_left_the_ledger_meanwhile_leaves_by_the_chain_of_digests(recovered: Ledger, tmp_path: Path) -> None:
    acknowledge_all(recovered)
    recovered.keep_house(TODAY)
    recovered.keep_house(days(ENTRIES_KEPT_DAYS + 1))
    assert recovered.held()[0].floor == VOTES + 1, "the entries are gone here"
    assert asides(tmp_path) == []


def test_one_with_an_entry_that_is_nowhere_else_stays_for_ever(recovered: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "other", recovered._clocks)
    binding = recovered.binding
    assert binding is not None
    other.bind(binding)
    other.append(a_vote)
    other.close()
    for path in tmp_path.glob("ledger.db.damaged-*"):
        path.unlink()
    shutil.copy(tmp_path / "other" / "ledger.db", tmp_path / "ledger.db.damaged-019ac1c2")
    acknowledge_all(recovered)
    recovered.keep_house(TODAY)
    recovered.keep_house(days(KEPT_DAYS))
    recovered.keep_house(days(10 * KEPT_DAYS))
    assert asides(tmp_path) == ["ledger.db.damaged"]


def test_where_a_recovery_lost_entries_no_database_leaves(recovered: Ledger, open_ledger: Start, tmp_path: Path) -> None:
    recovered.close()
    connection = sqlite3.connect(tmp_path / "ledger.db")
    connection.execute("UPDATE recoveries SET missing = 1")
    connection.commit()
    connection.close()
    ledger = open_ledger()
    acknowledge_all(ledger)
    ledger.keep_house(TODAY)
    ledger.keep_house(days(KEPT_DAYS))
    assert asides(tmp_path) == ["ledger.db.damaged"]


def test_journals_and_torn_ends_leave_by_the_same_rule(open_ledger: Start, tmp_path: Path) -> None:
    ledger = open_ledger()
    for _ in range(VOTES):
        ledger.append(a_vote)
    [journal] = (tmp_path / "journal").glob("l-*")
    [file] = journal.glob("*.tsv")
    lines = file.read_bytes().splitlines(keepends=True)
    shutil.copytree(journal, journal.with_name(f"{journal.name}.disagreed-019ac1c2"))
    for name, content in {"torn": lines[-1][:50], "whole": lines[-1], "strange": lines[-1].replace(b'"up":', b'"up":1')}.items():
        (journal / f"{file.name}.cut-{name}").write_bytes(content)
    acknowledge_all(ledger)
    ledger.keep_house(TODAY)
    assert len(asides(tmp_path)) == 4
    ledger.keep_house(days(KEPT_DAYS))
    assert [path.name for path in journal.glob("*.cut-*")] == [f"{file.name}.cut-strange"]
    assert list((tmp_path / "journal").glob("*.disagreed-*")) == []
    assert file.read_bytes() == b"".join(lines)


def test_where_the_days_cannot_be_read_the_half_year_begins_anew(recovered: Ledger, tmp_path: Path) -> None:
    acknowledge_all(recovered)
    recovered.keep_house(TODAY)
    (tmp_path / "asides.json").write_bytes(b"{")
    recovered.keep_house(days(KEPT_DAYS))
    recovered.keep_house(days(2 * KEPT_DAYS - 1))
    assert asides(tmp_path) == ["ledger.db.damaged"]
