"""Pictures of any data: they can be drawn, read, and told apart."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from server.results.charts import days, lines, order, reasons, words
from server.results.charts.comparison import compare
from server.results.charts.days import DailyParticipation, Votes
from server.results.charts.drawn import drawing, look, week
from server.results.charts.hours import Moment, Week
from server.results.charts.intervals import Intervals
from server.results.charts.order import Data
from server.results.charts.participation import Participation
from server.results.charts.reasons import Given, Reasons
from server.results.charts.size import Width
from server.results.counts import Count, Row, total
from server.results.period import Kind, containing
from tests.server.charted import NOVEMBER, clipped, sentences, texts

pytestmark = pytest.mark.once

LONGEST = "Ủy ban nhân dân phường Nguyễn Thị Minh Khai – Ỹ Ẫ Ỗ Ữ gjpqyỵ"
SIZES = st.integers(0, 3) | st.integers(0, 400) | st.integers(0, 9_999_999)
COUNTS = st.builds(Count, SIZES, SIZES, SIZES, SIZES)
NAMES = st.sampled_from(["Quầy 1", LONGEST, "", "W" * 80]) | st.text(max_size=30)
ROWS = st.lists(st.builds(Row, st.uuids().map(str), NAMES, COUNTS), max_size=8, unique_by=lambda row: row.key)
DAYS = st.dictionaries(st.dates(NOVEMBER.first, NOVEMBER.last), COUNTS, max_size=8)
PERIODS = st.builds(containing, st.sampled_from(list(Kind)), st.just(NOVEMBER.first))


def data_of(counts: dict[date, Count], rows: Sequence[Row], kind: Kind) -> list[Data]:
    """Each chart, of the same counts."""
    period = containing(kind, NOVEMBER.first)
    whole = total(rows)
    cells = {(place % 7, (place * 5) % 24): row.count for place, row in enumerate(rows) if row.count.n}
    given_reasons = [Given(words.plain(row.name), row.count.n) for row in rows if row.count.n]
    return [
        Votes(str(period), days.stretches(period, counts)),
        Votes(str(period), days.hours({place: row.count for place, row in enumerate(rows)})),
        DailyParticipation(str(period), days.stretches(period, counts)),
        Week(str(period), [Moment(weekday, hour, count) for (weekday, hour), count in cells.items()]),
        Intervals(str(period), [lines.line(row) for row in lines.by_share(rows)], whole),
        compare((str(period), rows, whole), (str(period.before), rows[1:], total(rows[1:]))),
        Reasons(str(period), False, reasons.most(given_reasons)),
        Participation(str(period), [lines.line(row) for row in lines.by_participation(rows)], whole),
    ]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=set(Phase) - {Phase.shrink})
@given(DAYS, ROWS, st.sampled_from(list(Kind)), st.sampled_from(list(Width)))
@example({NOVEMBER.first: Count(1, 0, 0, 0)}, [Row("1", LONGEST, Count(9_999_999, 9_999_999, 3, 9_999_999))] * 3, Kind.YEAR, Width.PHONE)
@example({NOVEMBER.last: Count(0, 5, 1, 5)}, [Row(str(n), LONGEST, Count(40 + n, n, 50, 40)) for n in range(9)], Kind.MONTH, Width.HALF)
def test_any_data_are_drawn_with_every_text_inside(counts: dict[date, Count], rows: list[Row], kind: Kind, width: Width) -> None:
    for data in data_of(counts, rows, kind):
        svg = drawing.svg(order.encode(data, width))
        assert f'width="{width:d}" height="{data.height(width)}"' in svg
        assert clipped(svg) == [], type(data).__name__


def test_an_order_arrives_as_it_was_sent() -> None:
    for data in data_of({NOVEMBER.first: Count(3, 1, 9, 4)}, [Row("1", "Quầy 1", Count(30, 2)), Row("2", "Quầy 2", Count(1))], Kind.WEEK):
        assert order.decode(order.encode(data, Width.HALF)) == (data, Width.HALF)


def test_altair_finds_no_fault_in_any_specification() -> None:
    rows = [Row(str(n), f"Quầy {n}", Count(40 + n, n, 50, 40)) for n in range(3)]
    for data in data_of({NOVEMBER.first: Count(3, 1, 9, 4)}, rows, Kind.MONTH):
        assert drawing.chart(data, Width.HALF).to_dict(validate=True) == drawing.specification(data, Width.HALF)


def test_what_is_too_much_to_draw_is_said() -> None:
    rows = [Row(str(n), f"Xã {n:03}", Count(100 + n, 10)) for n in range(130)] + [Row("x", "Xã nhỏ", Count(3))]
    data = Intervals("tháng 11/2026", [lines.line(row) for row in lines.by_share(rows)], total(rows))
    said = sentences(drawing.svg(order.encode(data, Width.HALF)))
    assert len(said) == lines.MOST_LINES + 2
    assert said[lines.MOST_LINES // 2] == "… 94 dòng ở giữa: xem bảng …"
    assert said[-1] == "và 1 dòng chưa đủ dữ liệu"
    assert said[0].startswith("Xã 129: ")
    assert said[-2].startswith("Xã 000: ")


def test_rarest_reasons_are_counted_together() -> None:
    drawn = reasons.most([Given(f"Lý do {n}", 40 - n) for n in range(20)])
    assert len(drawn) == reasons.MOST_REASONS
    assert drawn[-1] == Given("6 lý do khác", sum(40 - n for n in range(14, 20)))


def test_more_votes_than_transactions_are_shown_as_more_than_all() -> None:
    data = DailyParticipation("tháng 11/2026", days.stretches(NOVEMBER, {NOVEMBER.first: Count(30, 0, 20, 30)}))
    written = texts(drawing.svg(order.encode(data, Width.HALF)))
    assert "150 %" in written


@pytest.mark.parametrize("colour", week.STEPS)
def test_counts_in_cells_can_be_read(colour: str) -> None:
    ink = look.SURFACE if week.STEPS.index(colour) >= week.DARK else look.INK
    assert contrast(colour, ink) >= 7


def test_the_two_answers_differ_without_colour() -> None:
    data = Votes("tháng 11/2026", days.stretches(NOVEMBER, {NOVEMBER.first: Count(30, 9)}))
    svg = drawing.svg(order.encode(data, Width.HALF))
    assert svg.count('fill="url(#hatch-') == 2  # the bar, and the one that explains it
    assert svg.count(f'fill="{look.SATISFIED}"') == 2
    assert "<pattern" in svg


def test_text_is_measured_with_our_font() -> None:
    text = "Nguyễn Thị Minh Hạnh 1.073"
    for weight in (400, 600):
        mark = {"text": text, "font": look.FONT, "fontWeight": weight, "fontSize": 100, "align": "left", "baseline": "middle"}
        chart = {"data": {"values": [{}]}, "mark": {"type": "text", **mark}, "padding": 0, "autosize": "pad", "width": 10, "height": 10}
        chart["encoding"] = {"x": {"value": 0}, "y": {"value": 5}}
        svg = drawing.converter().vegalite_to_svg(chart, allowed_base_urls=[])
        assert abs(float(svg.partition('width="')[2].partition('"')[0]) - look.font(weight).getlength(text)) <= 2


def test_a_specification_that_asks_for_an_address_is_refused() -> None:
    chart = {"data": {"url": "http://127.0.0.1:9/data.json"}, "mark": "bar"}
    with pytest.raises(ValueError, match="not allowed"):
        drawing.converter().vegalite_to_svg(chart, allowed_base_urls=[])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
