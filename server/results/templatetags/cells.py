"""The tag that writes a cell of a table. In Python, because a page of a large province has more than a thousand of them, and the
template language would take four times as long for each.
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from server.results.cells import Cell, Compared, Interval, Measure, Number, Part, Participation, Place, Satisfied, Words
from server.results.templatetags.vietnamese import along, decimal, number, percent, quantity

register = template.Library()

_NOTHING = format_html('<span class="soft">{}</span>', "–")
_TOO_FEW = format_html('<span class="soft">{}</span>', "chưa đủ dữ liệu (dưới 30 lượt)")
_TOO_MANY = format_html(' <span class="remark">{}</span>', "quá số hồ sơ")


@register.simple_tag
def cell(label: str, what: Cell, key: str, floor: float) -> SafeString:
    """The cell of a column called `label`, in the line of `key`; drawings of intervals begin at the share `floor`."""
    return _WRITTEN[type(what)](label, what, key, floor)


def _words(label: str, what: Words, key: str, floor: float) -> SafeString:
    return format_html('<td role="cell" class="words">{}</td>', what.text)


def _number(label: str, what: Number, key: str, floor: float) -> SafeString:
    hook = format_html(' data-count="{}"', what.hook) if what.hook else ""
    shown = number(what.value)
    return format_html('<td role="cell" class="number" data-label="{}"{} data-value="{}">{}</td>', label, hook, what.value, shown)


def _part(label: str, what: Part, key: str, floor: float) -> SafeString:
    soft: SafeString | str = ""
    if what.percent is not None:
        soft = format_html(' <span class="soft" data-percent="{0}">{0}&nbsp;%</span>', decimal(what.percent))
    return format_html(
        '<td role="cell" class="part" data-label="{}" data-value="{}">{}{}</td>', label, what.value, number(what.value), soft
    )


def _participation(label: str, what: Participation, key: str, floor: float) -> SafeString:
    if what.value is None:
        said = format_html('<span class="soft">{}</span>', what.said or "–")
    else:
        said = format_html("{}&nbsp;%{}", percent(what.value), _TOO_MANY if what.too_many else "")
    return format_html('<td role="cell" class="participation" data-label="{}">{}</td>', label, said)


def _share(label: str, what: Satisfied, key: str, floor: float) -> SafeString:
    share, percents = what.count.share, what.count.percents
    if share is None or percents is None:
        return format_html('<td role="cell" class="share" data-label="{}">{}</td>', label, _TOO_FEW)
    return format_html(
        '<td role="cell" class="share" data-label="{0}"><strong data-percent="{1}">{1}&nbsp;%</strong>\n'
        '  <svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<line class="interval-whole" x1="0" x2="100" y1="4" y2="4"/><line class="interval-range" x1="{2}" x2="{3}" y1="4" y2="4"/>'
        '<line class="interval-value" x1="{4}" x2="{4}" y1="0" y2="8"/></svg>\n'
        '  <span class="soft whole">{5} – {6}</span></td>',
        label,
        decimal(percents[0]),
        along(share.low, floor),
        along(share.high, floor),
        along(share.value, floor),
        percent(share.low),
        percent(share.high),
    )


def _compared(label: str, what: Compared, key: str, floor: float) -> SafeString:
    verdict = what.verdict
    if verdict is None:
        said = "" if key == "total" else _NOTHING
    elif verdict.tone == "same":
        said = format_html('<span class="tone-same">{}</span>', verdict.words)
    else:
        said = format_html('<span class="tone-{}">{}: <span class="whole">{}</span></span>', verdict.tone, verdict.short, verdict.interval)
    return format_html('<td role="cell" class="compared" data-label="{}">{}</td>', label, said)


def _place(label: str, what: Place, key: str, floor: float) -> SafeString:
    if what.rank is None:
        said = "" if key == "total" else _NOTHING
    else:
        said = format_html('<strong>{}</strong> <span class="soft whole">({}–{})</span>', *what.rank)
    return format_html('<td role="cell" class="place" data-label="{}">{}</td>', label, said)


def _between(label: str, what: Interval, key: str, floor: float) -> SafeString:
    share = what.count.share
    said = _TOO_FEW if share is None else format_html('<span class="whole">{} – {}</span>', percent(share.low), percent(share.high))
    return format_html('<td role="cell" class="between" data-label="{}">{}</td>', label, said)


def _measure(label: str, what: Measure, key: str, floor: float) -> SafeString:
    said = _NOTHING if what.value is None else format_html("{}&nbsp;{}", quantity(what.value), what.unit)
    return format_html('<td role="cell" class="measure" data-label="{}">{}</td>', label, said)


_WRITTEN: dict[type[Cell], Callable[[str, Any, str, float], SafeString]] = {
    Words: _words,
    Number: _number,
    Part: _part,
    Participation: _participation,
    Satisfied: _share,
    Compared: _compared,
    Place: _place,
    Interval: _between,
    Measure: _measure,
}
