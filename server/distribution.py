"""How the tables could be spread over several machines by Citus: those that grow, by unit; the small ones, whole on each.

PostgreSQL is one machine's for as long as that carries the nation (docs/scaling.md). What must be so from the beginning is the keys:
a unique key of a distributed table has the distribution column in it, or nobody could keep it.
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from django.db import connection

BY = "unit_id"
ANCHOR = "intake_batch"  # what all other distributed tables lie beside

# Whole on each machine: statements about distributed tables join them.
REFERENCE = {
    "places_": "as many as there are offices and people in them",
    "screens_": "what a unit changed on its kiosks",
    "devices_": "one device a counter, and the codes by which they enrolled; tries at codes are forgotten within minutes",
    "documents_details": "one row an office",
    "alerts_wishes": "one row an office that wants other alerts than the one above it",
    "intake_head": "one row a ledger, a few in a kiosk's life: it is what tells of a ledger's name in which unit to look",
}
# On the first machine only: what people and other systems need to log in.
LOCAL = {
    "auth_": "logins",
    "tokens_": "those of other systems",
    "releases_": "one row a version of the kiosk's program",
    "django_": "sessions, migrations and what the administration did",
    "alerts_mail": "letters to users, forgotten after three months, and where they get them",
    "alerts_subscription": "what users want letters about",
    "axes_": "refused logins, forgotten after a while",
}

_SEQUENTIAL = "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"  # as foreign keys between reference tables need
_FUNCTIONS = "SELECT to_regproc('create_distributed_table') IS NOT NULL AND to_regproc('create_reference_table') IS NOT NULL"
_SPREAD = "SELECT logicalrelid::regclass::text FROM pg_dist_partition"


class Obstacle(NamedTuple):
    """Why a growing table cannot be distributed by unit."""

    table: str
    why: str

    def __str__(self) -> str:
        return f"{self.table}: {self.why}"


def growing() -> list[str]:
    """The tables of this database that grow with votes, days and what people do: all that are not named small here."""
    return [table for table in _tables() if not table.startswith((*REFERENCE, *LOCAL))]


def obstacles() -> Iterator[Obstacle]:
    """Why growing tables could not be distributed, as the database itself knows them: unique keys that lack the unit, and units of
    another type than the others', by which rows of one unit would come to lie on several machines.
    """
    usual = _type_of_unit(ANCHOR)
    for table in growing():
        for name, key in _constraints(table).items():
            if (key["unique"] or key["primary_key"]) and BY not in key["columns"]:
                yield Obstacle(table, f"{BY} is not in the unique key {name} ({', '.join(key['columns'])})")
        if _type_of_unit(table) != usual:
            yield Obstacle(table, f"{BY} is there, and a text, in all others")


def is_possible() -> bool:
    """Whether this database has the functions of Citus."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        return bool(cursor.fetchone()[0])


def spread() -> set[str]:
    """The tables that Citus has spread already. Only where it `is_possible`."""
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD)
        return {name for (name,) in cursor.fetchall()}


def statements(done: set[str]) -> list[str]:
    """What spreads the tables that are not `done`, in one transaction: what others refer to goes first, and all that is distributed
    lies together by unit, so that a batch's transaction stays on one machine.
    """
    refer = {table: _refers_to(table) for table in _tables() if table.startswith(tuple(REFERENCE))}
    references = [table for table in TopologicalSorter(refer).static_order() if table in refer and table not in done]
    others = [table for table in growing() if table != ANCHOR and table not in done]
    said = [f"SELECT create_reference_table('{table}')" for table in references]
    if ANCHOR not in done:
        said.append(f"SELECT create_distributed_table('{ANCHOR}', '{BY}', colocate_with => 'none')")
    said += [f"SELECT create_distributed_table('{table}', '{BY}', colocate_with => '{ANCHOR}')" for table in others]
    return [_SEQUENTIAL, *said] if said else []


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(table.name for table in connection.introspection.get_table_list(cursor) if table.type in "tp")


def _constraints(table: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        return dict(connection.introspection.get_constraints(cursor, table))


def _type_of_unit(table: str) -> object:
    """As the database names it, or None where there is no such column."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    return next((column.type_code for column in columns if column.name == BY), None)


def _refers_to(table: str) -> set[str]:
    return {key["foreign_key"][0] for key in _constraints(table).values() if key["foreign_key"]} - {table}
