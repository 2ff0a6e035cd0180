"""So sánh: a period against the one before it or any other of its kind: the whole, by officer, by counter or by unit."""

from collections.abc import Mapping, Sequence
from datetime import date

from server.results import queries
from server.results.addressed import UnclearError, read_day
from server.results.cells import Cell, Compared, Number, Satisfied, Words
from server.results.comparing import compare, of_two_periods
from server.results.counts import Count, Row
from server.results.period import Kind, Period, containing
from server.results.sections import Picture, Section
from server.results.statistics import MINIMUM_N
from server.results.tables import Column, Line, Table
from server.results.tabs.lines import NOTE_OTHERS, NOTE_SHARE
from server.results.tabs.shown import Content, Other, Shown


def two_periods(shown: Shown) -> Content:
    """The period and another, side by side."""
    other = other_of(shown.period, shown.parameters.get("voi", ""))
    if queries.is_area(shown.unit):
        now, then = queries.total(shown.unit, shown.period), queries.total(shown.unit, other.period)
        pairs = [("don-vi", "Đơn vị", queries.by_unit(shown.unit, shown.period), queries.by_unit(shown.unit, other.period))]
    else:
        one, two = queries.facts(shown.unit, shown.period), queries.facts(shown.unit, other.period)
        now, then = one.total, two.total
        pairs = [
            ("can-bo", "Cán bộ", one.by_officer(), two.by_officer()),
            ("quay", "Quầy", one.by_counter(), two.by_counter()),
        ]
    called = str(shown.period), str(other.period)
    whole = _table("chung", "Đơn vị", "Toàn đơn vị", called, [(Row("total", "Toàn đơn vị", now), then)])
    said = of_two_periods(*called, now, then)
    sections = [Section("Toàn đơn vị", whole, [said], Picture("so-sanh", shown.period, other=other.period), [NOTE_SHARE])]
    for name, first, rows, before in pairs:
        title = f"Theo {first.lower()}"
        table = _table(name, first, title, called, _beside(rows, before))
        sections.append(Section(title, table, [], None, [NOTE_OTHERS]))
    return Content(sections, other=other)


def other_of(period: Period, asked: str) -> Other:
    """The period that `asked`, a day in it, asks to compare with; without it the one before."""
    before, year_ago = period.before, _year_before(period)
    other, fault = before, ""
    if asked:
        try:
            other = _containing(period, read_day(asked))
        except UnclearError as unclear:
            fault = f"{unclear} Đang so với {before}."
    if other == period:
        other, fault = before, f"Hai kỳ phải khác nhau. Đang so với {before}."
    choices = [("Kỳ trước", before), ("Cùng kỳ năm trước", year_ago)]
    return Other(other, f"{other.first}", [(label, f"{choice.first}", choice == other) for label, choice in choices], fault)


def _containing(period: Period, day: date) -> Period:
    if period.kind is Kind.SPAN:
        return Period(Kind.SPAN, day, day + (period.last - period.first))
    return containing(period.kind, day)


def _year_before(period: Period) -> Period:
    first = period.first
    day = first.replace(year=first.year - 1, day=28 if (first.month, first.day) == (2, 29) else first.day)
    return _containing(period, day)


def _beside(rows: Sequence[Row], before: Sequence[Row]) -> list[tuple[Row, Count]]:
    then: Mapping[str, Count] = {row.key: row.count for row in before}
    gone = [Row(row.key, row.name, Count(), row.note) for row in before if row.key not in {now.key for now in rows}]
    return [(row, then.get(row.key, Count())) for row in [*rows, *gone] if row.count.n or then.get(row.key, Count()).n]


def _table(name: str, first: str, title: str, called: tuple[str, str], pairs: Sequence[tuple[Row, Count]]) -> Table:
    told = sum(min(row.count.n, then.n) >= MINIMUM_N for row, then in pairs)
    lines = []
    for row, then in pairs:
        verdict = compare(row.count, then, max(1, told))
        figures: list[Cell] = [Number(row.count.n), Satisfied(row.count), Number(then.n), Satisfied(then)]
        lines.append(Line(row.key, [Words(row.name), *figures, Compared(verdict)]))
    now, before = called
    columns = [
        Column(first, Words),
        Column(f"n, {now}", Number),
        Column(f"Hài lòng, {now}", Satisfied),
        Column(f"n, {before}", Number),
        Column(f"Hài lòng, {before}", Satisfied),
        Column("Khác nhau không?", Compared),
    ]
    return Table(name, f"{title}: {now} so với {before}", columns, lines, look="pair")
