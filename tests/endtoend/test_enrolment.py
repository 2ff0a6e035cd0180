"""Enrolling by the command line, with a real server."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stage.programs import ROOT, Server, free_port

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
    assert "kiểm tra mạng" in said


def test_the_first_settings_are_written_at_enrolment(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    exit_code, said = enrol(tmp_path, "AAAAA-AAAAA", server="not an address")
    assert exit_code == 2
    assert "https://" in said
    enrol(tmp_path, "AAAAA-AAAAA", server=address)
    assert (tmp_path / "kiosk.toml").read_text() == f'server = "{address}"\n'
    exit_code, said = enrol(tmp_path, "AAAAA-AAAAA", server="https://other.vn")
    assert exit_code == 2
    assert address in said
