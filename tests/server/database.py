"""The database of the server's tests."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction


def clear() -> None:
    """Delete every row, but for what migrations say of themselves."""
    ContentType.objects.clear_cache()  # its rows go too
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys=ON")
            for table in set(tables) - {"django_migrations"}:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 – names of our own tables
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys: any order; TRUNCATE would take a second
            cursor.execute(";".join(f'DELETE FROM "{table}"' for table in set(tables) - {"django_migrations"}))  # noqa: S608 – as above
