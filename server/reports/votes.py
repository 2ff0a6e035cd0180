"""Chapter I of a report: how many took part, and how satisfied they were. Every number comes from `server.results.queries`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from server.places.models import Unit
from server.reports.content import Block, Chapter, Chart
from server.reports.said import said
from server.reports.sound import Sound
from server.results import queries
from server.results.cells import Cell, Compared, Interval, Number, Part, Participation, Words
from server.results.comparing import COUNTERS, OFFICERS, UNITS, Verdict, Whom, against_others, compare, of_two_periods, sentences
from server.results.counts import Count, Row
from server.results.period import Kind, Period
from server.results.tables import Column, Line, Table
from server.results.tabs.over_time import called, parts_of
from server.results.tabs.taking_part import summary
from server.results.tabs.why import GROUPS, reasons_table
from server.results.templatetags.vietnamese import number

NOTE_PERCENT = (
    "Tỷ lệ chỉ nêu khi có từ 30 lượt đánh giá trở lên; dưới 30 lượt ghi số lượt hoặc “chưa đủ dữ liệu”. Khoảng tin cậy 95 % của tỷ lệ "
    "hài lòng tính theo Wilson."
)
NOTE_OTHERS = "“Rõ rệt” là khi khoảng tin cậy 95 % của chênh lệch không chứa số không; “chưa khác biệt rõ” không có nghĩa là bằng nhau."
NOTE_REASONS = "Một lượt có thể nêu nhiều lý do hoặc không nêu lý do nào; phần trăm tính trên tổng số lần nêu, từ 30 lần trở lên."

_COUNTED = (
    Column("Tổng số lượt", Number),
    Column("Hài lòng", Part),
    Column("Không hài lòng", Part),
    Column("Khoảng tin cậy 95\N{NO-BREAK SPACE}%", Interval),
)
_PARTICIPATION = Column("Tham gia (lượt/hồ sơ)", Participation)


def votes(unit: Unit, period: Period) -> Chapter:
    """Chapter I. Raises `UnsoundError` where the parts do not make the whole."""
    area = queries.is_area(unit)
    if area:
        whole, by_day = queries.total(unit, period), queries.by_day(unit, period)
        parts = [_by(queries.by_unit(unit, period), whole, "don-vi", "Đơn vị", UNITS)]
    else:
        facts = queries.facts(unit, period)
        whole, by_day = facts.total, facts.by_day()
        officers = [row for row in facts.by_officer() if row.key or row.count.n]
        parts = [_by(officers, whole, "can-bo", "Cán bộ", OFFICERS), _by(facts.by_counter(), whole, "quay", "Quầy", COUNTERS)]
    before = queries.total(unit, period.before)
    blocks = [_together(period, whole, before), *parts]
    if period.kind is not Kind.DAY:
        by, days = parts_of(by_day, period)
        rows = [Row(f"{part.first}", called(part), count) for part, count in days.items()]
        empty = Table("ngay", f"Kết quả theo {by}", [Column(by.capitalize(), Words)], [])
        blocks.append(Block(f"Theo {by}", _table(empty, rows, whole, participation=True), chart=Chart.STACKED))
    return Chapter("danh-gia", "Lượt đánh giá và mức độ hài lòng", [*blocks, *_reasons(queries.reasons(unit, period))])


def _together(period: Period, whole: Count, before: Count) -> Block:
    """The period and the one before."""
    columns = [Column("Kỳ", Words), *_COUNTED, _PARTICIPATION, Column("So với kỳ trước", Compared)]
    pairs = (("now", period, whole, compare(whole, before)), ("before", period.before, before, None))
    lines = [
        Line(key, [Words(str(of)[0].upper() + str(of)[1:]), *_counted(count), Participation(count), Compared(verdict)])
        for key, of, count, verdict in pairs
    ]
    says = [_counted_in_words(whole), summary(whole), of_two_periods(str(period), str(period.before), whole, before)]
    return Block("Kết quả chung", Sound(Table("chung", "Kết quả chung", columns, lines)), says, [NOTE_PERCENT, NOTE_OTHERS])


def _by(rows: Sequence[Row], whole: Count, name: str, first: str, whom: Whom) -> Block:
    """By officer, by counter or by unit below."""
    if whom is not COUNTERS:
        rows = [replace(row, name=f"{row.name} ({row.note})") if row.note else row for row in rows]
    verdicts = against_others(rows)
    empty = Table(name, f"Kết quả theo {first.lower()}", [Column(first, Words), Column(f"So với {whom.others}", Compared)], [])
    table = _table(empty, rows, whole, participation=whom is not OFFICERS, verdicts=verdicts)
    return Block(f"Theo {first.lower()}", table, sentences(rows, verdicts, whom), chart=Chart.SHARES)


def _table(table: Table, rows: Sequence[Row], whole: Count, *, participation: bool, verdicts: Mapping[str, Verdict] | None = None) -> Sound:
    """Rows with the line of all together. table: with its first column, and the last one if there are verdicts. Where transactions
    were not told so that they add up, the table says nothing of them.
    """
    adds_up = participation and whole.handled > 0 and sum(row.count.rated for row in rows) == whole.rated

    counted = _COUNTED if verdicts is not None else _COUNTED[:-1]  # days have too few votes each for an interval

    def line(key: str, name: str, count: Count) -> Line:
        took_part = [Participation(count)] if adds_up else []
        compared = [] if verdicts is None else [Compared(verdicts.get(key))]
        return Line(key, [Words(name), *_counted(count)[: len(counted)], *took_part, *compared])

    first, *last = table.columns
    columns = [first, *counted, *([_PARTICIPATION] if adds_up else []), *last]
    lines = [line(row.key, row.name, row.count) for row in rows]
    return Sound(replace(table, columns=columns, lines=lines, foot=line("total", "Tổng cộng", whole)))


def _counted(count: Count) -> list[Cell]:
    satisfied, dissatisfied = count.percents or (None, None)
    return [Number(count.n), Part(count.satisfied, satisfied), Part(count.dissatisfied, dissatisfied), Interval(count)]


def _counted_in_words(count: Count) -> str:
    if not count.n:
        return "Trong kỳ không có lượt đánh giá nào."
    good, bad = (said(cell) for cell in _counted(count)[1:3])
    return f"Có {number(count.n)} lượt đánh giá: hài lòng {good}, không hài lòng {bad}."


def _reasons(reasons: Sequence[queries.Reason]) -> list[Block]:
    blocks = []
    for rating, (name, title) in GROUPS.items():
        given = [reason for reason in reasons if reason.rating == rating and reason.times]
        if given:
            label = {"dissatisfied": "Lý do không hài lòng", "satisfied": "Lý do hài lòng"}.get(rating, "Lý do riêng")
            blocks.append(Block(label, Sound(reasons_table(name, title, given)), chart=Chart.TIMES))
    return [*blocks[:-1], *(replace(block, notes=[NOTE_REASONS]) for block in blocks[-1:])]
