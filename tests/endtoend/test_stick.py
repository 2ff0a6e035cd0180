"""Carry-over without network: the kiosk's and the server's commands, real files, a real stick that fills up."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from kiosk.requests import Requests
from sync.courier import Step
from sync.wire import MAX_BATCH_LINES, Acked
from tests.stage.programs import ROOT, Server
from tests.stage.tablet import Tablet

pytestmark = [pytest.mark.endtoend, pytest.mark.long, pytest.mark.xdist_group("stick")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def tablet(server: Server, tmp_path: Path) -> Iterator[Tablet]:
    made = Tablet(tmp_path / "kiosk" / "data", server.address, server.demo().counter("Quầy 1")["code"])
    (tmp_path / "kiosk" / "kiosk.toml").write_text(f'server = "{server.address}"\ndata = "{made.data}"\n')
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def export(tablet: Tablet, stick: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "kiosk", "--config", str(tablet.data.parent / "kiosk.toml"), "export", str(stick)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def exported(tablet: Tablet, stick: Path) -> str:
    done = export(tablet, stick)
    assert done.returncode == 0, done.stderr
    return done.stdout


def folder_of(tablet: Tablet, stick: Path) -> Path:
    enrolment = tablet.identity.enrolment
    assert enrolment is not None
    return stick / "hailong" / enrolment.device


def take_in(tablet: Tablet) -> None:
    """As the running kiosk does, every few seconds."""
    Requests(tablet.data, tablet.ledger, tablet.roster.store, lambda sealed: None).look()


def counted(server: Server, tablet: Tablet) -> tuple[set[str], int]:
    """Which of the tablet's votes the server counts, and how many votes all tallies have together beyond the rows."""
    votes = [str(UUID(str(vote))) for (vote,) in server.rows("SELECT id FROM intake_vote")]
    [(days,)] = server.rows("SELECT coalesce(sum(satisfied + dissatisfied), 0) FROM intake_officerday")
    return tablet.cast.intersection(votes), int(days) - len(set(votes))


def test_votes_go_by_stick_while_the_kiosk_runs_and_the_receipts_come_back(server: Server, tablet: Tablet, stick: Path) -> None:
    entries = MAX_BATCH_LINES + 20
    for _ in range(entries - 1):
        tablet.vote()
    printed = exported(tablet, stick)
    assert f"{entries} mục" in printed  # the ledger's first line with them
    assert f"đã nhận {entries} mục" in server.command("import", str(stick))
    assert counted(server, tablet) == (tablet.cast, 0)
    assert "2 biên nhận" in (again := exported(tablet, stick))
    assert "Không còn gì phải chuyển" in again  # before the running kiosk even looked
    assert tablet.ledger.waiting() == entries
    take_in(tablet)
    assert tablet.ledger.waiting() == 0
    assert tablet.roster.digest is not None
    assert not list((tablet.data / "requests").iterdir())


def test_what_came_by_stick_counts_once_when_the_network_brings_it_again(server: Server, tablet: Tablet, stick: Path) -> None:
    tablet.drain()
    for _ in range(5):
        tablet.vote("dissatisfied")
    assert "5 mục" in exported(tablet, stick)
    tablet.vote()
    tablet.drain()
    server.command("import", str(stick))
    tablet.vote()
    exported(tablet, stick)
    server.command("import", str(stick))
    server.command("import", str(stick))
    tablet.drain()
    assert counted(server, tablet) == (tablet.cast, 0)


def test_a_gap_on_the_stick_is_answered_and_the_next_stick_closes_it(server: Server, tablet: Tablet, stick: Path) -> None:
    tablet.vote()
    exported(tablet, stick)
    shutil.rmtree(stick / "hailong")  # lost, but the kiosk believes (wrongly) that the server has it
    tablet.ledger.acknowledge(_stand(tablet))
    tablet.vote()
    tablet.facts.note(_a_step())
    exported(tablet, stick)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server.command("import", str(stick))
    assert "gap" in failed.value.stderr
    exported(tablet, stick)
    take_in(tablet)
    server.command("import", str(stick))
    assert counted(server, tablet) == (tablet.cast, 0)


