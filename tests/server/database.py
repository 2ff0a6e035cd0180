"""The database of the server's tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper


def clear() -> None:
    """Delete every row, but for what migrations say of themselves."""
    ContentType.objects.clear_cache()  # its rows go too
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys=ON")
            with _record_may_be_cleared(cursor):
                for table in set(tables) - {"django_migrations"}:
                    cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 – names of our own tables
        else:
            # neither foreign keys, so in any order, nor triggers; TRUNCATE would take a second
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(";".join(f'DELETE FROM "{table}"' for table in set(tables) - {"django_migrations"}))  # noqa: S608 – as above


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done is taken back, so that what comes next finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _record_may_be_cleared(cursor: CursorWrapper) -> Iterator[None]:
    """Without the triggers that keep the record, which SQLite cannot pause; they are back in the same transaction."""
    cursor.execute("SELECT EXISTS (SELECT 1 FROM record_line)")
    if not cursor.fetchall()[0][0]:
        yield
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'record_line'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, statement in triggers:
        cursor.execute(statement)
