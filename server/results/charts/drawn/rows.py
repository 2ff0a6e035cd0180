"""Charts of lines one below another: shares with their intervals, two periods, reasons, participation."""

from collections.abc import Iterable, Sequence

import altair as alt

from server.results.charts import comparison, intervals, lines, participation, reasons, words
from server.results.charts.drawn import look
from server.results.charts.drawn.frame import Rows
from server.results.charts.drawn.ticks import amounts, shares
from server.results.charts.lines import Line
from server.results.charts.size import Width
from server.results.counts import Count
from server.results.templatetags.vietnamese import number, percent

_DOT = 6.5
_THICK = 14
_BAR = 20


def shares_of(data: intervals.Intervals, width: Width) -> alt.LayerChart:
    """A dot with its interval for each line, and a line down for the whole."""
    height = data.height(width)
    counts = {(at, 0): line.count for at, line in enumerate(data.lines) if line.count}
    rows = Rows(width, lines.height_of(width), intervals.HEAD, _names(data.lines), _figures(counts), remarks=_remarks(data.lines))
    ticks = _ticks([*counts.values(), data.whole])
    scale, axis = rows.axis(ticks, _percent, 1)
    layers = [*axis, *_reference(data, rows, ticks, width), *_intervals(counts, rows, scale, look.SATISFIED, look.INK)]
    layers += [*rows.written(), *rows.instead(_few(counts)), rows.touched([data.says(line) for line in data.lines])]
    return look.picture(layers, width, height)


def two_periods(data: comparison.Comparison, width: Width) -> alt.LayerChart:
    """Two intervals for each line: this period's above, the other's below, hollow."""
    height = data.height(width)
    now = {(at, 0): line.count for at, line in enumerate(data.lines) if line.count}
    then = {(at, 1): line.then for at, line in enumerate(data.lines) if line.then}
    figures, remarks = _figures(now | then), _remarks(data.lines)
    rows = Rows(width, comparison.pitch(width), comparison.head(width), _names(data.lines), figures, parts=2, remarks=remarks)
    scale, axis = rows.axis(_ticks([*now.values(), *then.values()]), _percent, 1)
    layers = [*axis, *_intervals(now, rows, scale, look.SATISFIED, look.INK), *_intervals(then, rows, scale, look.SURFACE, look.SURFACE)]
    legend = look.legend([(look.SATISFIED, data.now), (look.SURFACE, data.then)], 0, 12, down=26 if width is Width.PHONE else 0)
    layers += [*rows.written(), *rows.instead(_few(now | then)), *legend, rows.touched([data.says(line) for line in data.lines])]
    return look.picture(layers, width, height)


def given(data: reasons.Reasons, width: Width) -> alt.LayerChart:
    """A bar for each reason, its figure at the end."""
    height = data.height(width)
    rows = Rows(width, reasons.pitch(width), 0, [one.words for one in data.given], {})
    most = max(one.times for one in data.given)
    right = width - look.length(number(most), 600) - 14
    scale = alt.Scale(domain=[0, most], range=[rows.left, right], nice=False)
    bars = [{"y": rows.middle(at), "to": one.times} for at, one in enumerate(data.given)]
    ends = [(rows.left + (right - rows.left) * one.times / most + 10, number(one.times)) for one in data.given]
    figures = [{"x": x, "y": rows.middle(at), "text": said} for at, (x, said) in enumerate(ends)]
    fill = look.SATISFIED if data.satisfied else look.HATCHED
    layers = [_bars(bars, scale, fill), *rows.written(), look.text(figures, weight=600), rows.touched([one.says() for one in data.given])]
    return look.picture(layers, width, height)


