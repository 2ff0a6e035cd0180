"""A report of a unit and a period, from the database. Who may see it is decided before, by `server.places.scope`."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from server.places.history import name_on
from server.places.models import Unit
from server.reports import nine
from server.reports.content import Block, Chapter, Report
from server.reports.loop import loop, praise
from server.reports.models import Opinion
from server.reports.sound import Sound, UnsoundError
from server.reports.upkeep import upkeep
from server.reports.votes import votes
from server.results import queries
from server.results.cells import Measure, Words
from server.results.period import Kind, Period
from server.results.tables import Column, Line, Table

ASSESSED = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)
STEPS = 5  # of `build`
_TRIES = 3
Progress = Callable[[int, int], None]


def build(unit: Unit, period: Period, now: datetime, *, waited_for: bool = False, progress: Progress | None = None) -> Report:
    """The report as things are now. waited_for: somebody waits for a page, so what takes long is left out. progress: is told how many
    hundredths of `STEPS` are done. Raises `UnsoundError` where the database contradicts itself.
    """
    tell = progress or (lambda done, of: None)
    at = queries.local(unit, now)

    def within(step: int) -> Progress:
        return lambda done, of: tell(100 * step + 100 * done // max(of, 1), 100 * STEPS)

    opinion = opinion_of(unit, period)
    within(0)(0, 1)
    chapters = [_votes(unit, period)]
    within(1)(0, 1)
    chapters.append(loop(unit, period, at.date(), waited_for=waited_for, progress=within(1)))
    within(2)(0, 1)
    chapters += [praise(unit, period), upkeep(unit, period, now)]
    within(3)(0, 1)
    if period.kind in ASSESSED:
        chapters.append(assessment(unit, period, opinion))
    words = [*_paragraphs(opinion.remarks), *_paragraphs(opinion.proposals)]
    if words:
        chapters.append(Chapter("nhan-xet", "Nhận xét, kiến nghị", says=words))
    within(STEPS)(0, 1)
    return Report(unit, name_on(unit, min(period.last, at.date())), period, at, chapters)


def opinion_of(unit: Unit, period: Period) -> Opinion:
    """What the leader wrote, or nothing."""
    kept = Opinion.objects.filter(unit_id=unit.pk, kind=period.kind, first=period.first).first()
    return kept or Opinion(unit_id=unit.pk, kind=period.kind, first=period.first)


def given_of(opinion: Opinion) -> dict[str, nine.Given]:
    """The points that a person decided, by indicator."""
    return {key: nine.Given(Decimal(said["points"]), said.get("remark", "")) for key, said in opinion.points.items()}


def proposals(unit: Unit, period: Period) -> dict[str, nine.Proposal]:
    """What the figures of the period suggest, by indicator."""
    n = queries.total(unit, period).n
    times = {reason.id: reason.times for reason in queries.reasons(unit, period)}
    found = {one.key: nine.propose(one, n, times) for one in nine.INDICATORS}
    return {key: proposal for key, proposal in found.items() if proposal}


def assessment(unit: Unit, period: Period, opinion: Opinion) -> Chapter:
    """Chapter V: points that a person decided, beside the figures that suggest some."""
    given, proposed = given_of(opinion), proposals(unit, period)
    lines = []
    for place, one in enumerate(nine.INDICATORS, 1):
        basis = []
        if one.key in proposed:
            basis.append(f"{proposed[one.key].basis} (kiosk đề xuất {proposed[one.key].points} điểm)")
        if one.key in given and given[one.key].remark:
            basis.append(given[one.key].remark)
        points = given[one.key].points if one.key in given else None
        lines.append(Line(one.key, [Words(f"{place}. {one.name}"), Measure(points, "điểm"), Words("; ".join(basis))]))
    total = nine.total(given)
    foot = Line("total", [Words("Tổng điểm"), Measure(total, "điểm"), Words("" if total is None else f"Xếp loại: {nine.class_of(total)}")])
    columns = [Column("Chỉ số", Words), Column("Điểm", Measure), Column("Căn cứ, ghi chú", Words)]
    left = len(nine.INDICATORS) - len(given)
    says = [f"Còn {left} chỉ số chưa có người xác nhận điểm, nên chưa có tổng điểm và xếp loại."] if left else []
    notes = [
        "Mỗi chỉ số từ 0 đến 2 điểm, tổng 18 điểm: từ 15 Xuất sắc, từ 12 Tốt, từ 9 Khá, từ 6 Trung bình, dưới 6 Yếu. Điểm kiosk đề xuất "
        "chỉ để tham khảo: 2 điểm khi số lần nêu lý do ấy không quá 1/20 số lượt, 1 điểm khi không quá 1/10; người có thẩm quyền xác nhận."
    ]
    block = Block("Chín chỉ số", Sound(Table("chin-chi-so", "Đánh giá theo chín chỉ số", columns, lines, foot)), says, notes, lasting=False)
    title = "Đánh giá việc giải quyết thủ tục hành chính theo chín chỉ số"
    return Chapter("chin-chi-so", title, [block])


def _votes(unit: Unit, period: Period) -> Chapter:
    """Votes may come in between two questions about an area, so what does not add up is asked again."""
    for _ in range(_TRIES - 1):
        try:
            return votes(unit, period)
        except UnsoundError:
            continue
    return votes(unit, period)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
