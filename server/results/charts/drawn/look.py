"""Colours, type, and the pieces that all charts are put together from. Positions are pixels of the picture unless a scale is given."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
from PIL import ImageFont

from server.results.charts.size import Width

INK = "#12263F"
SOFT_INK = "#3B4A5F"
LINE = "#E2E0D8"
GROUND = "#F6F4EE"
SURFACE = "#FFFFFF"
SATISFIED = "#7CCFC9"
DISSATISFIED = "#F4B266"
HATCHED = "url(#hatch)"  # the same with stripes of ink, so that it differs from teal in grey too
DEEP_TEAL = "#0B5D66"
FONT = "Be Vietnam Pro"
SIZE = 15
STROKE = 1.25

FONTS = Path(__file__).resolve().parents[4] / "assets" / "fonts"
_FILES = {400: "BeVietnamPro-Regular.ttf", 600: "BeVietnamPro-SemiBold.ttf"}

Values = Sequence[dict[str, Any]]


def length(text: str, weight: int = 400) -> float:
    """How long a text is."""
    return font(weight).getlength(text) * SIZE / 100


def cut(text: str, room: float, weight: int = 400) -> str:
    """The text, or as much of it as there is room for, with an ellipsis."""
    if length(text, weight) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle].rstrip() + "…", weight) <= room else (low, middle - 1)
    return text[:low].rstrip() + "…"


def layer(values: Values, mark: dict[str, Any], **channels: Any) -> alt.Chart:  # noqa: ANN401 – any channel of Altair
    """Marks of one kind: their values, how they look, what of the values says where they are. Hidden from who cannot see."""
    chart = alt.Chart(alt.InlineData(values=list(values)))
    chart.mark = alt.MarkDef(**{"aria": False, **mark})
    chart.encoding = alt.FacetedEncoding(**{"x": at_x(), "y": at_y(), **channels})
    return chart


def text(values: Values, align: str = "left", weight: int = 400, colour: str = INK) -> alt.Chart:
    """Texts: `text` at `x`, `y`, which is the middle of its height."""
    mark = {"type": "text", "align": align, "baseline": "middle", "font": FONT, "fontSize": SIZE, "fontWeight": weight, "fill": colour}
    return layer(values, mark, text=alt.Text(field="text", type="nominal"))


def backed(values: Values, colour: str = INK) -> list[alt.Chart]:
    """Texts that begin at `x`, with what is behind them hidden."""
    behind = [{"x": one["x"], "y": one["y"] - 11, "x2": one["x"] + length(one["text"]) + 5, "y2": one["y"] + 12} for one in values]
    return [boxes(behind, SURFACE, None), text(values, colour=colour)] if values else []


def lines(values: Values, colour: str = LINE, thickness: float = 1, dash: Sequence[int] = ()) -> alt.Chart:
    """Lines from `x`, `y` to `x2`, `y2`."""
    return layer(values, {"type": "rule", "stroke": colour, "strokeWidth": thickness, **_dashed(dash)}, **_to())


def boxes(values: Values, fill: str, stroke: str | None = INK, radius: float = 0, dash: Sequence[int] = ()) -> alt.Chart:
    """Rectangles from `x`, `y` to `x2`, `y2`."""
    mark = {"type": "rect", "fill": fill, "stroke": stroke, "strokeWidth": STROKE, "cornerRadius": radius, **_dashed(dash)}
    return layer(values, mark, **_to())


def touch(values: Values) -> alt.Chart:
    """What is pointed at and read out: invisible rectangles from `x`, `y` to `x2`, `y2`, each with the sentence `says`."""
    sentence = alt.Description(field="says", type="nominal")
    return layer(values, {"type": "rect", "fill": "transparent", "aria": True}, description=sentence, **_to())


def legend(entries: Sequence[tuple[str, str]], x: float, y: float, down: float = 0) -> list[alt.Chart]:
    """Small boxes with their words, on one line from `x`, or one so far below another; a box without a fill is an empty frame."""
    full: dict[str, list[dict[str, Any]]] = {}
    said = []
    for fill, words in entries:
        full.setdefault(fill, []).append({"x": x + 1, "y": y - 7, "x2": x + 15, "y2": y + 7})
        said.append({"x": x + 23, "y": y, "text": words})
        x, y = (x, y + down) if down else (x + 23 + length(words) + 22, y)
    marks = [boxes(values, fill or SURFACE, INK if fill else SOFT_INK, 3, () if fill else (3, 3)) for fill, values in full.items()]
    return [*marks, text(said)]


def at_x() -> alt.X:
    """A position in pixels of the picture, of the field `x`."""
    return alt.X(field="x", type="quantitative", scale=None)


def at_y() -> alt.Y:
    """A position in pixels of the picture, of the field `y`."""
    return alt.Y(field="y", type="quantitative", scale=None)


def picture(layers: Sequence[alt.Chart], width: Width, height: int) -> alt.LayerChart:
    """The layers, the first at the bottom, exactly so wide and high."""
    return alt.LayerChart(
        layer=list(layers),
        width=int(width),
        height=height,
        padding=0,
        autosize=alt.AutoSizeParams(type="none"),
        background="transparent",
        config=alt.Config(view=alt.ViewConfig(strokeOpacity=0)),
    )


def nothing(says: str, width: Width, height: int) -> alt.LayerChart:
    """The picture of no data."""
    frame = boxes([{"x": 1, "y": 1, "x2": width - 1, "y2": height - 1}], GROUND, LINE, radius=16)
    return picture([frame, text([{"x": width / 2, "y": height / 2, "text": says}], "center", colour=SOFT_INK)], width, height)


def _dashed(dash: Sequence[int]) -> dict[str, Any]:
    return {"strokeDash": list(dash)} if dash else {}


def _to() -> dict[str, Any]:
    return {"x2": alt.X2(field="x2"), "y2": alt.Y2(field="y2")}


@cache
def font(weight: int) -> ImageFont.FreeTypeFont:
    """Of a weight, at 100 pixels."""
    return ImageFont.truetype(FONTS / _FILES[weight], 100)
