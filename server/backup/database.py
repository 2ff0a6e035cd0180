"""The database in use, of either kind, as backup and restore see it."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Protocol

import psycopg

from server.backup import sqlite
from server.backup.archive import BadBackup, Counts
from server.backup.postgresql import Postgresql
from server.environment import Environment
from server.faults import said_by_postgresql

Say = Callable[[str], None]
Kind = Literal["sqlite", "postgresql"]


class Database(Protocol):
    """What backup and restore need of a database. All raise `BadBackup` with what to do about it, and OSError."""

    kind: Kind
    part: str

    def copy(self, target: Path, say: Say) -> tuple[Counts, list[str]]:
        """A copy of one moment; gives what it holds, and the migrations that it has seen."""

    def is_occupied(self) -> bool:
        """Whether there is anything in it that a restore would replace."""

    def restore(self, copied: Path, moment: str, say: Say) -> str:
        """Put a copy in its place, all or nothing; gives the name under which the old one is kept, empty when it held nothing."""

    def examine(self) -> Counts:
        """What it holds now."""


def database_of(environment: Environment) -> Database:
    """The database that the operator chose."""
    if environment.postgresql is None:
        return Embedded(environment.data / "hailong.sqlite3")
    return Central(environment.postgresql)


class Embedded:
    """SQLite."""

    kind: Kind = "sqlite"
    part = "hailong.sqlite3"

    def __init__(self, path: Path) -> None:
        self._path = path

    def copy(self, target: Path, say: Say) -> tuple[Counts, list[str]]:
        if not self._path.exists():
            raise BadBackup(f"Chưa có cơ sở dữ liệu {self._path}.")
        told = 0

        def progress(done: int, whole: int) -> None:
            nonlocal told
            if done - told >= 64e6:
                told = done
                say(f"  {done / 1e6:,.0f} of {whole / 1e6:,.0f} MB")

        try:
            sqlite.copy(self._path, target, progress)
        except sqlite3.Error as error:
            raise BadBackup(f"{self._path}: {error}") from error
        return sqlite.examine(target)

    def is_occupied(self) -> bool:
        return sqlite.is_occupied(self._path)

    def restore(self, copied: Path, moment: str, say: Say) -> str:
        sqlite.examine(copied)
        fresh = self._path.with_name(f"{self._path.name}.restoring")
        shutil.copyfile(copied, fresh) if copied.stat().st_dev != self._path.parent.stat().st_dev else copied.replace(fresh)
        kept = self._path.with_name(f"{self._path.name}.before-{moment}")
        try:
            sqlite.replace(self._path, fresh, kept)
        except sqlite3.Error as error:
            raise BadBackup(f"{self._path} đang được dùng: {error}. Xin dừng máy chủ trước.") from error
        return str(kept) if kept.exists() else ""

    def examine(self) -> Counts:
        return sqlite.examine(self._path)[0]


class Central:
    """PostgreSQL."""

    kind: Kind = "postgresql"
    part = "hailong.dump"

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._database = Postgresql(settings)

    def copy(self, target: Path, say: Say) -> tuple[Counts, list[str]]:
        try:
            return self._database.dump(target, say)
        except psycopg.Error as error:
            raise BadBackup(said_by_postgresql(error, self._settings)) from error

    def is_occupied(self) -> bool:
        try:
            return self._database.is_occupied()
        except psycopg.Error as error:
            raise BadBackup(said_by_postgresql(error, self._settings)) from error

    def restore(self, copied: Path, moment: str, say: Say) -> str:
        if not self.is_occupied():
            self._database.fill(copied, say)
            return ""
        kept = f"{self._database.name[:40]}_before_{moment.lower()}"
        self._database.replace(copied, kept, say)
        return kept

    def examine(self) -> Counts:
        return self._database.examine()[0]
