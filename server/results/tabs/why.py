"""Lý do: how often each was given, by the answer after which it is offered."""

from collections.abc import Sequence

from server.results import queries
from server.results.cells import Part, Words
from server.results.queries import Reason
from server.results.sections import Picture, Section
from server.results.statistics import MINIMUM_N, tenths
from server.results.tables import Column, Line, Table
from server.results.tabs.shown import Content, Shown
from server.results.templatetags.vietnamese import number

GROUPS = {
    "dissatisfied": ("khong-hai-long", "Điều cần sửa (sau khi trả lời “Không hài lòng”)"),
    "satisfied": ("hai-long", "Điều làm tốt (sau khi trả lời “Hài lòng”)"),
    "": ("rieng", "Lý do riêng của các đơn vị"),
}
NOTES = [
    "Một lượt đánh giá có thể nêu nhiều lý do hoặc không nêu lý do nào; phần trăm tính trên tổng số lần nêu trong bảng, từ 30 lần trở lên."
]


def why(shown: Shown) -> Content:
    """The reasons of both answers, ranked."""
    reasons = queries.reasons(shown.unit, shown.period)
    sections = []
    for rating, (name, title) in GROUPS.items():
        given = [reason for reason in reasons if reason.rating == rating and reason.times]
        if given or rating:
            table = reasons_table(name, f"{title}, {shown.period}", given)
            said = _said(given)
            picture = Picture("ly-do", shown.period, name) if rating else None
            sections.append(Section(title, table, [said], picture, NOTES))
    return Content(sections)


def reasons_table(name: str, caption: str, given: Sequence[Reason]) -> Table:
    """Reasons with how often each was given."""
    whole = sum(reason.times for reason in given)
    percents = [part / 10 if whole >= MINIMUM_N else None for part in tenths([reason.times for reason in given])]
    lines = [
        Line(reason.id or "own", [Words(reason.words), Part(reason.times, percent)])
        for reason, percent in zip(given, percents, strict=True)
    ]
    foot = Line("total", [Words("Tổng số lần nêu"), Part(whole, 100.0 if whole >= MINIMUM_N else None)])
    return Table(name, caption, [Column("Lý do", Words), Column("Số lần nêu", Part)], lines, foot, look="short")


def _said(given: Sequence[Reason]) -> str:
    if not given:
        return "Chưa có lý do nào được nêu trong kỳ này."
    most = [reason.words for reason in given if reason.times == given[0].times]
    if len(most) > 2:
        return f"{len(most)} lý do được nêu nhiều như nhau, mỗi lý do {number(given[0].times)} lần."
    return f"Được nêu nhiều nhất: {' và '.join(most)} ({number(given[0].times)} lần)."
