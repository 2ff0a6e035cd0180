"""The second tier: what questions of a province or the country read, derived from the tallies of the days that changed.

`refresh` works off the marks that intake leaves with everything that it writes; whoever asks about an area calls it first, so
the two tiers never say different things. Level by level: communes, provinces, the country.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from server.intake.models import StaleDay
from server.intake.sql import Rows, Statement, on_postgresql, run
from server.places.models import Unit
from sync.choices import DEFAULT_REASONS

AT_ONCE = 1000  # marks in a transaction; intake of those days waits for it
_LOCK = 51_572_016  # one at a time; any number that nobody else takes
_LEVELS = (Unit.Kind.COMMUNE, Unit.Kind.PROVINCE, Unit.Kind.COUNTRY)

_ANY = "SELECT 1 FROM intake_staleday ORDER BY unit_id, day LIMIT 1"  # by the key, which knows what is dead; the table does not
_STANDARD = ", ".join(f"'{reason.id}'" for reason in DEFAULT_REASONS)
# In the order of the key, from where the last one ended: marks that were taken lie about until a vacuum, and would be passed each time.
# Chosen first: a planner may ask a subquery with a limit anew for each row, and then takes others, and leaves some between them.
_TAKE_POSTGRESQL = """
    WITH next AS MATERIALIZED (
        SELECT s.unit_id, s.day FROM intake_staleday s JOIN places_unit u ON u.id = s.unit_id
        WHERE u.kind = %b AND (s.unit_id, s.day) > (%b, %b) ORDER BY s.unit_id, s.day LIMIT %b FOR UPDATE OF s SKIP LOCKED
    ), taken AS (
        DELETE FROM intake_staleday s USING next WHERE s.unit_id = next.unit_id AND s.day = next.day RETURNING s.unit_id, s.day
    ) SELECT unit_id, day FROM taken ORDER BY unit_id, day
"""
_TAKE_SQLITE = """
    DELETE FROM intake_staleday WHERE (unit_id, day) IN (
        SELECT s.unit_id, s.day FROM intake_staleday s JOIN places_unit u ON u.id = s.unit_id
        WHERE u.kind = %b AND (s.unit_id, s.day) > (%b, %b) ORDER BY s.unit_id, s.day LIMIT %b
    ) RETURNING unit_id, day
"""
_MARKS_POSTGRESQL = "WITH m AS MATERIALIZED (SELECT * FROM unnest(%b::text[], %b::date[]) AS m (unit_id, day))"
_MARKS_SQLITE = "WITH m AS MATERIALIZED (SELECT value ->> 0 AS unit_id, value ->> 1 AS day FROM json_each(%b))"
_PARENTS = "SELECT DISTINCT d.parent_id, d.day FROM results_unitday d JOIN m USING (unit_id, day) WHERE d.parent_id <> ''"
_FORGET = "DELETE FROM {} WHERE (unit_id, day) IN (SELECT unit_id, day FROM m)"
_UNIT_DAYS = """
    INSERT INTO results_unitday (unit_id, day, parent_id, satisfied, dissatisfied, handled, rated)
    SELECT p.unit_id, p.day, coalesce((
               SELECT s.parent_id FROM places_standing s WHERE s.unit_id = p.unit_id AND s.since <= p.day ORDER BY s.since DESC LIMIT 1
           ), ''), sum(p.satisfied), sum(p.dissatisfied), sum(p.handled), sum(p.rated)
    FROM (
        SELECT o.unit_id, o.day, sum(o.satisfied) AS satisfied, sum(o.dissatisfied) AS dissatisfied, sum(o.handled) AS handled,
               CASE WHEN sum(o.handled) > 0 THEN sum(o.satisfied) + sum(o.dissatisfied) ELSE 0 END AS rated
        FROM (
            SELECT v.unit_id, v.day, v.satisfied, v.dissatisfied, 0 AS handled FROM m JOIN intake_officerday v USING (unit_id, day)
            UNION ALL SELECT t.unit_id, t.day, 0, 0, t.handled FROM m JOIN results_transactioncount t USING (unit_id, day)
        ) AS o
        GROUP BY o.unit_id, o.day
        UNION ALL SELECT c.parent_id, c.day, c.satisfied, c.dissatisfied, c.handled, c.rated
        FROM m JOIN results_unitday c ON c.parent_id = m.unit_id AND c.day = m.day
    ) AS p
    GROUP BY p.unit_id, p.day
"""
_AREA = """
    INSERT INTO results_area{name} (unit_id, day, {key}, {sums})
    SELECT p.unit_id, p.day, p.{key}, {summed} FROM (
        SELECT o.unit_id, o.day, {own_key} AS {key}, {of_row}
        FROM m JOIN places_unit u ON u.id = m.unit_id AND u.kind <> 'commune' JOIN intake_{own} o USING (unit_id, day)
        UNION ALL SELECT m.unit_id, m.day, {own_key}, {of_row}
        FROM m JOIN results_unitday c ON c.parent_id = m.unit_id AND c.day = m.day
        JOIN places_unit u ON u.id = c.unit_id AND u.kind = 'commune' JOIN intake_{own} o ON o.unit_id = c.unit_id AND o.day = c.day
        UNION ALL SELECT m.unit_id, m.day, o.{key}, {of_row}
        FROM m JOIN results_unitday c ON c.parent_id = m.unit_id AND c.day = m.day
        JOIN results_area{name} o ON o.unit_id = c.unit_id AND o.day = c.day
    ) AS p
    GROUP BY p.unit_id, p.day, p.{key}
