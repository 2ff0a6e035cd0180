"""`hailong-kiosk sync`, beside a running kiosk and without one, towards a real server."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Ledger
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Kiosk, Server

pytestmark = pytest.mark.endtoend


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "server") as running:
        yield running


@pytest.fixture
def kiosk(server: Server, display: VirtualDisplay, tmp_path: Path) -> Iterator[Kiosk]:
    """Enrolled, and not started."""
    one = Kiosk(tmp_path / "kiosk", server.address, display, thanks_seconds=0.2)
    one.enrol(server.demo().counters[0]["code"])
    yield one
    one.stop()


def sync(kiosk: Kiosk, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings), "sync", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)


def votes(server: Server) -> int:
    return int(server.rows("SELECT count(*) FROM intake_vote")[0][0])


def test_where_no_kiosk_runs_it_exchanges_itself_and_the_kiosk_goes_on_afterwards(kiosk: Kiosk, server: Server) -> None:
    kiosk.start()
    wait_until(
        lambda: (kiosk.data / "proof.json").exists() and '"exchange":true' in (kiosk.data / "proof.json").read_text(), "it exchanged"
    )
    server.stop()
    kiosk.vote(satisfied=True)
    kiosk.stop(signal.SIGKILL)
    server.start()
    assert votes(server) == 0
    ended = sync(kiosk)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Chờ gửi: 0 mục\n" in ended.stdout
    assert "máy chủ đã nhận\n" in ended.stdout
    assert votes(server) == 1
    ledger = Ledger(kiosk.data, Clocks())
    assert ledger.waiting() == 0
    ledger.close()
    kiosk.start()
    kiosk.vote(satisfied=False)
    wait_until(lambda: votes(server) == 2, "the next vote arrives")


def test_the_running_kiosk_is_asked_and_does_not_wait_until_it_would_have_tried_again(kiosk: Kiosk, server: Server) -> None:
    server.stop()
    kiosk.start()
    for _ in range(2):
        kiosk.vote(satisfied=True)
    failed = sync(kiosk, "--json")
    assert failed.returncode == 4
    told = json.loads(failed.stdout)
    assert told["outcome"] == "failed"
    assert told["waiting"] >= 2
    assert told["advice"]
    for _ in range(4):
        sync(kiosk, "--json")  # by now it would wait for a minute or two
    server.start()
    ended = sync(kiosk)
    assert ended.returncode == 0, ended
    assert votes(server) == 2
    assert list((kiosk.data / "requests").iterdir()) == []


def test_a_server_that_refuses_is_told_with_what_to_do(kiosk: Kiosk, server: Server) -> None:
    [(device,)] = server.rows("SELECT id FROM devices_device")
    change = f"Device.objects.filter(id={device!r}).update(revoked_at=Device.objects.get().enrolled_at)"
    server.command("shell", "-c", f"from server.devices.models import Device; {change}")
    ended = sync(kiosk)
    assert ended.returncode == 3, ended
    assert "đã bị thu hồi" in ended.stdout
