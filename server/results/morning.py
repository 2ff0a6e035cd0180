"""Hôm nay: what a leader sees first of a unit, from facts that are asked for once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse

from server.places.models import Unit
from server.results import attention, queries
from server.results.attention import Remark
from server.results.cells import Number, Participation, Satisfied, Words
from server.results.comparing import OFFICERS, UNITS, against_others, compare
from server.results.counts import Count, Row
from server.results.period import Kind, Period, containing
from server.results.queries import Facts, Heard, Reason
from server.results.sections import Picture, Section
from server.results.tables import Column, Line, Table
from server.results.tabs.lines import COUNTED, PARTICIPATION, SHARE, counted
from server.results.tabs.over_time import days_section
from server.results.tabs.people import officers_section
from server.results.tabs.taking_part import days_without
from server.results.tabs.why import reasons_table

LOOK_BACK = timedelta(days=10)  # for the day before today on which anybody was served, over the longest holiday
REASONS = 5
DAYS = timedelta(days=6)


@dataclass(frozen=True)
class DayBefore:
    """The last day before today on which anything was counted."""

    day: date
    count: Count
    yesterday: bool


@dataclass(frozen=True)
class Morning:
    """All that the page says. sections: tables below the cards."""

    unit: Unit
    clock: datetime
    month: Period
    whole: Count
    today: Count
    before: DayBefore | None
    devices: Heard
    remarks: Sequence[Remark]
    by_month: Section | None
    days: Section
    reasons: Section
    now: Section


def morning(unit: Unit, now: datetime) -> Morning:
    """What is to be seen of the unit at this moment."""
    clock = queries.local(unit, now)
    month = containing(Kind.MONTH, clock.date())
    return _of_area(unit, clock, month, now) if queries.is_area(unit) else _of_commune(unit, clock, month, now)


def _of_commune(unit: Unit, clock: datetime, month: Period, now: datetime) -> Morning:
    today = clock.date()
    wide = queries.facts(unit, Period(Kind.SPAN, min(month.first, today - LOOK_BACK), month.last))
    facts, at_present = _within(wide, month), _within(wide, containing(Kind.DAY, today))
    devices = queries.heard(unit, now)
    officers, counters = facts.by_officer(), facts.by_counter()
    remarks = [
        *attention.hardly_rated(counters),
        *attention.lower(officers, against_others(officers), OFFICERS, "can-bo"),
        *_common(unit, month, facts.total, devices, clock),
        *attention.more_than_came(counters),
        *(
            Remark(f"Thiếu số hồ sơ trong {month}.", f"Tham gia chỉ {sentence[0].lower()}{sentence[1:]}", "tham-gia")
            for sentence in days_without(facts)
        ),
    ]
    present = _present(at_present)
    return Morning(
        unit, clock, month, facts.total, at_present.total, _before(wide.by_day(), today), devices, remarks,
        _officers(facts), _days(wide.by_day(), today), _reasons(unit, month),
        Section("Theo cán bộ, hôm nay", present),
    )  # fmt: skip


def _officers(facts: Facts) -> Section:
    section = officers_section(facts)
    return replace(section, table=section.table.unsortable(), notes=section.notes[:1], picture=None)


def _of_area(unit: Unit, clock: datetime, month: Period, now: datetime) -> Morning:
    today = clock.date()
    days = queries.by_day(unit, Period(Kind.SPAN, min(month.first, today - LOOK_BACK), month.last))
    whole = sum((count for day, count in days.items() if month.first <= day), Count())
    devices = queries.heard(unit, now)
    units, present = queries.by_unit(unit, month), queries.by_unit(unit, containing(Kind.DAY, today))
    remarks = [
        *attention.lower(units, against_others(units), UNITS, "xep-hang"),
        *attention.hardly_rated(units),
        *_common(unit, month, whole, devices, clock),
        *attention.without_votes(units),
        *attention.more_than_came(units),
    ]
    return Morning(
        unit, clock, month, whole, days.get(today, Count()), _before(days, today), devices, remarks,
        None, _days(days, today), _reasons(unit, month), _units(units, present, month, whole, days.get(today, Count())),
    )  # fmt: skip


def _common(unit: Unit, month: Period, whole: Count, devices: Heard, clock: datetime) -> list[Remark]:
    then = queries.total(unit, month.before)
    return [
        *attention.worse_than_before(str(month.before), compare(whole, then), whole, then),
        *attention.silent_devices(devices.silent, clock.hour, workday=clock.weekday() < 5),
    ]


def _within(facts: Facts, period: Period) -> Facts:
    return Facts(facts.unit, period, [one for one in facts.served if period.first <= one.day <= period.last])


def _before(days: Mapping[date, Count], today: date) -> DayBefore | None:
    there = [day for day, count in days.items() if day < today and count.n]
    if not there:
        return None
    day = max(there)
    return DayBefore(day, days[day], today - day == timedelta(days=1))


def _days(days: Mapping[date, Count], today: date) -> Section:
    last = Period(Kind.SPAN, today - DAYS, today)
    section = days_section({day: count for day, count in days.items() if last.first <= day <= today}, last, "%d/%m")
    return replace(section, title="Bảy ngày qua", notes=(), picture=Picture("ngay", last, wide=False))


def _reasons(unit: Unit, month: Period) -> Section:
    given = [reason for reason in queries.reasons(unit, month) if reason.rating == "dissatisfied" and reason.times]
    if len(given) > REASONS + 1:
        others = given[REASONS:]
        given = [*given[:REASONS], Reason("", f"{len(others)} lý do khác", "dissatisfied", sum(one.times for one in others))]
    table = reasons_table("ly-do", f"Điều cần sửa, {month}", given)
    said = [] if given else [f"Chưa có lý do nào được nêu trong {month}."]
    return Section(table.caption, table, said, Picture("ly-do", month, wide=False))


def _present(facts: Facts) -> Table:
    """Who was rated today: exact counts, as they come in."""

    def line(row: Row) -> Line:
        count = row.count
        counts = [Number(count.n, "total"), Number(count.satisfied, "satisfied"), Number(count.dissatisfied, "dissatisfied")]
        return Line(row.key, [Words(row.name), Words(row.note), *counts, Satisfied(count)])

    columns = [Column("Cán bộ", Words), Column("Quầy", Words), Column("n (lượt)", Number)]
    columns += [Column("Hài lòng", Number), Column("Không hài lòng", Number), Column("Tỷ lệ hài lòng · khoảng tin cậy 95 %", Satisfied)]
    whole = line(Row("total", "Tổng cộng", facts.total))
    return Table("can-bo-hom-nay", "Theo cán bộ, hôm nay", columns, [line(row) for row in facts.by_officer()], whole, hook="officer")


def _units(units: Sequence[Row], present: Sequence[Row], month: Period, whole: Count, today: Count) -> Section:
    """The units of an area: today's votes, and the month."""
    now = {row.key: row.count for row in present}

    def line(row: Row, link: str, count: Count) -> Line:
        took = Participation(row.count, "" if row.count.handled else "–")
        return Line(row.key, [Words(row.name, link), Number(count.n, "total"), *counted(row.count), took, Satisfied(row.count)])

    columns = [Column("Đơn vị", Words), Column("Lượt hôm nay", Number), *COUNTED, PARTICIPATION, SHARE]
    lines = [line(row, reverse("unit", args=[row.key]), now.get(row.key, Count())) for row in units]
    title = f"Theo đơn vị, {month}"
    table = Table("don-vi-hom-nay", title, columns, lines, line(Row("total", "Tất cả", whole), "", today), hook="unit").unsortable()
    return Section(title, table)
