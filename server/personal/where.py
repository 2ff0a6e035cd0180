"""Where something sealed is, by its SHA-256: every value of every table is looked at, not only where it should be.

What names it (the ledger, the case's history, the register) is not what it is; that stays, for ever.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from server.comments.models import FormComment, OfficeWriting
from server.comments.register import Erasure, register
from server.intake.models import Comment, Head

_NUMBERS = frozenset({16, 20, 21, 23, 700, 701, 1082, 1114, 1184, 2950})  # bool, int8, int2, int4, floats, date, timestamps, uuid (pg_type)


class Found(NamedTuple):
    """What there is. places: where the very bytes are; named: who knows of it; kiosks: the ids of those that may have it too.

    erased: the register names it; erasure: how, where the line can be read; looked_at: how many values of the database were.
    """

    sealed: str
    erased: bool
    erasure: Erasure | None
    places: list[str]
    named: list[str]
    kiosks: list[str]
    looked_at: int


def look_for(hashes: Sequence[str], folders: Sequence[Path]) -> list[Found]:
    """Look for all at once through the database, and all files in the folders. Raises OSError, django.db.Error."""
    places: dict[str, list[str]] = {sealed: [] for sealed in hashes}
    looked_at = 0
    for table, column, value in values():
        looked_at += 1
        if (digest := hashlib.sha256(value).hexdigest()) in places:
            places[digest].append(f"{table}.{column}")
    files = (path for folder in folders for path in (sorted(folder.rglob("*")) if folder.is_dir() else [folder]))
    for path in files:
        if path.is_file() and (digest := _digest(path)) in places:
            places[digest].append(str(path))
    erased = register().hashes()
    return [
        Found(sealed, sealed in erased, register().entry(sealed), where, list(_named(sealed)), _kiosks(sealed), looked_at)
        for sealed, where in places.items()
    ]


def values() -> Iterator[tuple[str, str, bytes]]:
    """Every value of the database in which bytes can be: those of binary and of text columns."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        columns = [(table, column) for table in tables for column in connection.introspection.get_table_description(cursor, table)]
    for table, column in columns:
        if _is_number(column.type_code):
            continue
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {quote(column.name)} FROM {quote(table)}")  # noqa: S608 – names from the schema
            while rows := cursor.fetchmany(200):
                for (value,) in rows:
                    if isinstance(value, (bytes, memoryview)):
                        yield table, column.name, bytes(value)
                    elif value is not None:
                        yield table, column.name, str(value).encode()


def _is_number(type_code: object) -> bool:
    """Whether a column holds numbers, times or truths, which are many and no place for words. PostgreSQL says it by its own numbers."""
    if isinstance(type_code, int):
        return type_code in _NUMBERS
    return str(type_code).lower().startswith(("int", "bigint", "smallint", "bool", "date", "real"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _named(sealed: str) -> Iterator[str]:
    for row in Comment.objects.filter(sealed=sealed):
        yield f"ledger {row.ledger}, entry {row.seq}"
    for table, said in ((FormComment, "the form"), (OfficeWriting, "the office")):
        if table.objects.filter(sealed=sealed).exists():
            yield said


def _kiosks(sealed: str) -> list[str]:
    ledgers = Comment.objects.filter(sealed=sealed).values("ledger")
    return sorted(Head.objects.filter(ledger__in=ledgers).values_list("device_id", flat=True))
