"""What a database holds, asked of either kind by plain SQL: of the one in use, of a copy, of one that is about to be replaced."""

from collections.abc import Callable
from typing import Any

from server.backup.archive import Counts

Ask = Callable[[str], list[Any]]

_COUNTS = """
    SELECT (SELECT count(*) FROM places_unit), (SELECT count(*) FROM devices_device), (SELECT count(*) FROM intake_head),
           (SELECT coalesce(sum(seq), 0) FROM intake_head), (SELECT count(*) FROM intake_vote)
"""
_OCCUPIED = "SELECT EXISTS (SELECT 1 FROM places_unit) OR EXISTS (SELECT 1 FROM auth_user) OR EXISTS (SELECT 1 FROM intake_head)"


def counts(ask: Ask) -> Counts:
    """How much there is. ask: runs a query, gives its rows."""
    return Counts(*(int(number) for number in ask(_COUNTS)[0]))


def migrations(ask: Ask) -> list[str]:
    """The changes that the schema has seen, as app.name."""
    return [f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY id")]


def occupied(ask: Ask) -> bool:
    """Whether anybody put anything into a database that has our tables."""
    return bool(ask(_OCCUPIED)[0][0])
