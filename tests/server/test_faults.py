"""What the machine around the server refuses is told in one line."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection

from server import environment, faults

COMMANDS = ("serve", "verify", "demo")


def refused(folder: Path, *words: str, database: str = "") -> str:
    """What a command says that ends with exit code 1."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAILONG_", "DJANGO_"))}
    variables = {**kept, "HAILONG_DATA": str(folder), "HAILONG_DATABASE_URL": database}
    done = subprocess.run([sys.executable, "-m", "server", *words], env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    return done.stderr


def one_line(said: str) -> str:
    assert said.count("\n") == 1, said
    return said.strip()


@pytest.mark.parametrize("command", [*COMMANDS, "backup"])
def test_a_postgresql_that_is_not_there_is_told_in_one_line_without_the_password(folder: Path, command: str) -> None:
    words = (command, str(folder / "b.tar")) if command == "backup" else (command,)
    said = one_line(refused(folder, *words, database="postgresql://an:secret@127.0.0.1:1/hailong"))
    assert "The database at 127.0.0.1:1 cannot be reached: Connection refused. Is PostgreSQL running?" in said
    assert "secret" not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database_is_told_in_one_line(folder: Path, command: str) -> None:
    folder.mkdir()
    (folder / "hailong.sqlite3").write_text("a letter, and nothing of a database" * 100)
    assert "hailong.sqlite3 is not an SQLite database. Restore a backup" in one_line(refused(folder, command))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_cannot_be_written_is_told_in_one_line(folder: Path, command: str) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "hailong.sqlite3")) as database:
        database.execute("CREATE TABLE t (a)")
    content = bytearray((folder / "hailong.sqlite3").read_bytes())
    content[18] = 3  # the file format's write version: above 2 is read-only, for root too
    (folder / "hailong.sqlite3").write_bytes(content)
    assert "hailong.sqlite3 cannot be written: it is read-only. Run this as the user of the server." in one_line(refused(folder, command))


def test_a_database_that_cannot_be_opened_is_told_in_one_line(folder: Path) -> None:
    (folder / "hailong.sqlite3").mkdir(parents=True)
    assert "hailong.sqlite3 cannot be opened: it is a folder." in one_line(refused(folder, "verify"))


def test_keys_that_cannot_be_read_are_told_in_one_line(folder: Path) -> None:
    (folder / "keys" / "secret").mkdir(parents=True)
    assert f"{folder / 'keys' / 'secret'} cannot be read or written: Is a directory." in one_line(refused(folder, "demo"))


def test_another_error_is_ours_and_keeps_its_traceback(tmp_path: Path) -> None:
    ours = environment.read({"HAILONG_DATA": str(tmp_path)})
    assert faults.explained(ValueError("x"), ours) is None
    assert faults.explained(FileNotFoundError(2, "No such file", "/elsewhere"), ours) is None
    with pytest.raises(sqlite3.OperationalError) as error, closing(sqlite3.connect(":memory:")) as database:
        database.execute("SELECT * FROM nowhere")
    assert faults.explained(error.value, ours) is None


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            'connection failed: connection to server at "db", port 5433 failed: FATAL:  password authentication failed for user "an"',
            "refuses: p",
        ),
        ("couldn't get a connection after 20.00 sec", "cannot be reached: couldn't"),
    ],
)
def test_what_postgresql_says_is_kept_and_its_address_named(said: str, line: str) -> None:
    ours = environment.read({"HAILONG_DATABASE_URL": "postgresql://an:secret@db:5433/hailong"})
    error = OperationalError()
    error.__cause__ = psycopg.OperationalError(said)
    assert f"The database at db:5433 {line}" in str(faults.explained(error, ours))


def test_a_postgresql_without_such_a_database_says_so(folder: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    url = os.environ["HAILONG_DATABASE_URL"].replace("@/postgres", "@/nowhere")
    assert 'refuses: database "nowhere" does not exist. See HAILONG_DATABASE_URL.' in one_line(refused(folder, "verify", database=url))