def test_damaged_and_foreign_files_are_named_and_the_rest_counts(server: Server, tablet: Tablet, stick: Path) -> None:
    for _ in range(2 * MAX_BATCH_LINES + 200):
        tablet.vote()
    exported(tablet, stick)
    requests = folder_of(tablet, stick) / "requests"
    first, second, third = sorted(requests.iterdir())
    assert first.name == "000001-entries"
    third.write_bytes(third.read_bytes()[:-3])
    (requests / "holiday.jpg").write_bytes(b"\xff\xd8" * 1000)
    (stick / "hailong" / "d-FOREIGN").mkdir()
    (stick / "hailong" / "d-FOREIGN" / "requests").mkdir()
    shutil.copy(second, stick / "hailong" / "d-FOREIGN" / "requests" / "000001-entries")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server.command("import", str(stick))
    named = failed.value.stderr
    assert "Traceback" not in named
    for name in ("000003-entries", "holiday.jpg", "d-FOREIGN, 000001-entries"):
        assert name in named
    assert len(counted(server, tablet)[0]) == 2 * MAX_BATCH_LINES - 1  # two whole batches, less the first line
    exported(tablet, stick)
    shutil.rmtree(stick / "hailong" / "d-FOREIGN")
    (requests / "holiday.jpg").unlink(missing_ok=True)
    server.command("import", str(stick))
    assert counted(server, tablet) == (tablet.cast, 0)


def test_a_batch_that_somebody_changed_or_another_device_signed_is_not_taken_in(server: Server, tablet: Tablet, stick: Path) -> None:
    tablet.vote()
    exported(tablet, stick)
    request = folder_of(tablet, stick) / "requests" / "000001-entries"
    good = request.read_bytes()
    chance = random.Random(20261125)
    for _ in range(3):
        changed = bytearray(good)
        changed[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        request.write_bytes(changed)
        with pytest.raises(subprocess.CalledProcessError):
            server.command("import", str(stick))
        assert counted(server, tablet)[0] == set()
    request.write_bytes(good)
    server.command("import", str(stick))
    assert counted(server, tablet) == (tablet.cast, 0)


def test_answers_that_are_not_our_servers_to_our_batches_move_nothing(server: Server, tablet: Tablet, stick: Path, tmp_path: Path) -> None:
    other = Tablet(tmp_path / "other", server.address, server.demo().counter("Quầy 2")["code"])
    try:
        for kiosk in (tablet, other):
            kiosk.vote()
        exported(tablet, stick)
        server.command("import", str(stick))
        answers = folder_of(tablet, stick) / "answers"
        (answer,) = answers.iterdir()
        genuine = answer.read_bytes()
        (other.data.parent / "kiosk.toml").write_text(f'server = "{server.address}"\ndata = "{other.data}"\n')
        theirs = folder_of(other, stick) / "answers"
        theirs.mkdir(parents=True)
        (theirs / answer.name).write_bytes(genuine)  # another kiosk's
        changed = genuine.replace(b'"acked":', b'"acked":1')
        answer.write_bytes(changed)
        for kiosk in (tablet, other):
            exported(kiosk, stick)
            (kiosk.data / "requests").mkdir(exist_ok=True)
            (kiosk.data / "requests" / "x.answer").write_bytes(genuine if kiosk is other else changed)
            waiting = kiosk.ledger.waiting()
            take_in(kiosk)
            assert kiosk.ledger.waiting() == waiting
    finally:
        other.close()


@pytest.fixture
def small_stick(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("NOT PROVEN HERE: a stick that fills up is a tmpfs, which only root can mount")
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_stick_is_told_and_what_is_whole_on_it_counts(server: Server, tablet: Tablet, small_stick: Path) -> None:
    for _ in range(2 * MAX_BATCH_LINES - 100):  # two batches of about 20 KB, of which one fits
        tablet.vote()
    done = export(tablet, small_stick)
    assert done.returncode == 6
    assert "đã đầy" in done.stderr
    assert not list(small_stick.rglob("*.new"))
    written = list((folder_of(tablet, small_stick) / "requests").iterdir())
    assert written
    shutil.copytree(small_stick, tablet.data.parent / "copy")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server.command("import", str(tablet.data.parent / "copy"))
    assert "không rõ đã đủ chưa" in failed.value.stderr
    assert counted(server, tablet)[0]
    tablet.drain()
    assert counted(server, tablet) == (tablet.cast, 0)


def test_no_stick_is_told(tablet: Tablet, tmp_path: Path) -> None:
    done = export(tablet, tmp_path / "nothing")
    assert (done.returncode, "Xin cắm USB" in done.stderr) == (6, True)


def _stand(tablet: Tablet) -> Acked:
    last = tablet.ledger.held()[-1]
    digest = tablet.ledger.digest_at(last.ledger, last.last)
    assert digest is not None
    return Acked(last.ledger, last.last, digest)


def _a_step() -> Step:
    return Step("failed", 60.0, "no network")
