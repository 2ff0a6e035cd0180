"""The tag that writes a table of a report: the same words as the papers have."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from server.reports.said import said
from server.reports.sound import Sound
from server.results.cells import Cell
from server.results.tables import Line

register = template.Library()


@register.simple_tag
def reported(sound: Sound) -> SafeString:
    """The table."""
    table = sound.table
    heads = format_html_join(
        "", '<th role="columnheader" scope="col" class="{}">{}</th>', ((one.kind.kind, one.label) for one in table.columns)
    )
    labels = [column.label for column in table.columns]
    body = format_html_join("", "{}", ((_line(line, labels, table.named),) for line in table.lines))
    foot = format_html('<tfoot role="rowgroup">{}</tfoot>', _line(table.foot, labels, table.named)) if table.foot else ""
    return format_html(
        '<table class="figures report-table {}" role="table" id="bang-{}"><caption>{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody>{}</table>',
        table.look,
        table.name,
        table.caption,
        heads,
        body,
        foot,
    )


def _line(line: Line, labels: list[str], named: int) -> SafeString:
    cells = [
        _cell(label, cell, head=place == named, last=line.key == "total")
        for place, (label, cell) in enumerate(zip(labels, line.cells, strict=True))
    ]
    return format_html('<tr role="row" data-row="{}">{}</tr>', line.key, format_html_join("", "{}", ((cell,) for cell in cells)))


def _cell(label: str, cell: Cell, *, head: bool, last: bool) -> SafeString:
    words = said(cell)
    if head:
        return format_html('<th role="rowheader" scope="row">{}</th>', words)
    if last and cell.kind == "compared":
        words = ""
    return format_html('<td role="cell" class="{}" data-label="{}">{}</td>', cell.kind, label, words)
