"""T33: what was erased is nowhere, also after an older backup was restored; and (of T28) no word of a comment is ever in the open."""

import shutil
from pathlib import Path

import pytest

from sync.entries import GENESIS, chain
from sync.wire import decode_batch
from tests.faults import scale
from tests.faults.report import report
from tests.stage.programs import Server
from tests.stage.tablet import Tablet

CANARY = "Chim hoàng yến số"


def a_tablet(server: Server, folder: Path, tablets: list[Tablet]) -> Tablet:
    tablet = Tablet(folder, server.address, str(server.demo().counters[0]["code"]))
    tablets.append(tablet)
    return tablet


def written(tablet: Tablet, number: int) -> tuple[str, bytes]:
    """A comment that one more citizen wrote: the hash of its sealed bytes, and these."""
    tablet.vote("dissatisfied")
    sealed = tablet.comment(f"{CANARY} {number}: chờ lâu, không ai giải thích")
    body = tablet.sealed.read(sealed)
    assert body is not None
    return sealed, body


def carried(tablet: Tablet) -> None:
    """Everything goes over, comments with the receipt after their entries' one at the latest."""
    tablet.drain()
    tablet.exchange()


def held(server: Server) -> set[str]:
    return {sealed for (sealed,) in server.rows("SELECT sha256 FROM comments_sealedcomment")}


def places_of(bytes_: bytes, *folders: Path) -> list[Path]:
    """The files that hold any stretch of 16 bytes, taken each 256, of these."""
    pieces = [bytes_[at : at + 16] for at in range(0, len(bytes_) - 16, 256)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(piece in path.read_bytes() for piece in pieces)]


def broken_chains(server: Server) -> int:
    """How many archived ledgers do not verify to their heads."""
    ends: dict[str, str] = {}
    broken = set()
    for ledger, body in server.rows("SELECT ledger, body FROM intake_batch ORDER BY ledger, last"):
        batch = decode_batch(bytes(body))
        before = ends.get(ledger, GENESIS)
        if batch.header.previous != before:
            broken.add(ledger)
        ends[ledger] = chain(before, batch.lines)[-1]
    heads = dict(server.rows("SELECT ledger, digest FROM intake_head"))
    return len(broken | {ledger for ledger, digest in heads.items() if ends.get(ledger) != digest})


def restore(server: Server, backup: Path) -> None:
    server.stop()
    server.command("restore", str(backup), "--replace")
    server.start()


@pytest.mark.fault("T33")
def test_an_erased_comment_is_gone_everywhere_after_a_restore_and_a_rebuild(server: Server, tmp_path: Path, tablets: list[Tablet]) -> None:
    chance = scale.chance("T33", server.database is None)
    tablet = a_tablet(server, tmp_path / "kiosk", tablets)
    kept: set[str] = set()
    left: list[Path] = []
    cases = scale.how_many(ci=1, long=50)
    for case in scale.watched("T33", range(cases)):
        comments = [written(tablet, number) for number in range(chance.randint(1, 4))]
        carried(tablet)
        assert held(server) >= {sealed for sealed, _ in comments}
        vote = tablet.last_vote
        backup = tmp_path / f"{case}.tar"
        server.command("backup", str(backup))
        erased, body = comments[-1]
        name = [erased] if chance.random() < 0.5 else ["--vote", str(vote)]
        server.command("erase", *name, "--because", f"đơn số {case}")
        kept |= {sealed for sealed, _ in comments[:-1]}
        if chance.random() < 0.5:
            kept.add(written(tablet, 99)[0])
            carried(tablet)
        restore(server, backup)
        carried(tablet)
        server.command("rebuild")
        (tablet.data / "sealed" / erased).write_bytes(body)  # the kiosk's disk is set back too
        carried(tablet)
        assert held(server) == kept
        left += places_of(body, tablet.data)
        left += places_of(body, server.data) if server.database is None else []
    broken = broken_chains(server)
    report("T33", cases=cases, lost=0, doubled=0)
    assert left == []
    assert broken == 0
    assert tablet.ledger.waiting() == 0


@pytest.mark.fault("T33")
def test_a_database_that_was_put_back_by_hand_is_purged_before_it_serves(embedded: Server, tmp_path: Path, tablets: list[Tablet]) -> None:
    tablet = a_tablet(embedded, tmp_path / "kiosk", tablets)
    erased, body = written(tablet, 1)
    carried(tablet)
    database, copy = embedded.data / "hailong.sqlite3", tmp_path / "copy"
    shutil.copy(database, copy)
    embedded.command("erase", erased, "--because", "đơn số 1")
    assert places_of(body, embedded.data) == []
    embedded.stop()
    shutil.copy(copy, database)
    found = places_of(body, embedded.data)
    embedded.start()
    report("T33", cases=1, lost=0, doubled=0, control=f"register not applied: bytes found in {len(found)} file of 1")
    assert found == [database], "the search finds what is there"
    assert places_of(body, embedded.data) == []


@pytest.mark.fault("T33")
def test_control_a_register_that_goes_back_with_the_database_brings_the_comment_back(
    embedded: Server, tmp_path: Path, tablets: list[Tablet]
) -> None:
    tablet = a_tablet(embedded, tmp_path / "kiosk", tablets)
    erased, body = written(tablet, 1)
    carried(tablet)
    embedded.command("backup", str(tmp_path / "old.tar"))
    embedded.command("erase", erased, "--because", "đơn số 1")
    (embedded.data / "register" / "erasures.tsv").unlink()
    restore(embedded, tmp_path / "old.tar")
    back = held(embedded)
    report("T33", cases=0, lost=0, doubled=0, control=f"register in the backup: {len(back)} of 1 came back")
    assert back == {erased}
    assert places_of(body, embedded.data) != []


@pytest.mark.fault("T28")
def test_no_word_of_a_comment_is_in_a_log_ledger_journal_or_archive(embedded: Server, tmp_path: Path, tablets: list[Tablet]) -> None:
    tablet = a_tablet(embedded, tmp_path / "kiosk", tablets)
    for number in range(3):
        erased, _ = written(tablet, number)
    carried(tablet)
    embedded.command("erase", erased, "--because", "đơn số 1")
    carried(tablet)
    embedded.stop()
    lines = [line for (body,) in embedded.rows("SELECT body FROM intake_batch") for line in decode_batch(bytes(body)).lines]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    hits = [str(path) for path in files if CANARY.encode() in path.read_bytes()] + [line for line in lines if CANARY.encode() in line]
    assert any(erased.encode() in line for line in lines), "the archive names the comment"
    report("T28", cases=len(files) + len(lines), lost=0, doubled=0)
    assert hits == []
