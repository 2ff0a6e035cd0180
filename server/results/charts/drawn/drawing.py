"""From data to an SVG picture: Altair makes the specification, vl-convert renders it, with our fonts and without the network."""

from functools import cache
from types import ModuleType
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from server.results.charts import order
from server.results.charts.comparison import Comparison
from server.results.charts.days import DailyParticipation, Votes
from server.results.charts.drawn import columns, look, rows, week
from server.results.charts.drawn.svg import finish
from server.results.charts.hours import Week
from server.results.charts.intervals import Intervals
from server.results.charts.order import Data
from server.results.charts.participation import Participation
from server.results.charts.reasons import NO_REASON, Reasons
from server.results.charts.size import Width
from server.results.charts.words import NOTHING


def chart(data: Data, width: Width) -> alt.LayerChart:
    """The specification."""
    if data.empty:
        return look.nothing(NO_REASON if isinstance(data, Reasons) else NOTHING, width, data.height(width))
    match data:
        case Votes():
            return columns.votes(data, width)
        case DailyParticipation():
            return columns.participation(data, width)
        case Week():
            return week.week(data, width)
        case Intervals():
            return rows.shares_of(data, width)
        case Comparison():
            return rows.two_periods(data, width)
        case Reasons():
            return rows.given(data, width)
        case Participation():
            return rows.participation_of(data, width)


def specification(data: Data, width: Width) -> dict[str, Any]:
    """The chart as Vega-Lite, without Altair's examination of each part of it, which takes ten times as long as all else."""
    with debug_mode(False):
        return chart(data, width).to_dict(validate=False)


def svg(ordered: bytes) -> str:
    """The picture of an order. Raises ValueError and what `order.decode` raises."""
    data, width = order.decode(ordered)
    short, texts = _abbreviated(specification(data, width))
    raw = converter().vegalite_to_svg(short, allowed_base_urls=[])
    return finish(raw, texts, data.sentence(), order.digest(ordered)[:8])


def _abbreviated(whole: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The specification with a number for each text, and the texts.

    vl-convert measures all texts, 0.1 ms a letter, and in our pictures nothing depends on that: their places are given.
    """
    texts: list[str] = []

    def short(value: dict[str, Any]) -> dict[str, Any]:
        if "text" not in value:
            return value
        texts.append(value["text"])
        return {**value, "text": str(len(texts) - 1)}

    datasets = {name: [short(value) for value in values] for name, values in whole["datasets"].items()}
    return {**whole, "datasets": datasets}, texts


@cache
def converter() -> ModuleType:
    """vl-convert, with our fonts."""
    import vl_convert

    vl_convert.register_font_directory(str(look.FONTS))
    return vl_convert
