"""A report as a workbook: a sheet for each table, numbers as numbers, with charts, ready to print on A4."""

from typing import Any, NamedTuple

from server.reports.content import Block, Chart, Report, lines_of
from server.results.cells import Number, Part, Words
from server.results.downloads import headings, rows
from server.results.tables import Table
from server.results.templatetags.vietnamese import decimal, number
from server.spreadsheets.writing import Chart as Drawing
from server.spreadsheets.writing import Workbook, Worksheet

SUMMARY = "Tóm tắt"
TOP = 3  # the row of a sheet in which the heads of the columns stand, from 0
_INK, _SATISFIED, _DISSATISFIED = "#12263F", "#7CCFC9", "#F4B266"
_A4 = 9
_WIDEST = 44
_TEXT_WIDTH = 76
_BESIDE = 12  # lines of a table under which its chart still finds room on the page
_CHART_WIDTH = 900
_LINE = 16  # points
_USUAL, _MORE = 8, 12  # characters in a column that nobody made wider; how many such


class _Placed(NamedTuple):
    """A table in its sheet: its first and last line, and where each column begins."""

    first: int
    last: int
    columns: list[int]


def as_excel(report: Report) -> bytes:
    """The file."""
    made = Workbook(font_name="Times New Roman", font_size=12, valign="top")
    _summary(made, report)
    for block in report.blocks:
        sheet = made.book.add_worksheet(block.label)
        placed, widths = _table(made, sheet, report, block)
        row = placed.last + (3 if block.table.table.foot else 2)
        for line in (*block.says, *block.notes):
            _sentence(made, sheet, row, line, widths)
            row += 1
        _printable(sheet)
        sheet.freeze_panes(TOP + 1, 1)
        sheet.repeat_rows(TOP)
        if block.chart and len(block.table.table.lines) > _BESIDE:
            apart = made.book.add_worksheet(f"Biểu đồ {block.label.lower()}")
            apart.insert_chart(0, 0, _drawn(made, sheet, block, placed))
            _printable(apart)
        elif block.chart and block.table.table.lines:
            sheet.insert_chart(row + 1, 0, _drawn(made, sheet, block, placed))
    made.book.set_properties({"title": report.title, "author": report.called, "created": report.at.replace(tzinfo=None)})
    return made.done()


def _summary(made: Workbook, report: Report) -> None:
    sheet = made.book.add_worksheet(SUMMARY)
    sheet.set_column(0, 0, _TEXT_WIDTH)
    made.put(sheet, 0, 0, report.called, bold=True)
    made.put(sheet, 1, 0, report.title, bold=True, font_size=14, text_wrap=True)
    made.put(sheet, 2, 0, f"Lập lúc {report.at:%H:%M} ngày {report.at:%d/%m/%Y}. {report.state}".strip())
    row = 4
    for place, chapter in report.numbered:
        made.put(sheet, row, 0, f"{place}. {chapter.title}", bold=True)
        says = [*chapter.says, *(one for block in chapter.blocks for one in block.says)]
        for row, sentence in enumerate(says or ["Xem bảng."], row + 1):  # noqa: B020 the next chapter goes on from there
            made.put(sheet, row, 0, sentence, text_wrap=True, indent=1)
            sheet.set_row(row, _LINE * _lines(sentence, _TEXT_WIDTH - 6))
        row += 2
    _printable(sheet)
    sheet.set_portrait()


def _table(made: Workbook, sheet: Worksheet, report: Report, block: Block) -> tuple[_Placed, list[int]]:
    table = block.table.table
    made.put(sheet, 0, 0, f"{report.called}: {table.caption}", bold=True, font_size=14)
    made.put(sheet, 1, 0, f"{report.period}. Lập lúc {report.at:%H:%M} ngày {report.at:%d/%m/%Y}.".capitalize())
    names, body = headings(table), rows(table)
    formats = [form for column in table.columns for form in column.kind.formats]
    texts = [column.kind is Words for column in table.columns for _ in column.kind.formats]
    for place, name in enumerate(names):
        made.put(sheet, TOP, place, name, bold=True, text_wrap=True, border=1, align="center", valign="vcenter", bg_color="#E7EDF3")
    for down, row in enumerate(body, TOP + 1):
        last = {"bold": True} if table.foot and down == TOP + len(body) else {}
        for place, value in enumerate(row):
            wrapped = {"text_wrap": True} if texts[place] else {"align": "center"} if isinstance(value, str) else {}
            made.put(sheet, down, place, value, num_format=formats[place], border=1, **wrapped, **last)
    widths = [max([8, *(len(str(row[place])) for row in body if isinstance(row[place], str))]) + 2 for place in range(len(names))]
    widths = [min(_WIDEST, max(width, max(map(len, name.split())) + 2)) for width, name in zip(widths, names, strict=True)]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_row(TOP, _LINE * max(_lines(name, width) for name, width in zip(names, widths, strict=True)))
    for down, row in enumerate(body, TOP + 1):
        sheet.set_row(down, _LINE * max(_lines(value, width) for value, width in zip(row, widths, strict=True)))
    starts, at = [], 0
    for column in table.columns:
        starts.append(at)
        at += len(column.kind.headings)
    return _Placed(TOP + 1, TOP + len(table.lines), starts), widths