def participation_of(data: participation.Participation, width: Width) -> alt.LayerChart:
    """A bar for each line; where no transactions were told, words."""
    height = data.height(width)
    counts = {at: line.count for at, line in enumerate(data.lines) if line.count}
    told = {at: count for at, count in counts.items() if count.participation is not None}
    figures = {
        (at, 0): (f"{percent(count.participation or 0)}\u00a0%", f"{number(count.rated)}/{number(count.handled)}")
        for at, count in told.items()
    }
    rows = Rows(width, lines.height_of(width), 0, _names(data.lines), figures, remarks=_remarks(data.lines))
    highest = max((count.participation or 0 for count in told.values()), default=0)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0] if highest <= 1 else [tick / 100 for tick in amounts(round(highest * 100))]
    scale, axis = rows.axis(ticks, _percent, ticks[-1])
    bars = [{"y": rows.middle(at), "to": count.participation} for at, count in told.items() if count.rated]
    layers = [*axis, _bars(bars, scale, look.DEEP_TEAL), *rows.written()]
    layers += rows.instead({(at, 0): words.NOT_TOLD for at in counts if at not in told})
    return look.picture([*layers, rows.touched([data.says(line) for line in data.lines])], width, height)


def _names(all_lines: Iterable[Line]) -> list[str]:
    return [line.name for line in all_lines]


def _remarks(all_lines: Iterable[Line]) -> list[int]:
    return [at for at, line in enumerate(all_lines) if line.count is None]


def _figures(counts: dict[tuple[int, int], Count]) -> dict[tuple[int, int], tuple[str, str]]:
    return {place: (words.satisfied(count) or "", f"n = {number(count.n)}") for place, count in counts.items() if count.share}


def _few(counts: dict[tuple[int, int], Count]) -> dict[tuple[int, int], str]:
    return {place: words.few(count) for place, count in counts.items() if not count.share}


def _ticks(counts: Iterable[Count]) -> list[float]:
    return shares(min((count.share.low for count in counts if count.share), default=1.0))


def _reference(data: intervals.Intervals, rows: Rows, ticks: Sequence[float], width: Width) -> list[alt.Chart]:
    """The whole's share: a line down beside the shares of the lines, and its figure above."""
    share = data.whole.share
    if share is None:
        return []
    said = f"cả đơn vị {words.satisfied(data.whole)}"
    half = look.length(said, 600) / 2
    x = rows.place(share.value, ticks[0], 1)
    rated = sum(1 for line in data.lines if line.count and line.count.share)
    bottom = intervals.HEAD + rated * lines.height_of(width)
    line = look.lines([{"x": x, "y": intervals.HEAD - 6, "x2": x, "y2": bottom}], look.INK, 1.5, (5, 4))
    return [line, look.text([{"x": min(max(x, half), width - half), "y": 11, "text": said}], "center", 600)]


def _intervals(counts: dict[tuple[int, int], Count], rows: Rows, scale: alt.Scale, fill: str, dot: str) -> list[alt.Chart]:
    """A rounded bar from the lowest to the highest share that the votes allow, and a dot at the share that they have."""
    shown = [(rows.middle(*place), count.share) for place, count in counts.items() if count.share]
    values = [{"y": y, "low": one.low, "high": one.high, "value": one.value} for y, one in shown]
    bar = {"type": "bar", "height": _THICK, "cornerRadius": _THICK / 2, "fill": fill, "stroke": look.INK, "strokeWidth": look.STROKE}
    point = {"type": "circle", "size": 3.14 * _DOT**2, "fill": dot, "stroke": look.INK, "strokeWidth": 1.5, "opacity": 1}
    return [
        look.layer(values, bar, x=_on("low", scale), x2=alt.X2(field="high")),
        look.layer(values, point, x=_on("value", scale)),
    ]


def _bars(values: look.Values, scale: alt.Scale, fill: str) -> alt.Chart:
    """Bars from 0 to `to`."""
    placed = [{**value, "from": 0} for value in values]
    mark = {"type": "bar", "height": _BAR, "fill": fill, "stroke": look.INK, "strokeWidth": look.STROKE, "cornerRadiusEnd": 4}
    return look.layer(placed, mark, x=_on("from", scale), x2=alt.X2(field="to"))


def _on(field: str, scale: alt.Scale) -> alt.X:
    return alt.X(field=field, type="quantitative", scale=scale, axis=None)


def _percent(share: float) -> str:
    return f"{number(round(share * 100))}\u00a0%"
