"""The same questions asked in three ways: of our second tier as pages ask them, of the first tier alone, and of the raw votes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from bench.figures import median

INDEXES = (
    "CREATE INDEX IF NOT EXISTS peer_by_unit ON intake_vote (unit_id, at) INCLUDE (satisfied, counter_id, officer_id)",
    "VACUUM (ANALYZE) intake_vote",
)
ROUNDS = 5
PIECES = {
    "days": "at >= %(first)s::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AND at < %(after)s::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'",
    "sums": "count(*) FILTER (WHERE satisfied), count(*) FILTER (WHERE NOT satisfied)",
    "tallied": "sum(satisfied), sum(dissatisfied)",
    "range": "day >= %(first)s::date AND day < %(after)s::date",
    "below": "IN (SELECT id FROM places_unit WHERE parent_id = %(unit)s)",
    "weekday": "extract(isodow FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh')",
    "hour": "extract(hour FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh')",
}


@dataclass(frozen=True)
class Question:
    """What is asked of a unit of a level. ask: our queries, of which the votes in all rows come. votes, tallies: SQL over raw votes and
    over the first tier, with `PIECES`.
    """

    name: str
    level: str
    ask: Callable[[Any, Any], int]
    votes: str
    tallies: str


def _officers(unit: Any, period: Any) -> int:  # noqa: ANN401 – models cannot be imported before Django is set up
    from server.results.queries import facts

    return sum(row.count.n for row in facts(unit, period).by_officer())


def _below(unit: Any, period: Any) -> int:  # noqa: ANN401 – as above
    from server.results.queries import by_unit

    return sum(row.count.n for row in by_unit(unit, period))


def _hours(unit: Any, period: Any) -> int:  # noqa: ANN401 – as above
    from server.results.queries import by_hour

    return sum(cell.votes.n for cell in by_hour(unit, period))


QUESTIONS = (
    Question(
        "officers of a commune",
        "commune",
        _officers,
        "SELECT officer_id, {sums} FROM intake_vote WHERE unit_id = %(unit)s AND {days} GROUP BY 1",
        "SELECT officer_id, {tallied} FROM intake_officerday WHERE unit_id = %(unit)s AND {range} GROUP BY 1",
    ),
    Question(
        "communes of a province",
        "province",
        _below,
        "SELECT unit_id, {sums} FROM intake_vote WHERE unit_id {below} AND {days} GROUP BY 1",
        "SELECT unit_id, {tallied} FROM intake_officerday WHERE unit_id {below} AND {range} GROUP BY 1",
    ),
    Question(
        "hour × weekday of a province",
        "province",
        _hours,
        "SELECT {weekday}, {hour}, {sums} FROM intake_vote WHERE unit_id {below} AND {days} GROUP BY 1, 2",
        "SELECT extract(isodow FROM day), hour, {tallied} FROM intake_unithour WHERE unit_id {below} AND {range} GROUP BY 1, 2",
    ),
    Question(
        "provinces of the country",
        "country",
        _below,
        "SELECT u.parent_id, {sums} FROM intake_vote v JOIN places_unit u ON u.id = v.unit_id WHERE {days} GROUP BY 1",
        "SELECT u.parent_id, {tallied} FROM intake_officerday d JOIN places_unit u ON u.id = d.unit_id WHERE {range} GROUP BY 1",
    ),
)


class Answer(NamedTuple):
    """Seconds (median) that a question about a length of time took in three ways."""

    question: str
    length: str
    ours: float
    tallies: float
    votes: float


def asked(units: Mapping[str, str], days: Mapping[str, str]) -> list[Answer]:
    """Every question, for each length of time. To be run in a process in which Django stands on a PostgreSQL; makes the index of the
    raw votes first. units: id by level. days: one in each length.

    Raises AssertionError where the three ways do not count the same.
    """
    from django.db import connection

    from server.places.models import Unit
    from server.results.period import Kind, containing

    connection.ensure_connection()
    with connection.cursor() as cursor:
        for statement in INDEXES:
            cursor.execute(statement)
    answers = []
    for question in QUESTIONS:
        unit = Unit.objects.get(pk=units[question.level])
        for length, day in days.items():
            period = containing(Kind(length), date.fromisoformat(day))
            said = {"unit": unit.pk, "first": period.first, "after": period.last + date.resolution}
            ways = [partial(question.ask, unit, period), partial(_sql, question.tallies, said), partial(_sql, question.votes, said)]
            assert len({way() for way in ways}) == 1, question.name
            answers.append(Answer(question.name, length, *map(_median, ways)))
    return answers


def _sql(template: str, said: Mapping[str, Any]) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(template.format(**PIECES), said)
        return int(sum(good + bad for *_, good, bad in cursor.fetchall()))


def _median(way: Callable[[], int]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        way()
        seconds.append(time.perf_counter() - began)
    return median(seconds)