"""
_AREA_HOURS = _AREA.format(
    name="hour", own="unithour", key="hour", own_key="o.hour", summed="sum(p.satisfied), sum(p.dissatisfied)",
    sums="satisfied, dissatisfied", of_row="o.satisfied, o.dissatisfied",
)  # fmt: skip
_OWN = "coalesce((SELECT min('*' || r.rating) FROM screens_ownreason r WHERE r.name = o.reason), '')"
_AREA_REASONS = _AREA.format(
    name="reason", own="reasonday", key="reason", own_key=f"CASE WHEN o.reason IN ({_STANDARD}) THEN o.reason ELSE {_OWN} END",
    summed="sum(p.times)", sums="times", of_row="o.times",
)  # fmt: skip
_MARK = "INSERT INTO intake_staleday AS kept (unit_id, day, changes) {} ON CONFLICT (unit_id, day) DO UPDATE SET changes = kept.changes + 1"
_MARK_ABOVE = _MARK.format("SELECT unit_id, day, 1 FROM m WHERE true")
_MARK_ALL = _MARK.format("""
    SELECT unit_id, day, 1 FROM intake_officerday UNION SELECT unit_id, day, 1 FROM results_transactioncount
    UNION SELECT unit_id, day, 1 FROM results_unitday WHERE true
""")
_MARK_UNIT = _MARK.format("SELECT unit_id, day, 1 FROM results_unitday WHERE unit_id = %b")


class Mark(NamedTuple):
    """A unit's day."""

    unit_id: str
    day: date | str


_BEFORE_ALL = Mark("", date.min)


def refresh(progress: Callable[[int, int], None] | None = None) -> int:
    """Derive the second tier of every day that changed before this was called; returns how many unit days were.

    progress: is told how many are done, and of how many about; those above are found on the way.
    """
    [anything] = run(Statement(_ANY, []))
    if not anything:
        return 0
    waiting = StaleDay.objects.count()
    done = 0
    for level in _LEVELS:
        last = _BEFORE_ALL
        for _ in range(waiting // AT_ONCE + 1):  # what comes meanwhile is the next one's: in a storm it would never end
            with transaction.atomic():
                if on_postgresql():
                    run(Statement("SELECT pg_advisory_xact_lock(%b)", [_LOCK]))
                taken = _take(level, last)
                if taken:
                    _derive(level, taken)
                    last = taken[-1]
            done += len(taken)
            if progress:
                progress(done, max(done, waiting))
            if len(taken) < AT_ONCE:
                break
    return done


def derive_all() -> None:
    """Mark every day that was ever tallied; `refresh` derives them."""
    run(Statement(_MARK_ALL, []))


def derive_again(unit_id: str) -> None:
    """Mark all days of a unit: it belonged elsewhere."""
    run(Statement(_MARK_UNIT, [unit_id]))


def _take(level: str, last: Mark) -> list[Mark]:
    """The next marks after the last one, in the order in which the database has them."""
    if on_postgresql():
        [rows] = run(Statement(_TAKE_POSTGRESQL, [level, last.unit_id, last.day, AT_ONCE]))
        return [Mark(*row) for row in rows]
    [rows] = run(Statement(_TAKE_SQLITE, [level, last.unit_id, str(last.day), AT_ONCE]))
    return sorted(Mark(*row) for row in rows)


def _derive(level: str, marks: Sequence[Mark]) -> None:
    [above, _] = run(_about(marks, _PARENTS), _about(marks, _FORGET.format("results_unitday")))
    run(_about(marks, _UNIT_DAYS))
    if level != Unit.Kind.COMMUNE:
        for table in ("results_areahour", "results_areareason"):
            run(_about(marks, _FORGET.format(table)))
        run(_about(marks, _AREA_HOURS), _about(marks, _AREA_REASONS))
    [now_above] = run(_about(marks, _PARENTS))
    parents = _marks(above) | _marks(now_above)
    if parents:
        run(_about(sorted(parents), _MARK_ABOVE))


def _marks(rows: Rows) -> set[Mark]:
    return {Mark(*row) for row in rows}


def _about(marks: Sequence[Mark], sql: str) -> Statement:
    """A statement about the marks, which it knows as m."""
    if on_postgresql():
        parameters: list[Any] = [[mark.unit_id for mark in marks], [mark.day for mark in marks]]
        return Statement(f"{_MARKS_POSTGRESQL} {sql}", parameters)
    return Statement(f"{_MARKS_SQLITE} {sql}", [json.dumps([[mark.unit_id, str(mark.day)] for mark in marks])])
