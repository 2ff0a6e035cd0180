"""Who writes a kiosk from docs/wire.md alone has one that this server understands."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stage.programs import Server

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "wire"
PROGRAM = HERE / "second_kiosk.py"


class SecondKiosk:
    """The other's program, with a folder of its own."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self._server = server

    def __call__(self, *words: str) -> str:
        """What it prints. Raises subprocess.CalledProcessError, its output with it."""
        command = [sys.executable, str(PROGRAM), "--data", str(self.folder), "--server", self._server.address, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    def sync(self) -> None:
        assert "all acknowledged" in self("sync", "--now", "--patience", "5")

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self("status")))

    def clone(self, folder: Path) -> "SecondKiosk":
        """Its disk, copied."""
        return SecondKiosk(Path(shutil.copytree(self.folder, folder)), self._server)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server with its embedded database."""
    with Server(tmp_path / "server") as running:
        yield running


def enrolled(server: Server, folder: Path) -> SecondKiosk:
    kiosk = SecondKiosk(folder, server)
    kiosk("enrol", server.demo().counter("Quầy 1")["code"])
    return kiosk


def counted(server: Server) -> tuple[int, int]:
    """Votes, and how many of them are of satisfied citizens, as the results show them."""
    [tallied] = server.rows("SELECT sum(satisfied), sum(dissatisfied) FROM intake_officerday")
    [(votes, satisfied)] = server.rows("SELECT count(*), sum(satisfied) FROM intake_vote")
    assert tallied == (satisfied, votes - satisfied)
    return votes, satisfied


def test_the_second_client_has_nothing_of_ours() -> None:
    for path in HERE.glob("second_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & {"", "kiosk", "sync", "server", "tests"}, path


def test_the_second_client_makes_and_believes_every_frozen_example() -> None:
    done = subprocess.run([sys.executable, str(PROGRAM), "check", str(EXAMPLES)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.endtoend
def test_what_the_second_client_records_is_counted_once(server: Server, tmp_path: Path) -> None:
    kiosk = enrolled(server, tmp_path / "second")
    kiosk("vote", "satisfied")
    kiosk("vote", "satisfied", "--change", "dissatisfied", "--reasons", "waiting,instructions", "--comment", "Chờ lâu quá.")
    kiosk.sync()
    kiosk("vote", "dissatisfied", "--reasons", "attitude")
    for _ in range(2):
        kiosk.sync()
    assert counted(server) == (3, 1)
    tables = ["intake_change", "intake_reasons", "intake_comment", "comments_sealedcomment", "intake_quarantine", "intake_waiting"]
    assert [server.rows(f"SELECT count(*) FROM {table}") for table in tables] == [[(n,)] for n in (1, 2, 1, 1, 0, 0)]  # noqa: S608
    assert [ledger["pending"] for ledger in kiosk.status()["ledgers"]] == [0]


@pytest.mark.endtoend
def test_a_clone_of_the_second_client_branches_and_nothing_is_lost_or_counted_twice(server: Server, tmp_path: Path) -> None:
    kiosk = enrolled(server, tmp_path / "second")
    kiosk("vote", "satisfied")
    kiosk.sync()
    kiosk("vote", "satisfied")  # on both disks, and not yet sent by either
    clone = kiosk.clone(tmp_path / "clone")
    kiosk("vote", "dissatisfied")
    clone("vote", "satisfied", "--change", "dissatisfied")
    for _ in range(2):
        kiosk.sync()
        clone.sync()
    assert [ledger["reason"] for ledger in clone.status()["ledgers"]] == ["new", "forked"]
    assert counted(server) == (4, 2)
    assert server.rows("SELECT reason FROM intake_quarantine") == []
    assert server.rows("SELECT flag FROM devices_device") == [("forked",)]


@pytest.mark.endtoend
def test_the_second_client_changes_its_key_and_goes_on_in_its_ledger(server: Server, tmp_path: Path) -> None:
    kiosk = enrolled(server, tmp_path / "second")
    kiosk("vote", "satisfied")
    before = kiosk.status()["key"]
    kiosk("rotate")
    kiosk("vote", "dissatisfied")
    kiosk.sync()
    assert kiosk.status()["key"] != before
    assert counted(server) == (2, 1)
    assert server.rows("SELECT count(*) FROM devices_device") == [(1,)]


@pytest.mark.endtoend
def test_a_disk_put_back_that_enrols_by_its_former_key_shuts_out_no_batch_of_the_other(server: Server, tmp_path: Path) -> None:
    kiosk = enrolled(server, tmp_path / "second")
    kiosk("vote", "satisfied")
    kiosk.sync()
    put_back = kiosk.clone(tmp_path / "image")
    kiosk("rotate")
    put_back("enrol", server.demo().counter("Quầy 1")["code"])
    for number, one in enumerate((kiosk, put_back, kiosk)):
        one("vote", "satisfied" if number else "dissatisfied")
        one.sync()
    assert counted(server) == (4, 3)
    assert server.rows("SELECT reason FROM intake_quarantine") == []
    assert server.rows("SELECT count(*) FROM devices_device") == [(1,)]
    assert server.rows("SELECT public_key FROM devices_device") == [(put_back.status()["key"],)]
    assert server.rows("SELECT public_key FROM devices_formerkey") == [(kiosk.status()["key"],)]
