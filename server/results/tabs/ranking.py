"""Xếp hạng: the units of an area, each with how far its rank may be another."""

from server.results import queries
from server.results.cells import Compared, Place, Words
from server.results.comparing import UNITS, against_others, sentences
from server.results.counts import total
from server.results.sections import Picture, Section
from server.results.statistics import ranks
from server.results.tables import Column, Line, Table
from server.results.tabs.lines import (
    COUNTED,
    NOTE_OTHERS,
    NOTE_PARTICIPATION,
    NOTE_SHARE,
    PARTICIPATION,
    SHARE,
    compared_lines,
    foot,
    links_below,
)
from server.results.tabs.shown import Content, Shown

NOTE_RANK = (
    "“3 (2–9)” là: đứng thứ 3 theo tỷ lệ, nhưng xét khoảng tin cậy thì có thể từ thứ 2 đến thứ 9. Đơn vị dưới 30 lượt không xếp hạng."
)


def ranking(shown: Shown) -> Content:
    """All units below, the highest share first unless asked otherwise."""
    rows = queries.by_unit(shown.unit, shown.period)
    verdicts = against_others(rows)
    places = ranks([row.count.share for row in rows])
    links = links_below(shown, rows, "xep-hang")
    named = [row if not row.note else type(row)(row.key, f"{row.name} ({row.note})", row.count) for row in rows]
    lines = [
        Line(line.key, [Place(place), *line.cells], line.last)
        for line, place in zip(compared_lines(named, verdicts, notes=False, links=links), places, strict=True)
    ]
    columns = [
        Column("Hạng", Place, "hang"),
        Column("Đơn vị", Words, "ten"),
        *COUNTED,
        PARTICIPATION,
        SHARE,
        Column("So với các đơn vị khác", Compared, "chenh-lech", falling=True),
    ]
    whole = foot("Tất cả", total(rows), after=[Compared(None)])
    table = Table(
        "xep-hang", f"Xếp hạng, {shown.period}", columns, lines, Line(whole.key, [Place(None), *whole.cells]), look="ranked", named=1
    )
    table = table.sorted_by("hang")
    said, notes = sentences(rows, verdicts, UNITS), [NOTE_RANK, NOTE_SHARE, NOTE_OTHERS, NOTE_PARTICIPATION]
    return Content([Section(table.caption, table, said, Picture("khoang", shown.period, "don-vi"), notes)])
