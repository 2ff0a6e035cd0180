"""What the machine around the server refuses is told in one line."""

import os
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from server import environment, faults, keys
from server.management.address import refuse_used
from server.serving import InUseError, restores, serves
from server.urls import urlpatterns as ours
from tests.server.kiosk import Kiosk

pytestmark = pytest.mark.once

COMMANDS = ("serve", "verify", "demo")


def variables(folder: Path, database: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAILONG_", "DJANGO_"))}
    return {**kept, "HAILONG_DATA": str(folder), "HAILONG_DATABASE_URL": database}


def refused(folder: Path, *words: str, database: str = "", code: int = 1) -> str:
    """What a command says that ends with an exit code."""
    command = [sys.executable, "-m", "server", *words]
    done = subprocess.run(command, env=variables(folder, database), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    return done.stderr


@contextmanager
def serving(folder: Path) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """A server on SQLite, and its address."""
    command = [sys.executable, "-m", "server", "serve", "--bind", "127.0.0.1:0", "--workers", "1"]
    with subprocess.Popen(command, env=variables(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def one_line(said: str) -> str:
    assert said.count("\n") == 1, said
    return said.strip()


@pytest.mark.parametrize("command", [*COMMANDS, "backup"])
def test_a_postgresql_that_is_not_there_is_told_in_one_line_without_the_password(folder: Path, command: str) -> None:
    words = (command, str(folder / "b.tar")) if command == "backup" else (command,)
    said = one_line(refused(folder, *words, database="postgresql://an:secret@127.0.0.1:1/hailong"))
    assert "PostgreSQL ở 127.0.0.1:1 không trả lời: Connection refused. PostgreSQL có chạy không?" in said
    assert "secret" not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database_is_told_in_one_line(folder: Path, command: str) -> None:
    folder.mkdir()
    (folder / "hailong.sqlite3").write_text("a letter, and nothing of a database" * 100)
    assert "hailong.sqlite3 không phải cơ sở dữ liệu SQLite. Xin khôi phục" in one_line(refused(folder, command))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_cannot_be_written_is_told_in_one_line(folder: Path, command: str) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "hailong.sqlite3")) as database:
        database.execute("CREATE TABLE t (a)")
    content = bytearray((folder / "hailong.sqlite3").read_bytes())
    content[18] = 3  # the file format's write version: above 2 is read-only, for root too
    (folder / "hailong.sqlite3").write_bytes(content)
    assert "hailong.sqlite3 không ghi được: chỉ cho đọc. Lệnh này phải do người dùng của máy chủ chạy" in one_line(refused(folder, command))


def test_a_database_that_cannot_be_opened_is_told_in_one_line(folder: Path) -> None:
    (folder / "hailong.sqlite3").mkdir(parents=True)
    assert "hailong.sqlite3 không mở được: đó là một thư mục." in one_line(refused(folder, "verify"))


def test_keys_that_cannot_be_read_are_told_in_one_line(folder: Path) -> None:
    (folder / "keys" / "secret").mkdir(parents=True)
    assert f"{folder / 'keys' / 'secret'} không đọc ghi được: Is a directory." in one_line(refused(folder, "demo"))


def test_another_error_is_ours_and_keeps_its_traceback(tmp_path: Path) -> None:
    decided = environment.read({"HAILONG_DATA": str(tmp_path)})
    assert faults.explained(ValueError("x"), decided) is None
    assert faults.explained(FileNotFoundError(2, "No such file", "/elsewhere"), decided) is None
    with pytest.raises(sqlite3.OperationalError) as error, closing(sqlite3.connect(":memory:")) as database:
        database.execute("SELECT * FROM nowhere")
    assert faults.explained(error.value, decided) is None


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            'connection failed: connection to server at "db", port 5433 failed: FATAL:  password authentication failed for user "an"',
            "từ chối: p",
        ),
        ("couldn't get a connection after 20.00 sec", "không trả lời: couldn't"),
    ],
)
def test_what_postgresql_says_is_kept_and_its_address_named(said: str, line: str) -> None:
    decided = environment.read({"HAILONG_DATABASE_URL": "postgresql://an:secret@db:5433/hailong"})
    error = OperationalError()
    error.__cause__ = psycopg.OperationalError(said)
    assert f"PostgreSQL ở db:5433 {line}" in str(faults.explained(error, decided))


