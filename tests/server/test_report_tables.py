"""A table whose parts do not add up cannot be made; the classes of the nine indicators have exact borders."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.reports import nine
from server.reports.sound import Sound, UnsoundError
from server.results.cells import Cell, Compared, Interval, Measure, Number, Part, Participation, Words
from server.results.counts import Count
from server.results.statistics import MINIMUM_N, tenths
from server.results.tables import Column, Line, Table

pytestmark = pytest.mark.once

COLUMNS = [Column("Tên", Words), Column("n", Number), Column("Hài lòng", Part), Column("Không", Part), Column("Khoảng", Interval)]
BRIEFLY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
COUNTS = st.builds(Count, st.integers(0, 5000), st.integers(0, 5000))
ROWS = st.lists(COUNTS, max_size=12)


def cells(name: str, count: Count) -> list[Cell]:
    good, bad = count.percents or (None, None)
    return [Words(name), Number(count.n), Part(count.satisfied, good), Part(count.dissatisfied, bad), Interval(count)]


def table(counts: list[Count]) -> Table:
    lines = [Line(f"{place}", cells(f"Dòng {place}", count)) for place, count in enumerate(counts)]
    return Table("thu", "Thử", COLUMNS, lines, Line("total", cells("Tổng cộng", sum(counts, Count()))))


def column(times: list[int]) -> Table:
    whole = sum(times)
    percents = [part / 10 if whole >= MINIMUM_N else None for part in tenths(times)]
    lines = [Line(f"{place}", [Words("x"), Part(*pair)]) for place, pair in enumerate(zip(times, percents, strict=True))]
    foot = Line("total", [Words("Tổng"), Part(whole, 100.0 if whole >= MINIMUM_N else None)])
    return Table("ly-do", "Lý do", [Column("Lý do", Words), Column("Số lần", Part)], lines, foot)


def changed(table: Table, line: int, place: int, cell: Cell) -> Table:
    """With another cell; line -1: the last one, of all together."""
    if line == -1:
        assert table.foot
        return replace(table, foot=replace(table.foot, cells=[*table.foot.cells[:place], cell, *table.foot.cells[place + 1 :]]))
    lines = list(table.lines)
    lines[line] = replace(lines[line], cells=[*lines[line].cells[:place], cell, *lines[line].cells[place + 1 :]])
    return replace(table, lines=lines)


@BRIEFLY
@given(ROWS)
def test_a_table_of_any_counts_that_adds_up_is_made(counts: list[Count]) -> None:
    assert Sound(table(counts)).table.foot


@BRIEFLY
@given(ROWS, COUNTS)
def test_a_last_line_that_is_not_the_sum_is_refused(counts: list[Count], other: Count) -> None:
    right = sum(counts, Count())
    wrong = replace(table(counts), foot=Line("total", cells("Tổng cộng", other)))
    if (other.satisfied, other.dissatisfied) == (right.satisfied, right.dissatisfied):
        Sound(wrong)
    else:
        with pytest.raises(UnsoundError):
            Sound(wrong)


@BRIEFLY
@given(st.lists(COUNTS, min_size=1, max_size=12), st.data())
def test_one_number_changed_anywhere_is_refused(counts: list[Count], data: st.DataObject) -> None:
    good = table(counts)
    line = data.draw(st.integers(-1, len(counts) - 1))
    place = data.draw(st.integers(1, 4))
    by = data.draw(st.integers(-3, 3).filter(bool))
    cell = (good.foot if line == -1 and good.foot else good.lines[line]).cells[place]
    match cell:
        case Number():
            wrong: Cell = Number(cell.value + by)
        case Part():
            wrong = Part(cell.value + by, cell.percent)
        case Interval():
            wrong = Interval(cell.count + Count(abs(by)))
        case _:
            raise AssertionError(cell)
    with pytest.raises(UnsoundError):
        Sound(changed(good, line, place, wrong))


@BRIEFLY
@given(st.lists(COUNTS, min_size=1, max_size=6), st.data())
def test_a_percent_that_is_not_its_counts_percent_is_refused(counts: list[Count], data: st.DataObject) -> None:
    good = table(counts)
    line, place = data.draw(st.integers(-1, len(counts) - 1)), data.draw(st.integers(2, 3))
    cell = (good.foot if line == -1 and good.foot else good.lines[line]).cells[place]
    assert isinstance(cell, Part)
    other = data.draw(st.one_of(st.none(), st.integers(0, 1000).map(lambda tenth: tenth / 10)).filter(lambda it: it != cell.percent))
    with pytest.raises(UnsoundError):
        Sound(changed(good, line, place, Part(cell.value, other)))


@BRIEFLY
@given(st.lists(st.integers(0, 4000), max_size=15), st.data())
def test_parts_of_a_column_are_its_whole_and_a_hundred_percent(times: list[int], data: st.DataObject) -> None:
    good = column(times)
    assert Sound(good)
    if sum(times) >= MINIMUM_N:
        shown = [cell.percent for line in good.lines for cell in line.cells if isinstance(cell, Part)]
        assert sum(round((percent or 0) * 10) for percent in shown) == 1000
        line = data.draw(st.integers(0, len(times) - 1))
        with pytest.raises(UnsoundError):
            Sound(changed(good, line, 1, Part(times[line], (shown[line] or 0) + 0.1)))
        with pytest.raises(UnsoundError):
            Sound(changed(good, -1, 1, Part(sum(times), 99.9)))
    with pytest.raises(UnsoundError):
        Sound(replace(good, foot=None))


def test_transactions_and_points_that_do_not_add_up_are_refused() -> None:
    columns = [Column("x", Words), Column("Tham gia", Participation)]
    lines = [Line("1", [Words("a"), Participation(Count(3, 0, 5, 3))]), Line("2", [Words("b"), Participation(Count(4, 0, 5, 4))])]
    Sound(Table("t", "T", columns, lines, Line("total", [Words("c"), Participation(Count(7, 0, 10, 7))])))
    for count in (Count(7, 0, 11, 7), Count(7, 0, 10, 6), Count(8, 0, 10, 7)):
        with pytest.raises(UnsoundError):
            Sound(Table("t", "T", columns, lines, Line("total", [Words("c"), Participation(count)])))
    points = [Line("1", [Words("a"), Measure(Decimal("1.5"))]), Line("2", [Words("b"), Measure(Decimal("0.25"))])]
    of = [Column("x", Words), Column("Điểm", Measure)]
    Sound(Table("t", "T", of, points, Line("total", [Words("c"), Measure(Decimal("1.75"))])))
    for wrong in (Decimal("1.76"), None):
        with pytest.raises(UnsoundError):
            Sound(Table("t", "T", of, points, Line("total", [Words("c"), Measure(wrong)])))


def test_a_line_that_does_not_fit_the_columns_is_refused() -> None:
    good = table([Count(40, 2)])
    for wrong in (replace(good, lines=[Line("1", [Words("a")])]), changed(good, 0, 4, Compared(None)), changed(good, 0, 1, Words("42"))):
        with pytest.raises(UnsoundError):
            Sound(wrong)


@pytest.mark.parametrize(
    ("points", "name"),
    [
        ("18", "Xuất sắc"), ("15", "Xuất sắc"), ("14.99", "Tốt"), ("14.5", "Tốt"), ("12", "Tốt"), ("11.99", "Khá"), ("11.5", "Khá"),
        ("9", "Khá"), ("8.99", "Trung bình"), ("8.5", "Trung bình"), ("6", "Trung bình"), ("5.99", "Yếu"), ("5.5", "Yếu"), ("0", "Yếu"),
        ("14.9999999999999999999999", "Tốt"), ("15.0000000000000000000001", "Xuất sắc"),
    ],
)  # fmt: skip
def test_a_border_belongs_to_the_class_above_it(points: str, name: str) -> None:
    assert nine.class_of(Decimal(points)) == name


@pytest.mark.parametrize("points", ["18.01", "-0.01", "NaN", "Infinity"])
def test_points_outside_of_the_form_have_no_class(points: str) -> None:
    with pytest.raises(nine.PointsError):
        nine.class_of(Decimal(points))


@pytest.mark.parametrize(("text", "points"), [("2", "2"), ("1,5", "1.5"), ("1.5", "1.5"), (" 0,25 ", "0.25"), ("0", "0")])
def test_points_are_read_as_they_are_typed(text: str, points: str) -> None:
    assert nine.points_of(text) == Decimal(points)


@pytest.mark.parametrize("text", ["", "hai", "2,01", "-1", "1,555", "NaN", "1e9", "Infinity", "1,2,3"])
def test_what_is_no_points_is_refused_in_words(text: str) -> None:
    with pytest.raises(nine.PointsError, match=r"Xin|phải|chỉ"):
        nine.points_of(text)


@BRIEFLY
@given(st.lists(st.integers(0, 200), min_size=9, max_size=9))
def test_the_total_is_exact_and_there_only_with_all_nine(hundredths: list[int]) -> None:
    points = {one.key: nine.Given(Decimal(n) / 100) for one, n in zip(nine.INDICATORS, hundredths, strict=True)}
    assert nine.total(points) == Decimal(sum(hundredths)) / 100
    points.pop("thai-do")
    assert nine.total(points) is None


def test_there_are_nine_of_two_points_each() -> None:
    assert len(nine.INDICATORS) == 9
    assert len(nine.INDICATORS) * nine.MOST_EACH == nine.MOST


@pytest.mark.parametrize(("n", "times", "points"), [(100, 5, 2), (100, 6, 1), (100, 10, 1), (100, 11, 0), (30, 0, 2), (39, 2, 1)])
def test_the_kiosk_proposes_points_with_the_figures_they_rest_on(n: int, times: int, points: int) -> None:
    attitude = next(one for one in nine.INDICATORS if one.key == "thai-do")
    proposal = nine.propose(attitude, n, {"attitude": times})
    assert proposal
    assert proposal.points == points
    assert f"{times} lần trên {n} lượt" in proposal.basis


def test_nothing_is_proposed_of_too_few_votes_or_of_what_no_kiosk_measures() -> None:
    attitude = next(one for one in nine.INDICATORS if one.key == "thai-do")
    online = next(one for one in nine.INDICATORS if one.key == "truc-tuyen")
    assert nine.propose(attitude, 29, {"attitude": 0}) is None
    assert nine.propose(online, 5000, {}) is None
