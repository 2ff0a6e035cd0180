"""Enrolling by the command line, with a real server."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, Kiosk, Server, free_port

pytestmark = pytest.mark.endtoend


def enrol(folder: Path, code: str, *options: str, server: str | None = None) -> tuple[int, str]:
    """The exit code, and what was said."""
    words = [sys.executable, "-m", "kiosk", "--config", str(folder / "kiosk.toml"), *options, "enrol", code]
    if server:
        words += ["--server", server]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=60)
    return done.returncode, (done.stdout + done.stderr).decode()


def settings(folder: Path, server: str) -> Path:
    folder.mkdir()
    (folder / "kiosk.toml").write_text(f'server = "{server}"\ndata = "{folder / "data"}"\n')
    return folder


def test_a_code_enrols_once_and_what_goes_wrong_is_told_with_what_to_do(server: Server, tmp_path: Path) -> None:
    code = server.demo().counter("Quầy 1")["code"]
    first, second = settings(tmp_path / "first", server.address), settings(tmp_path / "second", server.address)
    assert enrol(first, code.lower().replace("-", " ")) == (0, "Đã đăng ký: Quầy 1, Phường Thái Hòa.\n")
    exit_code, said = enrol(second, code)
    assert exit_code == 3
    assert "đã được dùng" in said
    exit_code, said = enrol(second, "AAAAA-AAAAA", "--lang", "en")
    assert exit_code == 3
    assert "not known" in said
    assert not (second / "data" / "enrolment.json").exists()


def test_guessing_codes_is_slowed_down(server: Server, tmp_path: Path) -> None:
    folder = settings(tmp_path / "kiosk", server.address)
    said = [enrol(folder, f"AAAAA-AAAA{digit}")[1] for digit in range(6)]
    assert all("không đúng" in sentence for sentence in said[:5])
    assert "đợi một phút" in said[5]


def test_an_unreachable_server_is_told(tmp_path: Path) -> None:
    folder = settings(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}")
    exit_code, said = enrol(folder, "AAAAA-AAAAA")
    assert exit_code == 4
    assert "Không kết nối được máy chủ" in said
    assert "có đang chạy không" in said


def test_the_first_settings_are_written_at_enrolment(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    exit_code, said = enrol(tmp_path, "AAAAA-AAAAA", server="not an address")
    assert exit_code == 2
    assert "https://" in said
    assert enrol(tmp_path, "AAAAA-AAAAA", server=address)[0] == 4
    assert not list(tmp_path.iterdir())
    settings(tmp_path / "kiosk", address)
    exit_code, said = enrol(tmp_path / "kiosk", "AAAAA-AAAAA", server="https://other.vn")
    assert exit_code == 2
    assert address in said


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Server]:
    """A running server with its embedded database, which is one file."""
    with Server(tmp_path / "server") as running:
        yield running


def database(server: Server) -> Path:
    return server.log.parent / "data" / "hailong.sqlite3"


def counted(server: Server) -> int:
    with closing(sqlite3.connect(database(server))) as connection:
        return int(connection.execute("SELECT count(*) FROM intake_vote").fetchone()[0])


def status(kiosk: Kiosk) -> dict[str, Any]:
    file = kiosk.data / "status.json"
    return dict(json.loads(file.read_bytes())) if file.exists() else {}


def wait_for_receipt(kiosk: Kiosk, server: Server, votes: int) -> None:
    wait_until(lambda: counted(server) == votes and status(kiosk).get("waiting") == 0, f"{votes} votes are counted ({kiosk.log})", 60)


def command(kiosk: Kiosk, *words: str) -> tuple[int, str]:
    """What a technician runs beside the kiosk: the exit code, and what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings), *words], cwd=ROOT, capture_output=True, timeout=60
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def provisioned(server: Server, counter: str, out: Path) -> str:
    """The kiosk.toml that the server made for a counter."""
    environment = {**os.environ, "HAILONG_DATA": str(database(server).parent)}
    words = [sys.executable, "-m", "server", "provision", counter, "--server", server.address, "--out", str(out)]
    subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (out / counter / "kiosk.toml").read_text()


def test_a_provisioned_kiosk_votes_before_its_first_contact_and_enrols_by_itself(
    embedded: Server, display: VirtualDisplay, tmp_path: Path
) -> None:
    counter = embedded.demo().counter("Quầy 3")["id"]
    kiosk = Kiosk(tmp_path / counter, embedded.address, display, thanks_seconds=0.1)
    settings = provisioned(embedded, counter, tmp_path / "out")
    shutil.copytree(tmp_path / "out" / counter, tmp_path / counter, dirs_exist_ok=True)
    kiosk.settings.write_text(f'data = "{kiosk.data}"\nthanks_seconds = 0.1\n{settings}')
    embedded.stop()
    with kiosk:
        kiosk.vote(satisfied=True)
        kiosk.vote(satisfied=False)
        assert not kiosk.is_enrolled
        embedded.start()
        wait_for_receipt(kiosk, embedded, 2)
        assert kiosk.is_enrolled


@pytest.mark.long
def test_a_server_restored_from_an_old_backup_is_filled_again_after_a_new_code_while_the_kiosk_runs(
    embedded: Server, display: VirtualDisplay, tmp_path: Path
) -> None:
    code = embedded.demo().counter("Quầy 3")["code"]
    embedded.stop()
    shutil.copy(database(embedded), tmp_path / "backup")
    embedded.start()
    kiosk = Kiosk(tmp_path / "kiosk", embedded.address, display, thanks_seconds=0.1)
    kiosk.enrol(code)
    with kiosk:
        kiosk.vote(satisfied=True)
        wait_for_receipt(kiosk, embedded, 1)
        assert command(kiosk, "rotate") == (0, "Máy này đã đổi khóa. Các lượt đánh giá vẫn giữ nguyên.\n")
        kiosk.vote(satisfied=False)
        wait_for_receipt(kiosk, embedded, 2)
        embedded.stop()
        shutil.copy(tmp_path / "backup", database(embedded))
        embedded.start()
        wait_until(lambda: "401 unknown-device" in status(kiosk).get("detail", ""), "the server does not know the kiosk", 60)
        assert "Xin tạo mã mới" in status(kiosk)["advice"]
        kiosk.vote(satisfied=True)
        assert command(kiosk, "enrol", embedded.demo().counter("Quầy 3")["code"])[0] == 0
        wait_for_receipt(kiosk, embedded, 3)


def test_a_kiosk_that_is_nobody_has_no_key_to_change(tmp_path: Path) -> None:
    folder = settings(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}")
    words = [sys.executable, "-m", "kiosk", "--config", str(folder / "kiosk.toml"), "rotate"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert "Máy này chưa được đăng ký" in done.stderr.decode()