def test_a_postgresql_without_such_a_database_says_so(folder: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    url = os.environ["HAILONG_DATABASE_URL"].replace("@/postgres", "@/nowhere")
    assert 'từ chối: database "nowhere" does not exist. Xin xem HAILONG_DATABASE_URL.' in one_line(refused(folder, "verify", database=url))


def test_an_address_in_use_is_told_at_once(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        said = one_line(refused(folder, "serve", "--bind", bind))
    assert f"{bind} is used by another program; choose another --bind, or stop it." in said
    refuse_used(bind)


@pytest.mark.parametrize(("bind", "said"), [("192.0.2.7:8000", "no address of this machine"), ("no-such-host.invalid:8000", "no machine")])
def test_a_foreign_address_is_told_at_once(bind: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        refuse_used(bind)


def test_a_server_with_new_keys_and_old_kiosks_says_that_none_will_believe_it(
    kiosk: Kiosk, own_keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("server.management.commands.serve.Server.run", lambda server: None)
    call_command("serve", "--bind", "127.0.0.1:0")
    assert capsys.readouterr().err == ""
    (own_keys / "signing").unlink()
    keys._signing_key.cache_clear()
    call_command("serve", "--bind", "127.0.0.1:0")
    assert "1 kiosks" in (said := capsys.readouterr().err)
    assert "no enrolled kiosk will believe this server" in said


def test_nothing_is_restored_while_a_server_runs(folder: Path, tmp_path: Path) -> None:
    with serving(folder) as (process, _):
        assert (
            "All holds."
            in subprocess.run(
                [sys.executable, "-m", "server", "verify"], env=variables(folder), capture_output=True, text=True, check=True
            ).stdout
        )
        said = one_line(refused(folder, "restore", str(tmp_path / "b.tar"), "--replace"))
        assert "Máy chủ đang chạy" in said
        process.terminate()
        process.wait(20)
    assert "Không có tệp" in one_line(refused(folder, "restore", str(tmp_path / "b.tar"), "--replace"))


def test_two_servers_share_a_folder_and_a_restore_shares_it_with_none(tmp_path: Path) -> None:
    with serves(tmp_path), serves(tmp_path), pytest.raises(InUseError), restores(tmp_path):
        pass
    with restores(tmp_path), pytest.raises(InUseError), serves(tmp_path):
        pass


def test_a_wrong_host_is_one_warning_that_says_what_to_set(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/login/", headers={"host": "evil.example"}).status_code == 400
    [record] = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert record.getMessage() == "refused: the host 'evil.example' is not in HAILONG_ALLOWED_HOSTS"


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [path("forbidden/", forbidden), *ours]


@override_settings(ROOT_URLCONF=__name__)
def test_what_is_forbidden_is_logged_without_a_traceback(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/forbidden/").status_code == 403
    [record] = caplog.records
    assert record.exc_info is None
    assert "/forbidden/" in record.getMessage()


def test_a_log_of_a_running_server_has_the_warning_and_no_traceback(folder: Path) -> None:
    with serving(folder) as (process, address):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(urllib.request.Request(address + "/login/", headers={"Host": "evil.example"}), timeout=20)  # noqa: S310
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert errors.count("evil.example") == 1
    assert "Traceback" not in errors


def test_a_word_that_is_wrong_is_told_with_the_one_expected(folder: Path, tmp_path: Path) -> None:
    assert "expected a day as YYYY-MM-DD" in refused(folder, "verify", "--day", "x", code=2)
    assert "expected a day as YYYY-MM-DD" in refused(folder, "publishday", "--day", "x", code=2)
    assert "expected the id of a vote" in refused(folder, "erase", "--vote", "x", "--because", "y", code=2)
    assert f"There is no folder {tmp_path / 'none'} for b.tar." in one_line(refused(folder, "backup", str(tmp_path / "none" / "b.tar")))


def test_a_file_that_is_no_backup_is_told_in_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("nothing of ours")
    assert "không phải bản sao lưu của Hài Lòng" in one_line(refused(folder, "restore", str(tmp_path / "letter")))
    subprocess.run([sys.executable, "-m", "server", "demo"], env=variables(folder), capture_output=True, check=True)
    refused(folder, "backup", str(tmp_path / "b.tar"), "--keys", str(tmp_path / "k.tar"), code=0)
    assert "Đây là tệp khóa" in one_line(refused(folder, "restore", str(tmp_path / "k.tar")))
