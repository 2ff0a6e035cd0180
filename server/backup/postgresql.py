"""PostgreSQL: dumped and restored by its own programs."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from server.backup import census
from server.backup.archive import BadBackup, Counts

INSTALLED = Path("/usr/lib/postgresql")
MAINTENANCE = "template1"
SECONDS_BETWEEN_LINES = 5.0
SECONDS_FOR_OTHERS_TO_LEAVE = 20.0

_RESTORE = ("--no-owner", "--no-privileges")

Say = Callable[[str], None]


class Postgresql:
    """A database, by Django's connection settings (see `server.environment`)."""

    def __init__(self, settings: dict[str, Any]) -> None:
        given = {"user": settings["USER"], "host": settings["HOST"], "port": settings["PORT"], **settings["OPTIONS"]}
        self.name: str = settings["NAME"]
        self._password: str = settings["PASSWORD"]
        self._given = {key: value for key, value in given.items() if value}

    def dump(self, target: Path, say: Say) -> tuple[Counts, list[str]]:
        """Dump the database as it is at one moment; gives what it held then, and its migrations.

        Raises `BadBackup` when a program fails or is missing, psycopg.Error.
        """
        with self._connect(self.name) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            [(snapshot,)] = connection.execute("SELECT pg_export_snapshot()").fetchall()
            found = census.counts(_asker(connection)), census.migrations(_asker(connection))
            words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
            self._run("pg_dump", self.name, words, _elapsed(say))
        return found

    def examine(self) -> tuple[Counts, list[str]]:
        """What the database holds, and its migrations."""
        with self._connect(self.name) as connection:
            return census.counts(_asker(connection)), census.migrations(_asker(connection))

    def is_occupied(self) -> bool:
        """Whether anybody put anything into the database."""
        with self._connect(self.name) as connection:
            [(ours, tables)] = connection.execute(
                "SELECT to_regclass('intake_head') IS NOT NULL, EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')"
            ).fetchall()
            return census.occupied(_asker(connection)) if ours else bool(tables)

    def fill(self, dump: Path, say: Say) -> None:
        """Restore into this database, which is empty: all or nothing. Raises `BadBackup`."""
        self._run("pg_restore", self.name, ["--clean", "--if-exists", "--single-transaction", *_RESTORE, str(dump)], _elapsed(say))

    def replace(self, dump: Path, aside: str, say: Say) -> None:
        """Restore into a new database, which then takes this one's name; this one is kept under the name `aside`.

        Raises `BadBackup` when somebody is connected, the user may not create databases, or the dump cannot be restored;
        this one is then as it was.
        """
        fresh = f"{self.name[:40]}_restoring_{os.getpid()}"
        old, new, kept = (sql.Identifier(name) for name in (self.name, fresh, aside))
        try:
            with self._connect(MAINTENANCE) as connection:
                connection.autocommit = True
                self._refuse_company(connection)
                [(collate, ctype)] = connection.execute(
                    "SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [self.name]
                ).fetchall()
                create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}")
                connection.execute(create.format(new, collate, ctype))
            try:
                self._run("pg_restore", fresh, ["--exit-on-error", *_RESTORE, str(dump)], _elapsed(say))
                with self._connect(MAINTENANCE) as connection, connection.transaction():
                    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, kept))
                    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, old))
            except BaseException:
                with self._connect(MAINTENANCE) as connection:
                    connection.autocommit = True
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(new))
                raise
        except psycopg.Error as error:
            raise BadBackup(f"PostgreSQL: {str(error).strip()}") from error

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """The URL of an empty database beside this one, which is dropped when done. Raises psycopg.Error."""
        name = f"{self.name[:40]}_trial_{os.getpid()}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"), sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        create, drop = (word.format(sql.Identifier(name)) for word in words)
        with self._connect(MAINTENANCE) as connection:
            connection.autocommit = True
            connection.execute(drop)
            connection.execute(create)
        try:
            given = {**self._given, "password": self._password} if self._password else self._given
            yield f"postgresql:///{name}?{urlencode(given)}"
        finally:
            with self._connect(MAINTENANCE) as connection:
                connection.autocommit = True
                connection.execute(drop)

    def _refuse_company(self, connection: psycopg.Connection[Any]) -> None:
        """PostgreSQL notices a little later that a program which has ended is gone."""
        deadline = time.monotonic() + SECONDS_FOR_OTHERS_TO_LEAVE
        while True:
            [(others,)] = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [self.name]).fetchall()
            if not others:
                return
            if time.monotonic() > deadline:
                raise BadBackup(f"Còn {others} kết nối đang dùng cơ sở dữ liệu {self.name}. Xin chờ vài phút rồi chạy lại.")
            time.sleep(0.2)

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(make_conninfo(dbname=name, password=self._password or None, **self._given))

    def _run(self, program: str, name: str, words: list[str], still: Callable[[], None]) -> None:
        environment = {**os.environ, **({"PGPASSWORD": self._password} if self._password else {})}  # not for `ps` to show
        command = [_found(program), *words[:-1], f"--dbname={make_conninfo(dbname=name, **self._given)}", words[-1]]
        try:
            with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                faults = _errors(process, still)
        except OSError as error:
            raise BadBackup(f"Không chạy được {program}: {error.strerror}. Xin cài: sudo apt-get install postgresql-client") from error
        if process.returncode:
            raise BadBackup(f"{program} báo lỗi:\n{faults.strip()}")


def _errors(process: subprocess.Popen[str], still: Callable[[], None]) -> str:
    """What the program wrote to standard error until it ended; `still` is called while it runs."""
    while True:
        try:
            return process.communicate(timeout=SECONDS_BETWEEN_LINES)[1]
        except subprocess.TimeoutExpired:
            still()


def _elapsed(say: Say) -> Callable[[], None]:
    begun = time.monotonic()
    return lambda: say(f"  … {time.monotonic() - begun:.0f} s")


def _found(program: str) -> str:
    """The newest that is installed: one that is older than the server refuses to work."""
    installed = sorted(INSTALLED.glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]))
    return str(installed[-1]) if installed else shutil.which(program) or program


def _asker(connection: psycopg.Connection[Any]) -> census.Ask:
    return lambda query: connection.execute(query.encode()).fetchall()