def _sentence(made: Workbook, sheet: Worksheet, row: int, text: str, widths: list[int]) -> None:
    """A sentence as wide as the table, or as a page where the table is narrow."""
    across, wide = 0, 0
    while wide < _TEXT_WIDTH and across < len(widths) + _MORE:
        wide += widths[across] if across < len(widths) else _USUAL
        across += 1
    sheet.merge_range(row, 0, row, across - 1, "", made.look(text_wrap=True))
    made.put(sheet, row, 0, text, text_wrap=True)
    sheet.set_row(row, _LINE * _lines(text, wide))


def _lines(value: object, width: int) -> int:
    """How many lines it takes, about."""
    return -(-len(value) * 19 // (20 * width)) if isinstance(value, str) and value else 1


def _drawn(made: Workbook, sheet: Worksheet, block: Block, placed: _Placed) -> Drawing:
    table = block.table.table
    if block.chart is Chart.STACKED:
        chart = made.book.add_chart({"type": "column", "subtype": "stacked"})
        for column, colour in zip(_parts(table), (_SATISFIED, _DISSATISFIED), strict=True):
            chart.add_series(_series(sheet, placed, placed.columns[column], table.columns[column].label, colour))
        chart.set_legend({"position": "bottom"})
        chart.set_x_axis({"num_font": {"rotation": -45, "size": 9}})
        chart.set_y_axis({"name": "Số lượt", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#E2E0D8"}}})
        height = 420
    else:
        chart = made.book.add_chart({"type": "bar"})
        shares = block.chart is Chart.SHARES
        column = _parts(table)[0]
        said = _labels(block)
        value = placed.columns[column] + (1 if shares else 0)
        series = _series(sheet, placed, value, table.columns[column].label, _SATISFIED if shares else "#C9D6E2")
        chart.add_series({**series, "gap": 60, "data_labels": {"value": True, "custom": [{"value": label} for label in said]}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"visible": False, "min": 0, **({"max": 1} if shares else {}), "major_gridlines": {"visible": False}})
        chart.set_y_axis({"reverse": True})
        height = 110 + 30 * len(table.lines)
    chart.set_title(
        {"name": table.caption if block.chart is not Chart.SHARES else f"{table.caption}: tỷ lệ hài lòng", "name_font": {"size": 13}}
    )
    chart.set_size({"width": _CHART_WIDTH, "height": height})
    return chart


def _parts(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if column.kind is Part]


def _series(sheet: Worksheet, placed: _Placed, column: int, name: str, colour: str) -> dict[str, Any]:
    where = sheet.get_name()
    return {
        "name": name,
        "categories": [where, placed.first, 0, placed.last, 0],
        "values": [where, placed.first, column, placed.last, column],
        "fill": {"color": colour},
        "border": {"color": _INK, "width": 0.75},
    }


def _labels(block: Block) -> list[str]:
    """What stands at each bar: the share with its n, or why there is none; of a part, itself."""
    labels = []
    for line in lines_of(block.table)[: len(block.table.table.lines)]:
        part = next(cell for cell in line.cells if isinstance(cell, Part))
        n = next((cell.value for cell in line.cells if isinstance(cell, Number)), None)
        if n is None:
            labels.append(number(part.value) if part.percent is None else f"{number(part.value)} ({decimal(part.percent)} %)")
        else:
            labels.append(f"n = {number(n)}, chưa đủ dữ liệu" if part.percent is None else f"{decimal(part.percent)} % (n = {number(n)})")
    return labels


def _printable(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer("&L&A&RTrang &P/&N")
    sheet.hide_gridlines(1)
