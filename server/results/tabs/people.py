"""Cán bộ and Quầy: each against all others together."""

from server.results import queries
from server.results.cells import Compared, Words
from server.results.comparing import COUNTERS, OFFICERS, against_others, sentences
from server.results.sections import Picture, Section
from server.results.tables import Column, Table
from server.results.tabs.lines import (
    COUNTED,
    NOTE_OTHERS,
    NOTE_PARTICIPATION,
    NOTE_SHARE,
    PARTICIPATION,
    SHARE,
    compared_lines,
    foot,
)
from server.results.tabs.shown import Content, Shown

NOTES = [NOTE_SHARE, NOTE_OTHERS, NOTE_PARTICIPATION]


def officers(shown: Shown) -> Content:
    """By officer."""
    return Content([officers_section(queries.facts(shown.unit, shown.period))])


def officers_section(facts: queries.Facts) -> Section:
    """The officers of prepared facts."""
    rows = [row for row in facts.by_officer() if row.key or row.count.n]
    verdicts = against_others(rows)
    columns = [
        Column("Cán bộ", Words, "ten"),
        Column("Quầy", Words),
        *COUNTED,
        PARTICIPATION,
        SHARE,
        Column("So với những người khác", Compared, "chenh-lech", falling=True),
    ]
    table = Table(
        "can-bo",
        f"Theo cán bộ, {facts.period}",
        columns,
        compared_lines(rows, verdicts, notes=True),
        foot("Tổng cộng", facts.total, before=[Words("")], after=[Compared(None)]),
    )
    picture = _intervals(facts, "can-bo")
    return Section(table.caption, table, sentences(rows, verdicts, OFFICERS), picture, NOTES)


def counters(shown: Shown) -> Content:
    """By counter."""
    facts = queries.facts(shown.unit, shown.period)
    rows = [row for row in facts.by_counter() if row.key or row.count.n]
    verdicts = against_others(rows)
    columns = [
        Column("Quầy", Words, "ten"),
        *COUNTED,
        PARTICIPATION,
        SHARE,
        Column("So với các quầy khác", Compared, "chenh-lech", falling=True),
    ]
    table = Table(
        "quay",
        f"Theo quầy, {facts.period}",
        columns,
        compared_lines(rows, verdicts, notes=False),
        foot("Tổng cộng", facts.total, after=[Compared(None)]),
    )
    picture = _intervals(facts, "quay")
    return Content([Section(table.caption, table, sentences(rows, verdicts, COUNTERS), picture, NOTES)])


def _intervals(facts: queries.Facts, by: str) -> Picture | None:
    """The chart of intervals; of an area there is only that of its units."""
    return None if queries.is_area(facts.unit) else Picture("khoang", facts.period, by, facts=facts)
