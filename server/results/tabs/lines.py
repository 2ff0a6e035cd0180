"""Columns and lines that several tabs share: who, how many, which share, and whether that differs."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from server.places.models import Unit
from server.results.cells import Cell, Compared, Number, Part, Participation, Satisfied, Words
from server.results.comparing import Verdict
from server.results.counts import Count, Row
from server.results.tables import Column, Line
from server.results.tabs.shown import Shown

NOTE_SHARE = (
    "Tỷ lệ chỉ nêu từ 30 lượt trở lên, kèm số lượt (n) và khoảng tin cậy 95 % theo Wilson: với số lượt ấy, "
    "tỷ lệ thật nằm trong khoảng này với độ tin cậy 95 %."
)
NOTE_OTHERS = (
    "“Rõ rệt” là khi khoảng tin cậy của chênh lệch (Newcombe, đã tính đến việc so sánh nhiều lần cùng lúc) không chứa số không. "
    "“Chưa khác biệt rõ” không có nghĩa là bằng nhau."
)
NOTE_PARTICIPATION = "Tham gia là số lượt trên số hồ sơ, chỉ tính những ngày có số hồ sơ."
TOLD_AS_A_WHOLE = "không chia"  # transactions that were told for nobody by name

COUNTED = (Column("n (lượt)", Number, "n", falling=True), Column("Không hài lòng", Part, "khong-hai-long", falling=True))
SHARE = Column("Hài lòng · khoảng tin cậy 95 %", Satisfied, "ty-le", falling=True)
PARTICIPATION = Column("Tham gia", Participation, "tham-gia", falling=True)


def counted(count: Count) -> list[Cell]:
    """The cells of `COUNTED`."""
    return [Number(count.n), Part(count.dissatisfied, count.percents[1] if count.percents else None)]


def took_part(row: Row) -> Participation:
    """Participation of whom the row is about; what was told for nobody has none."""
    return Participation(row.count) if row.key else Participation(row.count, TOLD_AS_A_WHOLE if row.count.handled else "–")


def compared_lines(
    rows: Iterable[Row], verdicts: Mapping[str, Verdict], *, notes: bool, links: Mapping[str, str] | None = None
) -> list[Line]:
    """Lines of name, note, counts, participation, share, and whether it differs from the others."""
    links = links or {}
    return [
        Line(
            row.key,
            [
                Words(row.name, links.get(row.key, "")),
                *([Words(row.note)] if notes else []),
                *counted(row.count),
                took_part(row),
                Satisfied(row.count),
                Compared(verdicts.get(row.key)),
            ],
            last=not row.key,
        )
        for row in rows
    ]


def foot(name: str, count: Count, *, before: Sequence[Cell] = (), after: Sequence[Cell] = ()) -> Line:
    """The line below, of all together."""
    return Line("total", [Words(name), *before, *counted(count), Participation(count), Satisfied(count), *after])


def links_below(shown: Shown, rows: Iterable[Row], tab: str) -> dict[str, str]:
    """Where each unit of the rows is seen by itself, in the same period: on the same tab, or by officer where it has no units below."""
    below = tab if tab != "xep-hang" or shown.unit.kind == Unit.Kind.COUNTRY else "can-bo"

    def link(key: str) -> str:
        return reverse("unit-tab", args=[key, "can-bo" if key == shown.unit.pk else below]) + f"?{shown.asked.query}"

    return {row.key: link(row.key) for row in rows}
