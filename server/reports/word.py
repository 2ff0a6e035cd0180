"""A report as a Word file, in the layout of Decree 30/2020 (`server.documents.layout`)."""

from collections.abc import Sequence

from server.documents.filling import Fact, fill
from server.documents.heading import blank, details_of, heading, symbol_of
from server.documents.layout import CENTRE, LEFT, Column, Paper
from server.places.models import Unit
from server.reports.content import Block, Report, written
from server.results.cells import Cell, Compared, Interval, Measure, Number, Part, Participation, Place, Satisfied, Words
from server.results.period import Period

WIDTH = 165.0  # millimetres between the margins
_WIDTHS: dict[type[Cell], float] = {
    Number: 15, Part: 22, Interval: 22, Participation: 27, Compared: 30, Measure: 28, Satisfied: 30, Place: 18,
}  # fmt: skip
_FEW, _ROOMY = 3, 34.0  # columns of a table that leaves room, and how wide its figures may be
_WORDS, _WIDER = 55.0, 1.35  # what words need; by how much figures may be wider where there is more
_LONGEST = 60  # characters that a column's width is measured by


def as_word(report: Report) -> bytes:
    """The file. All that is not this project's own words is filled in, so that nothing in a name is taken for a field."""
    details = details_of(report.unit)
    above = report.unit.parent
    reports_to = f"{details_of(above).body} (để báo cáo)" if above and above.kind != Unit.Kind.COUNTRY else ""
    facts: dict[str, Fact] = {
        **heading(details, report.at.date(), blank(symbol_of(details, "BC"))),
        "ten": report.title,
        "mo_dau": f"{details.body} báo cáo {report.title[0].lower()}{report.title[1:]} đối với cán bộ, công chức tại Bộ phận Một cửa"
        f"{_days(report.period)} như sau:",
        "tinh_den": report.state,
        "noi_nhan": reports_to,
    }
    paper = Paper()
    paper.head()
    paper.title("BÁO CÁO", "{{ ten }}")
    paper.text("{{ mo_dau }}")
    with paper.when("tinh_den"):
        paper.text("{{ tinh_den }}")
    tables = 0
    for number, chapter in report.numbered:
        paper.heading(f"{number}. {chapter.title}")
        _say(paper, facts, f"phan_{number}", chapter.says)
        for block in chapter.blocks:
            tables += 1
            _say(paper, facts, f"y_{tables}", block.says)
            paper.caption(f"Bảng {tables}. {{{{ bang_{tables}.ten }}}}")
            _table(paper, facts, f"bang_{tables}", block)
        _say(paper, facts, f"chu_{number}", list(dict.fromkeys(note for block in chapter.blocks for note in block.notes)), italic=True)
    paper.signature([*(["{{ noi_nhan }}"] if reports_to else []), "Lưu: VT"])
    return fill(paper.docx(), facts, author=details.body, title=report.title)


def _days(period: Period) -> str:
    return "" if period.days == 1 else f" (từ ngày {period.first:%d/%m/%Y} đến ngày {period.last:%d/%m/%Y})"


def _say(paper: Paper, facts: dict[str, Fact], name: str, sentences: Sequence[str], *, italic: bool = False) -> None:
    if sentences:
        facts[name] = list(sentences)
        with paper.each("cau", name):
            paper.text("{{ cau }}", italic=italic)


def _table(paper: Paper, facts: dict[str, Fact], name: str, block: Block) -> None:
    table = block.table.table
    rows = written(block.table)
    foot = rows.pop() if table.foot else []
    facts[name] = {"ten": table.caption, "dong": [_named(row) for row in rows], "tong": _named(foot)}
    columns = [
        Column(column.label, f"{{{{ dong.c{place} }}}}", width, LEFT if column.kind is Words else CENTRE)
        for place, (column, width) in enumerate(zip(table.columns, _widths(block, rows), strict=True))
    ]
    paper.table(columns, f"{name}.dong", [f"{{{{ {name}.tong.c{place} }}}}" for place in range(len(foot))])


def _named(texts: Sequence[str]) -> dict[str, Fact]:
    return {f"c{place}": text for place, text in enumerate(texts)}


def _widths(block: Block, rows: Sequence[Sequence[str]]) -> list[float]:
    """Figures as wide as they are; words share what is left, longer ones more of it."""
    columns = block.table.table.columns
    lengths = [max([len(column.label), *(min(_LONGEST, len(row[place])) for row in rows)]) ** 0.5 for place, column in enumerate(columns)]
    words = [place for place, column in enumerate(columns) if column.kind is Words]
    figures = [_ROOMY if len(columns) <= _FEW else _WIDTHS.get(column.kind, 0.0) for column in columns]
    taken = sum(figures[place] for place in range(len(columns)) if place not in words)
    if len(columns) > _FEW and WIDTH - taken > _WORDS:
        wider = min(_WIDER, (WIDTH - _WORDS) / taken)
        figures, taken = [width * wider for width in figures], taken * wider
    left = WIDTH - taken
    whole = sum(lengths[place] for place in words)
    return [left * lengths[place] / whole if place in words else figures[place] for place in range(len(columns))]
