"""The tag that writes a table of a report: the same words as the papers have."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from server.reports.content import lines_of, written
from server.reports.sound import Sound

register = template.Library()


@register.simple_tag
def reported(sound: Sound) -> SafeString:
    """The table."""
    table = sound.table
    columns = [(column.kind.kind, column.label) for column in table.columns]
    heads = format_html_join("", '<th role="columnheader" scope="col" class="{}">{}</th>', columns)
    lines = [
        format_html('<tr role="row" data-row="{}">{}</tr>', line.key, _cells(columns, words, table.named))
        for line, words in zip(lines_of(sound), written(sound), strict=True)
    ]
    foot = format_html('<tfoot role="rowgroup">{}</tfoot>', lines.pop()) if table.foot else ""
    return format_html(
        '<table class="figures report-table {}" role="table" id="bang-{}"><caption>{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody>{}</table>',
        table.look,
        table.name,
        table.caption,
        heads,
        format_html_join("", "{}", ((line,) for line in lines)),
        foot,
    )


def _cells(columns: Sequence[tuple[str, str]], texts: Sequence[str], named: int) -> SafeString:
    cells = [
        format_html('<th role="rowheader" scope="row">{}</th>', text)
        if place == named
        else format_html('<td role="cell" class="{}" data-label="{}">{}</td>', kind, label, text)
        for place, ((kind, label), text) in enumerate(zip(columns, texts, strict=True))
    ]
    return format_html_join("", "{}", ((cell,) for cell in cells))
