"""What a chart shows, asked of `server.results.queries`: the same figures as in every table."""

from datetime import date

from server.places.models import Unit
from server.results import queries
from server.results.charts import days, lines, reasons, words
from server.results.charts.address import Asked, By, Chart
from server.results.charts.comparison import compare
from server.results.charts.days import DailyParticipation, Votes
from server.results.charts.hours import Moment, Week
from server.results.charts.intervals import Intervals
from server.results.charts.order import Data
from server.results.charts.participation import Participation
from server.results.charts.reasons import Given, Reasons
from server.results.counts import Count, Row
from server.results.period import Kind, Period
from server.results.queries import Facts


def gather(unit: Unit, asked: Asked, facts: Facts | None = None) -> Data:
    """The data of a chart of a unit. facts: those of the unit and the period, if they are at hand.

    Raises ValueError where a commune is asked for the units below it, or an area for its officers.
    """
    if asked.by in (By.OFFICER, By.COUNTER, By.UNIT) and (asked.by is By.UNIT) != queries.is_area(unit):
        raise ValueError(f"{unit.kind}: {asked.by}")
    when = str(asked.period)
    match asked.chart:
        case Chart.DAYS:
            return Votes(when, _stretches(unit, asked.period, facts))
        case Chart.HOURS:
            return Week(when, [Moment(*cell) for cell in queries.by_hour(unit, asked.period)])
        case Chart.REASONS:
            return _reasons(unit, asked)
        case Chart.INTERVALS:
            rows, whole = _rows(unit, asked.period, asked.by, facts)
            somebodys = [row for row in rows if row.key or row.count.n]  # nobody's transactions have no share
            return Intervals(when, [lines.line(row) for row in lines.by_share(somebodys)], whole)
        case Chart.COMPARISON:
            other = asked.other or asked.period.before
            return compare((when, *_rows(unit, asked.period, asked.by, facts)), (str(other), *_rows(unit, other, asked.by)))
        case Chart.PARTICIPATION:
            if asked.by is By.DAY:
                return DailyParticipation(when, days.stretches(asked.period, _by_day(unit, asked.period, facts)))
            rows, whole = _rows(unit, asked.period, asked.by, facts)
            return Participation(when, [lines.line(row) for row in lines.by_participation(rows)], whole)


def default(unit: Unit, chart: Chart) -> By | None:
    """What a chart is about where nobody said."""
    if chart in (Chart.INTERVALS, Chart.COMPARISON):
        return By.UNIT if queries.is_area(unit) else By.OFFICER
    return {Chart.REASONS: By.DISSATISFIED, Chart.PARTICIPATION: By.DAY}.get(chart)


def _stretches(unit: Unit, period: Period, facts: Facts | None) -> list[days.Stretch]:
    if period.kind is Kind.DAY:
        found: dict[int, Count] = {}
        for cell in queries.by_hour(unit, period):
            found[cell.hour] = found.get(cell.hour, Count()) + cell.votes
        return days.hours(found)
    return days.stretches(period, _by_day(unit, period, facts))


def _by_day(unit: Unit, period: Period, facts: Facts | None) -> dict[date, Count]:
    return facts.by_day() if facts and not queries.is_area(unit) else queries.by_day(unit, period)


def _rows(unit: Unit, period: Period, by: By | None, facts: Facts | None = None) -> tuple[list[Row], Count]:
    if by is By.UNIT:
        return queries.by_unit(unit, period), queries.total(unit, period)
    known = facts or queries.facts(unit, period)
    return known.by_officer() if by is By.OFFICER else known.by_counter(), known.total


def _reasons(unit: Unit, asked: Asked) -> Reasons:
    satisfied = asked.by is By.SATISFIED
    wanted = "satisfied" if satisfied else "dissatisfied"
    given = [Given(words.plain(one.words), one.times) for one in queries.reasons(unit, asked.period) if one.rating == wanted and one.times]
    return Reasons(str(asked.period), satisfied, reasons.most(given))
