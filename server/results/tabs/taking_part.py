"""Tham gia: votes over transactions, and of which days they are told."""

from collections.abc import Iterable, Mapping

from server.results import queries
from server.results.attention import hardly_rated, more_than_came
from server.results.cells import Number, Participation, Words
from server.results.counts import Count, Row
from server.results.sections import Picture, Section
from server.results.tables import Column, Line, Table
from server.results.tabs.lines import PARTICIPATION, TOLD_AS_A_WHOLE, links_below, took_part
from server.results.tabs.shown import Content, Shown
from server.results.templatetags.vietnamese import number, signed_percent

NOTES = [
    "Tham gia là số lượt đánh giá trên số hồ sơ đã giải quyết. Chỉ tính những ngày có số hồ sơ; lượt của các ngày khác không tính vào đây."
]


def taking_part(shown: Shown) -> Content:
    """Participation of the whole, and by counter or by unit."""
    if queries.is_area(shown.unit):
        rows = queries.by_unit(shown.unit, shown.period)
        whole = queries.total(shown.unit, shown.period)
        links: Mapping[str, str] = links_below(shown, rows, "tham-gia")
        title, first = f"Theo đơn vị, {shown.period}", "Đơn vị"
        days: dict[str, tuple[int, int]] = {}
        said = [summary(whole), *_votes_without(whole)]
        picture = Picture("tham-gia", shown.period, "don-vi")
    else:
        facts = queries.facts(shown.unit, shown.period)
        rows, whole, links = facts.by_counter(), facts.total, {}
        title, first = f"Theo quầy, {shown.period}", "Quầy"
        days = _days(facts.served)
        said = [summary(whole), *days_without(facts)]
        picture = Picture("tham-gia", shown.period, "quay", facts=facts)
    said += [remark.sentence for remark in (*hardly_rated(rows), *more_than_came(rows))]
    columns = [
        Column(first, Words, "ten"),
        Column("Hồ sơ", Number, "ho-so", falling=True),
        Column("Lượt tính vào", Number, "luot", falling=True),
        PARTICIPATION,
        Column("Tính trên", Words),
        Column("Tất cả lượt (n)", Number, "n", falling=True),
    ]
    lines = [
        Line(
            row.key,
            [
                Words(row.name, links.get(row.key, "")),
                Number(row.count.handled),
                Number(row.count.rated),
                took_part(row),
                _of(row, days),
                Number(row.count.n),
            ],
            last=not row.key,
        )
        for row in rows
    ]
    foot = Line(
        "total",
        [Words("Tổng cộng"), Number(whole.handled), Number(whole.rated), Participation(whole), Words(""), Number(whole.n)],
    )
    table = Table("tham-gia", title, columns, lines, foot)
    return Content([Section(title, table, said, picture, NOTES)])


def summary(whole: Count) -> str:
    """Participation of the whole in a sentence."""
    if whole.participation is None:
        return "Chưa có số hồ sơ của kỳ này, nên chưa tính được tỷ lệ tham gia."
    return f"Tham gia {signed_percent(whole.participation)}: {number(whole.rated)} lượt trên {number(whole.handled)} hồ sơ."


def days_without(facts: queries.Facts) -> list[str]:
    """A sentence about days of which no transactions were told, if there are any and any others."""
    told, days = _days(facts.served).get("", (0, 0))
    return [f"Tính trên {told}/{days} ngày; các ngày còn lại chưa có số hồ sơ."] if 0 < told < days else []


def _votes_without(whole: Count) -> list[str]:
    """The same where days are too many to tell apart: of the votes."""
    if whole.participation is None or whole.rated == whole.n:
        return []
    return [f"Tính trên {number(whole.rated)}/{number(whole.n)} lượt; các lượt còn lại thuộc những ngày chưa có số hồ sơ."]


def _days(served: Iterable[queries.Served]) -> dict[str, tuple[int, int]]:
    """Days with transactions, and days with anything, by counter; of the whole under no id."""
    told: dict[str, set[object]] = {}
    there: dict[str, set[object]] = {}
    for one in served:
        for key in {one.counter_id, ""}:
            if one.handled:
                told.setdefault(key, set()).add(one.day)
            if one.handled or one.satisfied or one.dissatisfied:
                there.setdefault(key, set()).add(one.day)
    return {key: (len(told.get(key, ())), len(days)) for key, days in there.items()}


def _of(row: Row, days: dict[str, tuple[int, int]]) -> Words:
    if not row.key:
        return Words("hồ sơ không chia theo quầy" if took_part(row).said == TOLD_AS_A_WHOLE else "")
    if row.count.participation is None:
        return Words("chưa có số hồ sơ" if row.count.n else "")
    if row.key in days:
        told, there = days[row.key]
        return Words(f"{told}/{there} ngày có số hồ sơ" if told < there else f"cả {there} ngày")
    if row.count.rated < row.count.n:
        return Words(f"{number(row.count.rated)}/{number(row.count.n)} lượt")
    return Words("tất cả các lượt")
