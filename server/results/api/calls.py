"""The calls of results. The numbers are those of `server.results.queries`, as on the pages."""

from server.problems import ProblemError
from server.results import queries
from server.results.api import answers
from server.results.api.asking import PeriodQuery, asked_period
from server.results.counts import Row, total
from server.results.statistics import ranks
from server.tokens.call import Asked, Calls, Grant, NoBody

CALLS = Calls("results")
_READ = [Grant.READS_RESULTS]
_Period = Asked[PeriodQuery, NoBody]


@CALLS.get("results/{unit}/total", answers.Total, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_total(asked: _Period) -> answers.Total:
    """All votes of a unit and of those below it, in a period."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    return answers.Total(answers.unit_name(unit), answers.days(period), answers.count(queries.total(unit, period)))


@CALLS.get("results/{unit}/officers", answers.Officers, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_by_officer(asked: _Period) -> answers.Officers:
    """Votes by officer of the unit itself."""
    unit = asked.unit_read()
    facts = queries.facts(unit, asked_period(asked.query, unit))
    rows = [answers.row(row) for row in facts.by_officer()]
    return answers.Officers(answers.unit_name(unit), answers.days(facts.period), answers.count(facts.total), rows)


@CALLS.get("results/{unit}/counters", answers.Counters, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_by_counter(asked: _Period) -> answers.Counters:
    """Votes by counter of the unit itself."""
    unit = asked.unit_read()
    facts = queries.facts(unit, asked_period(asked.query, unit))
    rows = [answers.row(row) for row in facts.by_counter()]
    return answers.Counters(answers.unit_name(unit), answers.days(facts.period), answers.count(facts.total), rows)


@CALLS.get("results/{unit}/days", answers.ByDay, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_by_day(asked: _Period) -> answers.ByDay:
    """Votes of a unit and of those below it, day by day."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    by_day = queries.by_day(unit, period)
    rows = [answers.DayRow(day, answers.count(count)) for day, count in by_day.items()]
    whole = total(Row("", "", count) for count in by_day.values())
    return answers.ByDay(answers.unit_name(unit), answers.days(period), answers.count(whole), rows)


@CALLS.get("results/{unit}/hours", answers.Hours, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_by_hour(asked: _Period) -> answers.Hours:
    """Votes of a unit and of those below it, by weekday and hour, of a month, a quarter or a year."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    if not period.by_hour:
        raise ProblemError("bad-period", "Hours are told of a month, a quarter or a year, so that nobody's time can be found.")
    rows = [answers.HourRow(cell.weekday + 1, cell.hour, answers.votes(cell.votes)) for cell in queries.by_hour(unit, period)]
    return answers.Hours(answers.unit_name(unit), answers.days(period), rows)


@CALLS.get("results/{unit}/reasons", answers.Reasons, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_reasons(asked: _Period) -> answers.Reasons:
    """How often citizens gave each reason, in a unit and in those below it."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    rows = [answers.reason_row(reason) for reason in queries.reasons(unit, period)]
    return answers.Reasons(answers.unit_name(unit), answers.days(period), rows)


@CALLS.get("results/{unit}/units", answers.Units, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_by_unit(asked: _Period) -> answers.Units:
    """The units directly below, with their ranks. What was counted in the unit itself has a line without rank."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    rows = queries.by_unit(unit, period)
    places = ranks([None if row.key == unit.pk else row.count.share for row in rows])
    lines = [answers.unit_row(row, place) for row, place in zip(rows, places, strict=True)]
    return answers.Units(answers.unit_name(unit), answers.days(period), answers.count(total(rows)), lines)


@CALLS.get("results/{unit}/participation", answers.Participation, grants=_READ, query=PeriodQuery, problems=["bad-period"])
def results_participation(asked: _Period) -> answers.Participation:
    """How many of the transactions were rated: of a commune by counter, of a province or the country by unit below."""
    unit = asked.unit_read()
    period = asked_period(asked.query, unit)
    if queries.is_area(unit):
        rows = queries.by_unit(unit, period)
        whole = total(rows)
    else:
        facts = queries.facts(unit, period)
        rows, whole = facts.by_counter(), facts.total
    parts = [answers.participation_row(row) for row in rows]
    return answers.Participation(answers.unit_name(unit), answers.days(period), whole.handled, whole.rated, whole.participation, parts)
