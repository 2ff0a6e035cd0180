"""Backup and restore, by the commands, of servers of their own on both databases."""

import json
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from server.comments.register import Erasure, Register
from tests.postgres import private_postgres
from tests.stage.programs import Server

pytestmark = [pytest.mark.endtoend, pytest.mark.long, pytest.mark.xdist_group("backup")]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with private_postgres(fsync=False) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Server:
    """A server with the demo commune, not running, on each database."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").replace("@/postgres", f"@/{tmp_path.name[:30]}")
        with psycopg.connect(request.getfixturevalue("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{tmp_path.name[:30]}"'.encode())
    made = Server(tmp_path / "server", database=url)
    made.data.mkdir()
    made.demo()
    return made


@pytest.fixture
def embedded(tmp_path: Path) -> Server:
    """The same, on SQLite only: what does not depend on the database."""
    made = Server(tmp_path / "server")
    made.data.mkdir()
    made.demo()
    return made


def refusal(server: Server, *words: str) -> str:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server.command(*words)
    return str(failed.value.stderr)


def units(server: Server) -> int:
    [(number,)] = server.rows("SELECT count(*) FROM places_unit")
    return int(number)


def new_unit(server: Server, name: str) -> None:
    code = f"from server.places.models import Unit; Unit.objects.create(name={name!r}, kind=Unit.Kind.COMMUNE)"
    server.command("shell", "--no-imports", "-c", code)


def test_what_came_after_the_backup_is_gone_and_what_was_in_use_is_kept(server: Server, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar"
    assert "2 units" in server.command("backup", str(backup))
    new_unit(server, "Later")
    refused = refusal(server, "restore", str(backup))
    assert "--replace" in refused
    assert units(server) == 3
    printed = server.command("restore", str(backup), "--replace")
    assert units(server) == 2
    assert "được giữ lại" in printed
    assert "Xóa lại những góp ý đã được xóa" in printed
    assert "Kiểm tra mọi chuỗi dữ liệu" in printed
    new_unit(server, "After the restore")  # the sequences of ids go on
    assert units(server) == 3
    server.demo()


def test_a_backup_fills_a_server_that_is_new(server: Server, tmp_path: Path, postgres: str) -> None:
    server.command("backup", str(tmp_path / "backup.tar"), "--keys", str(tmp_path / "keys.tar"))
    url = None
    if server.database:
        url = postgres.replace("@/postgres", "@/other" + tmp_path.name[:20])
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "other{tmp_path.name[:20]}"'.encode())
    other = Server(tmp_path / "other", database=url)
    other.data.mkdir()
    assert "2 đơn vị" in other.command("restore", str(tmp_path / "backup.tar"), "--keys", str(tmp_path / "keys.tar"))
    assert units(other) == 2
    assert (other.data / "keys" / "signing").read_text() == (server.data / "keys" / "signing").read_text()


def test_the_backup_holds_no_private_key_and_only_its_owner_may_read_it(embedded: Server, tmp_path: Path) -> None:
    embedded.command("backup", str(tmp_path / "backup.tar"), "--keys", str(tmp_path / "keys.tar"))
    names, content = [], b""
    with tarfile.open(tmp_path / "backup.tar") as tar:
        for member in tar:
            names.append(member.name)
            content += (tar.extractfile(member) or BytesIO()).read()
    assert names == ["manifest.json", "hailong.sqlite3"]
    for key in (embedded.data / "keys").iterdir():
        assert key.read_bytes() not in content
        assert bytes.fromhex(key.read_text()) not in content if key.name != "secret" else True
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.tar")} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "keys.tar", "server"]


def test_a_backup_under_a_stream_of_writes_is_of_one_moment(embedded: Server, tmp_path: Path) -> None:
    """Two rows always change together; a copy in which they differ is of two moments."""
    with closing(sqlite3.connect(embedded.data / "hailong.sqlite3", timeout=60, check_same_thread=False, isolation_level=None)) as database:
        database.execute("CREATE TABLE pair (half INTEGER, number INTEGER, filler BLOB)")
        database.executemany("INSERT INTO pair VALUES (?, 0, zeroblob(8000000))", [(1,), (2,)])
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                database.execute("UPDATE pair SET number = number + 1")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            embedded.command("backup", str(tmp_path / "backup.tar"))
        finally:
            stop.set()
            writer.join()
    with tarfile.open(tmp_path / "backup.tar") as tar:
        member = tar.extractfile("hailong.sqlite3")
        assert member is not None
        (tmp_path / "hailong.sqlite3").write_bytes(member.read())  # Python 3.11.2, of Debian 12, has no safe `extract`
    with closing(sqlite3.connect(tmp_path / "hailong.sqlite3")) as copy:
        assert copy.execute("SELECT count(DISTINCT number) FROM pair").fetchone() == (1,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_was_erased_stays_erased_on_the_machine_that_takes_a_lost_ones_place(embedded: Server, tmp_path: Path) -> None:
    embedded.command("backup", str(tmp_path / "backup.tar"))
    erased = Erasure(sealed="0" * 64, at=datetime(2026, 11, 27, 8, tzinfo=UTC), who="admin", because="a citizen's request")
    Register(tmp_path / "register").add([erased])  # as the night copies it beside the backups
    other = Server(tmp_path / "other")
    other.data.mkdir()
    assert "thêm 1 lần xóa" in other.command("restore", str(tmp_path / "backup.tar"))
    assert Register(other.data / "register").hashes() == {"0" * 64}
    assert "lần xóa" not in other.command("restore", str(tmp_path / "backup.tar"), "--replace"), "they are known by now"


def test_a_damaged_backup_is_refused_and_nothing_changes(embedded: Server, tmp_path: Path) -> None:
    good = tmp_path / "good.tar"
    embedded.command("backup", str(good))
    before = (embedded.data / "hailong.sqlite3").read_bytes()
    with tarfile.open(good) as tar:
        parts = {member.name: (tar.extractfile(member) or BytesIO()).read() for member in tar}
    flipped = bytearray(parts["hailong.sqlite3"])
    flipped[5000] ^= 1
    damaged = {
        "cut": good.read_bytes()[:-5000],
        "no tar": b"nothing of ours",
        "empty": b"",
        "flipped": _tar({**parts, "hailong.sqlite3": bytes(flipped)}),
        "a part missing": _tar({"manifest.json": parts["manifest.json"]}),
        "a way out of the folder": _tar(
            {"manifest.json": parts["manifest.json"].replace(b'"hailong.sqlite3"', b'"../../evil"'), "../../evil": b"x"}
        ),
        "of a newer program": _tar({**parts, "manifest.json": parts["manifest.json"].replace(b'"intake.0001_', b'"intake.9001_')}),
        "of the other database": _tar({**parts, "manifest.json": parts["manifest.json"].replace(b'"sqlite"', b'"postgresql"')}),
    }
    for name, content in damaged.items():
        bad = tmp_path / "bad.tar"
        bad.write_bytes(content)
        refused = refusal(embedded, "restore", str(bad), "--replace")
        assert "Traceback" not in refused, name
    assert (embedded.data / "hailong.sqlite3").read_bytes() == before
    assert not list(tmp_path.rglob("*evil*"))
    assert {path.name for path in embedded.data.iterdir()} - {"hailong.sqlite3-journal"} == {"hailong.sqlite3", "keys", "serving.lock"}


def test_a_backup_never_replaces_a_file(embedded: Server, tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_text("precious")
    assert "exists already" in refusal(embedded, "backup", str(tmp_path / "backup.tar"))
    assert (tmp_path / "backup.tar").read_text() == "precious"


def test_other_keys_than_those_of_the_backup_are_told(embedded: Server, tmp_path: Path) -> None:
    embedded.command("backup", str(tmp_path / "backup.tar"), "--keys", str(tmp_path / "keys.tar"))
    shutil.rmtree(embedded.data / "keys")
    embedded.demo()  # makes new ones
    assert "kiosk sẽ không tin máy chủ" in embedded.command("restore", str(tmp_path / "backup.tar"), "--replace")
    printed = embedded.command("restore", str(tmp_path / "backup.tar"), "--keys", str(tmp_path / "keys.tar"), "--replace")
    assert "kiosk sẽ không tin máy chủ" not in printed
    assert "Khóa đang dùng trước đó được giữ lại" in printed


def test_the_manifest_says_what_is_inside(embedded: Server, tmp_path: Path) -> None:
    embedded.command("backup", str(tmp_path / "backup.tar"))
    with tarfile.open(tmp_path / "backup.tar") as tar:
        manifest = json.loads((tar.extractfile("manifest.json") or BytesIO()).read())
    assert manifest["kind"] == "sqlite"
    assert manifest["counts"] == {"units": 2, "devices": 0, "ledgers": 0, "entries": 0, "votes": 0}
    assert [part["name"] for part in manifest["parts"]] == ["hailong.sqlite3"]


def _tar(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
    return made.getvalue()
