"""Sending statements to PostgreSQL or SQLite, without the ORM's cost per query. All run in the caller's transaction.

Statements are written with psycopg's placeholder `%b`. PostgreSQL gets binary parameters by a cursor of psycopg's own on
Django's connection (Django's cursor binds on the client, as text, at half the rate), and all statements of a call in one
round trip. What differs between the two databases stands in the calling module, as two texts.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from psycopg.rows import tuple_row

from server.intake.clock import milliseconds

Rows = list[tuple[Any, ...]]

_SECONDS = [f"{second:02}" for second in range(60)]
_MINUTES = [f"{hour}:{minute}" for hour in _SECONDS[:24] for minute in _SECONDS]  # of a day


class Statement(NamedTuple):
    """A statement and its parameters."""

    sql: str
    parameters: Sequence[Any]


def on_postgresql() -> bool:
    """Which of the two databases it is."""
    return connection.vendor == "postgresql"


def run(*statements: Statement) -> list[Rows]:
    """The rows of each statement, in order. Raises django.db.Error."""
    if not on_postgresql():
        with connection.cursor() as cursor:
            return [_fetch(cursor.execute(sql.replace("%b", "%s"), tuple(parameters)) or cursor) for sql, parameters in statements]
    with connection.wrap_database_errors:
        raw: psycopg.Connection[Any] = connection.connection
        with raw.pipeline():
            cursors = [psycopg.Cursor(raw, row_factory=tuple_row).execute(sql.encode(), parameters) for sql, parameters in statements]
        return [_fetch(cursor) for cursor in cursors]


def _fetch(cursor: Any) -> Rows:  # noqa: ANN401 – a cursor of Django or of psycopg
    return list(cursor.fetchall()) if cursor.description else []


def stored_time(at: datetime) -> datetime | str:
    """An aware datetime as the database takes it: SQLite keeps text, in UTC, to the millisecond."""
    return at if on_postgresql() else text_time(milliseconds(at))


def text_time(at: int) -> str:
    """An instant (milliseconds since 1970) as Django keeps it in SQLite."""
    minute, rest = divmod(at, 60_000)
    return f"{_day(minute // 1440)} {_MINUTES[minute % 1440]}:{_SECONDS[rest // 1000]}.{rest % 1000:03}000"


@lru_cache(4096)
def _day(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days)).isoformat()
