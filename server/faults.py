"""What the database and the server's folder refuse, in one line for the administrator."""

import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from django.core.management.base import CommandError
from psycopg.conninfo import make_conninfo
from psycopg_pool import PoolTimeout

from server.environment import Environment

SECONDS_TO_CONNECT = 5
WHOSE = "Lệnh này phải do người dùng của máy chủ chạy."

_OF_POSTGRESQL = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
)
_OF_SQLITE = {
    "SQLITE_CANTOPEN": f"không mở được: {{reason}}. {WHOSE}",
    "SQLITE_READONLY": f"không ghi được: {{reason}}. {WHOSE}",
    "SQLITE_NOTADB": "không phải cơ sở dữ liệu SQLite. Xin khôi phục: sudo hailong-server restore TỆP --replace",
    "SQLITE_CORRUPT": "bị hỏng. Xin khôi phục: sudo hailong-server restore TỆP --replace",
    "SQLITE_FULL": "không ghi được: đĩa đầy.",
    "SQLITE_BUSY": "đang có chương trình khác dùng; xin chờ rồi thử lại.",
    "SQLITE_IOERR": "không đọc ghi được: đĩa báo lỗi. Xin xem: dmesg",
}

Found = TypeVar("Found", bound=BaseException)


def reach(environment: Environment) -> None:
    """Try PostgreSQL once, before its pool tries for 20 s and warns ten times. Raises CommandError."""
    if environment.postgresql is not None and (error := _refusal(environment.postgresql)):
        raise CommandError(said_by_postgresql(error, environment.postgresql)) from error


def explained(error: BaseException, environment: Environment) -> str | None:
    """The line for an error that comes of the database or of the server's folder, or None: it is a mistake of ours.

    It never holds the password of HAILONG_DATABASE_URL.
    """
    if fault := _found(error, *_OF_POSTGRESQL):
        settings = environment.postgresql or {}
        return said_by_postgresql(_refusal(settings) or fault if isinstance(fault, PoolTimeout) else fault, settings)
    if refused := _found(error, sqlite3.DatabaseError):
        return _said_by_sqlite(refused, environment.data / "hailong.sqlite3")
    if isinstance(error, OSError) and isinstance(error.filename, str) and Path(error.filename).is_relative_to(environment.data):
        return f"{error.filename} không đọc ghi được: {error.strerror}. {WHOSE}"
    return None


def _refusal(settings: dict[str, Any]) -> psycopg.Error | None:
    given = {"user": settings["USER"], "password": settings["PASSWORD"], "host": settings["HOST"], "port": settings["PORT"]}
    kept = {name: value for name, value in {"connect_timeout": SECONDS_TO_CONNECT, **given, **settings["OPTIONS"]}.items() if value}
    try:
        psycopg.connect(make_conninfo(dbname=settings["NAME"], **kept)).close()
    except psycopg.Error as error:
        return error
    return None


def said_by_postgresql(error: psycopg.Error, settings: dict[str, Any]) -> str:
    """The line for what PostgreSQL, or the way to it, refuses. settings: Django's, of the connection."""
    first = (str(error).splitlines() or [""])[0]
    reason = re.sub(r"^connection.* failed: ", "", first).rstrip(".")
    host, port = settings.get("HOST") or "máy này", settings.get("PORT") or "5432"
    database = f"PostgreSQL ở {host}:{port}" if not host.startswith("/") else f"PostgreSQL ở {host}"
    if error.sqlstate is not None:
        return f"{database} từ chối: {reason}."
    if reason.startswith("FATAL:"):
        return f"{database} từ chối: {reason.removeprefix('FATAL:').strip()}. Xin xem HAILONG_DATABASE_URL."
    return f"{database} không trả lời: {reason}. PostgreSQL có chạy không? Xin xem HAILONG_DATABASE_URL."


def _said_by_sqlite(error: sqlite3.DatabaseError, path: Path) -> str | None:
    name = getattr(error, "sqlite_errorname", "")
    for kind, text in _OF_SQLITE.items():
        if name.startswith(kind):
            return f"{path} {text.format(reason=_why(path))}"
    return None


def _why(path: Path) -> str:
    """What the operating system says when the file, or a journal beside it, is to be written."""
    if path.is_dir():
        return "đó là một thư mục"
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return f"không được vào thư mục {path.parent}"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "không được phép"
    return "chỉ cho đọc"


def _found(error: BaseException, *kinds: type[Found]) -> Found | None:
    """The first error of these kinds among the causes."""
    return next((cause for cause in _causes(error) if isinstance(cause, kinds)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
