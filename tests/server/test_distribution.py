"""Whether the tables could be spread over several machines."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from server import distribution
from server.intake.sql import on_postgresql

CITUS = """
    CREATE SCHEMA noted;
    CREATE TABLE noted.calls (number serial, name regclass, call text);
    CREATE VIEW pg_dist_partition AS SELECT name AS logicalrelid FROM noted.calls;
    CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS $$
        INSERT INTO noted.calls (name, call) VALUES (name, name::text)
    $$;
    CREATE FUNCTION create_distributed_table(name regclass, by text, colocate_with text) RETURNS void LANGUAGE sql AS $$
        INSERT INTO noted.calls (name, call) VALUES (name, name::text || ' by ' || by || ' beside ' || colocate_with)
    $$
"""
NO_CITUS = """
    DROP FUNCTION create_reference_table(regclass); DROP FUNCTION create_distributed_table(regclass, text, text);
    DROP VIEW pg_dist_partition; DROP SCHEMA noted CASCADE
"""


@pytest.fixture
def functions_of_its_names() -> Iterator[None]:
    """Not Citus, but functions of the same names that note how they were called."""
    if not on_postgresql():
        pytest.skip("Citus is an extension of PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute(CITUS)
    yield
    with connection.cursor() as cursor:
        cursor.execute(NO_CITUS)


def distribute(*options: str) -> str:
    out = StringIO()
    call_command("distribute", *options, stdout=out)
    return out.getvalue()


def test_every_unique_key_of_a_growing_table_has_the_unit() -> None:
    assert not list(map(str, distribution.obstacles()))
    assert {"intake_vote", "intake_batch", "intake_decision", "results_unitday", "record_line"} <= set(distribution.growing())


def test_a_key_without_the_unit_is_named_and_nothing_is_done() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE notes (id integer PRIMARY KEY, unit_id text)")
    try:
        with pytest.raises(CommandError, match=r"notes: unit_id is not in the unique key \w+ \(id\)"):
            distribute()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE notes")


def test_where_citus_is_absent_it_says_so_and_changes_nothing() -> None:
    assert "nothing was changed" in distribute()


def test_what_it_would_do_can_be_read_first() -> None:
    said = distribute("--dry-run")
    assert "SELECT create_distributed_table('intake_vote', 'unit_id', colocate_with => 'intake_batch');" in said
    assert said.index("create_reference_table('places_unit')") < said.index("create_reference_table('devices_device')")
    assert "auth_user" not in said


def test_where_its_functions_are_each_table_is_distributed_once(functions_of_its_names: None) -> None:
    assert "tables were distributed" in distribute()
    with connection.cursor() as cursor:
        cursor.execute("SELECT call FROM noted.calls ORDER BY number")
        calls = [call for (call,) in cursor.fetchall()]
    assert len(calls) == len(set(calls))
    assert {call.partition(" ")[0] for call in calls if " by unit_id " in call} == set(distribution.growing())
    assert calls.index("intake_batch by unit_id beside none") < calls.index("intake_vote by unit_id beside intake_batch")
    assert calls.index("places_unit") < calls.index("places_counter") < calls.index("devices_device")
    assert distribute().endswith("0 tables were distributed or copied to every machine.\n")
