"""A kiosk that was provisioned and never reached its server is carried by stick, until the network comes: real processes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Kiosk, Server

pytestmark = [pytest.mark.endtoend, pytest.mark.long]


def provisioned(server: Server, out: Path, display: VirtualDisplay) -> Kiosk:
    """A kiosk with the files that the server made for a counter; it may reach the server when that runs."""
    counter = server.demo().counter("Quầy 3")["id"]
    server.command("provision", counter, "--server", server.address, "--out", str(out))
    kiosk = Kiosk(out / "kiosk", server.address, display, thanks_seconds=0.1)
    shutil.copy(out / counter / "roster.json", out / "kiosk")
    kiosk.settings.write_text(f'data = "{kiosk.data}"\nthanks_seconds = 0.1\n{(out / counter / "kiosk.toml").read_text()}')
    return kiosk


def export(kiosk: Kiosk, stick: Path) -> str:
    words = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings), "export", str(stick)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def counted(server: Server) -> tuple[int, int]:
    """Votes, and what the tallies add up to."""
    [(votes,)] = server.rows("SELECT count(*) FROM intake_vote")
    [(tallied,)] = server.rows("SELECT coalesce(sum(satisfied + dissatisfied), 0) FROM intake_unithour")
    return int(votes), int(tallied)


def status(kiosk: Kiosk) -> dict[str, Any]:
    return dict(json.loads((kiosk.data / "status.json").read_bytes()))


def test_votes_without_network_go_by_stick_with_the_enrolment_and_nothing_doubles_when_the_network_comes(
    server: Server, display: VirtualDisplay, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    kiosk = provisioned(server, tmp_path, display)
    server.stop()
    server.command("rotatekeys")
    with kiosk:
        for satisfied in (True, False):
            kiosk.vote(satisfied=satisfied)
        kiosk.wait_for_question()
        assert "mã bí mật" in export(kiosk, stick)
        assert "đã đăng ký, mã máy d-" in server.command("import", str(stick))
        assert counted(server) == (2, 2)
        server.command("import", str(stick))
        kiosk.vote(satisfied=True)
        kiosk.wait_for_question()
        assert not kiosk.is_enrolled
        printed = export(kiosk, stick)
        assert "Máy chủ đã đăng ký máy này" in printed
        assert "1 mục" in printed
        assert kiosk.is_enrolled
        assert [path.name[:2] for path in (stick / "hailong").iterdir()] == ["d-"]
        wait_until(lambda: not list((kiosk.data / "requests").iterdir()), f"the kiosk took the receipts ({kiosk.log})")
        server.command("import", str(stick))
        assert counted(server) == (3, 3)
        kiosk.vote(satisfied=False)
        kiosk.wait_for_question()
    server.start()
    with kiosk:  # started anew, so that it asks at once
        wait_until(
            lambda: counted(server)[0] == 4 and status(kiosk)["waiting"] == 0,
            f"the network brings the fourth vote ({kiosk.log})",
            60,
        )
        server.command("import", str(stick))
    assert counted(server) == (4, 4)
    assert server.rows("SELECT count(*) FROM devices_device") == [(1,)]
    assert server.rows("SELECT count(*) FROM intake_quarantine") == [(0,)]


def test_a_stick_that_comes_after_the_network_changes_nothing(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    kiosk = provisioned(server, tmp_path, display)
    server.stop()
    with kiosk:
        kiosk.vote(satisfied=True)
        kiosk.wait_for_question()
        export(kiosk, stick)
    server.start()
    with kiosk:
        wait_until(lambda: kiosk.is_enrolled and counted(server)[0] == 1, f"the network brings it ({kiosk.log})", 60)
        enrolment = (kiosk.data / "enrolment.json").read_bytes()
        assert "Đã nhận đủ" in server.command("import", str(stick))
        export(kiosk, stick)
        assert (kiosk.data / "enrolment.json").read_bytes() == enrolment
    assert counted(server) == (1, 1)
    assert server.rows("SELECT count(*) FROM devices_device") == [(1,)]
