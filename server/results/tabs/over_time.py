"""Thời gian: by day (or week or month, so that no table is endless), and by hour and weekday.

Who may not see a single vote's time sees half-days instead of hours where the period is no whole month (`Period.by_hour`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from server.results import queries
from server.results.cells import Cell, Number, Participation, Satisfied, Words
from server.results.charts.days import MOST_DAYS, MOST_WEEKS
from server.results.counts import Count
from server.results.period import Kind, Period, containing
from server.results.queries import Cell as HourCell
from server.results.sections import Picture, Section
from server.results.tables import Column, Line, Table
from server.results.tabs.lines import COUNTED, NOTE_PARTICIPATION, NOTE_SHARE, PARTICIPATION, SHARE, counted, foot
from server.results.tabs.shown import Content, Shown
from server.results.templatetags.vietnamese import WEEKDAYS, weekday

NOON = 12
HALVES = {0: "Buổi sáng", NOON: "Buổi chiều"}
_SHORT = ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "CN")


def over_time(shown: Shown) -> Content:
    """By day and by hour."""
    days = days_section(queries.by_day(shown.unit, shown.period), shown.period)
    if shown.period.kind is Kind.DAY and not shown.moments:
        days = replace(days, picture=None)  # it would be one of hours
    return Content([days, *_by_hour(shown)])


def days_section(days: Mapping[date, Count], period: Period, form: str = "%d/%m/%Y") -> Section:
    """The days of a period, the latest first. form: how a day is written."""
    by, parts = parts_of(days, period)
    columns = [Column(by.capitalize(), Words), *COUNTED, PARTICIPATION, SHARE]
    lines = [
        Line(
            f"{part.first}",
            [Words(called(part, form)), *counted(count), Participation(count, "" if count.handled else "–"), Satisfied(count)],
        )
        for part, count in reversed(parts.items())
    ]
    whole = sum(days.values(), Count())
    table = Table("ngay", f"Theo {by}, {period}", columns, lines, foot("Cả kỳ", whole)).unsortable()
    said = [] if lines else ["Chưa có lượt đánh giá nào trong kỳ này."]
    return Section(table.caption, table, said, Picture("ngay", period) if period.days > 1 else None, [NOTE_SHARE, NOTE_PARTICIPATION])


def parts_of(days: Mapping[date, Count], period: Period) -> tuple[str, dict[Period, Count]]:
    """What a line of such a table is about, ngày, tuần or tháng; and the parts of the period that have any, in their order."""
    parts: dict[Period, Count] = defaultdict(Count)
    for day in sorted(days):
        parts[_part(day, period)] += days[day]
    return {Kind.DAY: "ngày", Kind.WEEK: "tuần", Kind.MONTH: "tháng"}[_kind(period)], dict(parts)


def called(part: Period, form: str = "%d/%m/%Y") -> str:
    """The part as the beginning of a line. form: how a day is written."""
    if part.kind is Kind.DAY:
        return f"{part.first:{form}}, {weekday(part.first)}"
    return str(part)[0].upper() + str(part)[1:]


def _by_hour(shown: Shown) -> list[Section]:
    cells = queries.by_hour(shown.unit, shown.period)
    fine = shown.moments or shown.period.by_hour
    if not fine:
        cells = [HourCell(cell.weekday, NOON if cell.hour >= NOON else 0, cell.votes) for cell in cells]
    by_hour, by_weekday, both = defaultdict[int, Count](Count), defaultdict[int, Count](Count), defaultdict[tuple[int, int], int](int)
    for cell in cells:
        by_hour[cell.hour] += cell.votes
        by_weekday[cell.weekday] += cell.votes
        both[cell.hour, cell.weekday] += cell.votes.n
    whole = sum(by_hour.values(), Count())
    days = [day for day in range(7) if day < 5 or by_weekday[day].n]
    hours = _all_between(by_hour) if fine else list(HALVES)

    def line(name: str, key: str, votes: list[int], count: Count) -> Line:
        return Line(key, [Words(name), *(Number(n) for n in votes), Number(count.n)])

    named = {hour: f"{hour} giờ" if fine else HALVES[hour] for hour in hours}
    what = "giờ" if fine else "buổi"
    matrix = Table(
        "gio-thu",
        f"Số lượt theo {what} và thứ trong tuần, {shown.period}",
        [Column(what.capitalize(), Words), *(Column(_SHORT[day], Number) for day in days), Column("Cộng", Number)],
        [line(named[hour], str(hour), [both[hour, day] for day in days], by_hour[hour]) for hour in hours],
        line("Cộng", "total", [by_weekday[day].n for day in days], whole),
        look="matrix",
    )
    notes = ["“8 giờ” là từ 8 giờ đến trước 9 giờ."] if fine else [
        "Chỉ kỳ tháng, quý, năm mới nêu theo giờ; kỳ khác nêu theo buổi, để không ai suy ra một người dân đã đánh giá vào giờ nào."
    ]  # fmt: skip
    shares = [
        _shares("gio", what, {named[hour]: by_hour[hour] for hour in hours if by_hour[hour].n}, whole, shown.period),
        _shares("thu", "thứ", {WEEKDAYS[day][0].upper() + WEEKDAYS[day][1:]: by_weekday[day] for day in days}, whole, shown.period),
    ]
    return [Section(matrix.caption, matrix, [], Picture("gio", shown.period) if fine else None, notes), *shares]


def _shares(name: str, what: str, counts: Mapping[str, Count], whole: Count, period: Period) -> Section:
    def cells(count: Count) -> list[Cell]:
        return [*counted(count), Satisfied(count)]

    table = Table(
        name,
        f"Tỷ lệ hài lòng theo {what}, {period}",
        [Column(what.capitalize(), Words), *COUNTED, SHARE],
        [Line(key, [Words(key), *cells(count)]) for key, count in counts.items()],
        Line("total", [Words("Cả kỳ"), *cells(whole)]),
    ).unsortable()
    return Section(table.caption, table)


def _all_between(counts: Mapping[int, Count]) -> list[int]:
    there = [hour for hour, count in counts.items() if count.n]
    return list(range(min(there), max(there) + 1)) if there else []


def _kind(period: Period) -> Kind:
    """What a line is about: the same as a bar of the chart."""
    if period.days <= MOST_DAYS:
        return Kind.DAY
    return Kind.WEEK if period.kind is not Kind.YEAR and period.days <= 7 * MOST_WEEKS else Kind.MONTH


def _part(day: date, period: Period) -> Period:
    """The part of the period that the day's line is about."""
    part = containing(_kind(period), day)
    return Period(part.kind, max(part.first, period.first), min(part.last, period.last))
