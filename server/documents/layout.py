"""An official paper, laid out by Decree 30/2020/NĐ-CP, Appendix I, as a Word file whose fields are filled later (`filling`).

A paper is put together from blocks, in their order; their texts may hold fields, `{{ noi_dung }}`. A line of its own begins and ends
what is there only sometimes (`when`) or several times (`each`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import NamedTuple

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat

from server.documents import ooxml

LEFT, CENTRE, RIGHT, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = Mm(20), Mm(20), Mm(30), Mm(15)
BODY, TABLE, RECIPIENTS = Pt(14), Pt(12), Pt(11)
_A4_SHORT, _A4_LONG = Mm(210), Mm(297)
_HEAD_LEFT, _HEAD_LEFT_WIDE, _WIDE = Mm(67), Mm(110), Mm(200)
_INDENT, _SPACE, _HANDWRITTEN, _NONE = Mm(10), Pt(6), Pt(64), Pt(0)
_MOTTO_LINE = Mm(57.2)  # as long as the motto in Times New Roman, bold, 14
_SHORT_LINE = Mm(23)  # a third to a half of a name of two lines, or of a subject's

Run = tuple[str, bool, bool]  # text, bold, italic


class Column(NamedTuple):
    """Of a table. cell: what stands in each row, usually a field of `dong`; width: in millimetres."""

    head: str
    cell: str
    width: float
    align: WD_ALIGN_PARAGRAPH = LEFT


class Paper:
    """A paper that is being put together. landscape: for a list that is too wide."""

    def __init__(self, *, landscape: bool = False) -> None:
        self._document = Document()
        ooxml.prepare(self._document, BODY)
        section = self._document.sections[0]
        section.page_width, section.page_height = (_A4_LONG, _A4_SHORT) if landscape else (_A4_SHORT, _A4_LONG)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.top_margin, section.bottom_margin = MARGIN_TOP, MARGIN_BOTTOM
        section.left_margin, section.right_margin = MARGIN_LEFT, MARGIN_RIGHT
        section.header_distance = section.footer_distance = Mm(10)
        self.width = Length(section.page_width - MARGIN_LEFT - MARGIN_RIGHT)
        ooxml.number_pages(section)

    def head(self, *, about: str = "", numbered: bool = True) -> None:
        """Both sides of the head, from the fields cap_tren (may be empty), co_quan, so, noi_ngay. about: of an official letter, which
        has no name of its kind, what it is about: it stands under the number.
        """
        left_width = _HEAD_LEFT if self.width < _WIDE else _HEAD_LEFT_WIDE
        left, right = self._two(left_width)
        with self._only("cap_tren", left):
            self._line("{{ cap_tren }}", Pt(13), CENTRE, cell=left)
        self._line("{{ co_quan }}", Pt(13), CENTRE, bold=True, cell=left)
        ooxml.rule(left.add_paragraph(), left_width, _SHORT_LINE)
        if numbered:
            self._line("Số: {{ so }}", Pt(13), CENTRE, cell=left)
        if about:
            self._line(f"V/v {about}", Pt(12), CENTRE, cell=left)
        self._line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Pt(13), CENTRE, bold=True, cell=right)
        self._line("Độc lập - Tự do - Hạnh phúc", Pt(14), CENTRE, bold=True, cell=right)
        ooxml.rule(right.add_paragraph(), Length(self.width - left_width), _MOTTO_LINE)
        self._line("{{ noi_ngay }}", Pt(14), CENTRE, italic=True, cell=right)

    def title(self, kind: str, subject: str = "") -> None:
        """The name of the kind of paper, as “BÁO CÁO”, and what it is about, with the line under it."""
        self._line(kind, BODY, CENTRE, bold=True, before=Pt(18)).paragraph_format.keep_with_next = True
        if subject:
            self._line(subject, BODY, CENTRE, bold=True).paragraph_format.keep_with_next = True
            ooxml.rule(self._document.add_paragraph(), self.width, _SHORT_LINE)
        self._gap(Pt(6))

    def to(self, whom: str, where: str = "") -> None:
        """To whom it goes. where: a field, the address, which may be empty."""
        self._line(f"Kính gửi: {whom}", BODY, CENTRE, before=Pt(6))
        if where:
            with self._only(where):
                self._line(f"Địa chỉ: {{{{ {where} }}}}", BODY, CENTRE, before=Pt(3))
        self._gap(Pt(6))

    def heading(self, words: str) -> None:
        """A heading of a part: “1. Kết quả chung”."""
        paragraph = self._document.add_paragraph(style="Heading 1")
        self._write(paragraph, [(words, True, False)], BODY)
        self._body(paragraph).keep_with_next = True

    def text(self, words: str | Sequence[Run], *, italic: bool = False, align: WD_ALIGN_PARAGRAPH = JUSTIFIED) -> None:
        """A paragraph of the body; of words that are not all alike, their runs."""
        runs = [(words, False, italic)] if isinstance(words, str) else words
        paragraph = self._document.add_paragraph()
        self._write(paragraph, runs, BODY)
        self._body(paragraph)
        paragraph.alignment = align

    def said(self, label: str, words: str) -> None:
        """A line “label: words”, the label in bold."""
        self.text([(f"{label}: ", True, False), (words, False, False)])

    def caption(self, words: str) -> None:
        """Over a table or under a picture, in italics."""
        self._line(words, Pt(13), CENTRE, italic=True, before=_SPACE, after=Pt(3)).paragraph_format.keep_with_next = True

    def picture(self, field: str) -> None:
        """A `filling.Picture`, in the middle."""
        self._line(f"{{{{ {field} }}}}", BODY, CENTRE, before=_SPACE)

    @contextmanager
    def when(self, field: str) -> Iterator[None]:
        """What is put here is there only where the field is said. With `not ` before its name: where it is not."""
        with self._only(field):
            yield

    @contextmanager
    def each(self, item: str, field: str) -> Iterator[None]:
        """What is put here is there once for each of the field's values, called `item`."""
        self._line(f"{{%p for {item} in {field} %}}", BODY, LEFT)
        yield
        self._line("{%p endfor %}", BODY, LEFT)

    def table(self, columns: Sequence[Column], rows: str, last: Sequence[str] = ()) -> None:
        """A table with a row for each value of the field `rows`, called `dong`; its head is repeated on each page.

        last: cells of a last row, in bold, as a sum.
        """
        table = self._document.add_table(rows=0, cols=len(columns), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        ooxml.set_widths(table, [Mm(column.width) for column in columns])

        def row(texts: Sequence[str], *, head: bool = False, bold: bool = False) -> None:
            cells = ooxml.add_row(table, repeated=head).cells
            for cell, column, text in zip(cells, columns, texts, strict=True):
                self._line(text, TABLE, CENTRE if head else column.align, bold=bold or head, cell=cell, before=Pt(2), after=Pt(2))

        row([column.head for column in columns], head=True)
        nothing = [""] * (len(columns) - 1)
        row([f"{{%tr for dong in {rows} %}}", *nothing])
        row([column.cell for column in columns])
        row(["{%tr endfor %}", *nothing])
        if last:
            row(last, bold=True)
        self._gap(Pt(6))

    def signature(self, recipients: Sequence[str]) -> None:
        """“Nơi nhận” and the block of the signature, never parted and never alone on a page; fields quyen_han (may be empty),
        chuc_vu, ho_ten. recipients: a line each, without hyphen.
        """
        self._keep_last()
        left, right = self._two(Mm(80))
        self._line("Nơi nhận:", Pt(12), LEFT, bold=True, italic=True, cell=left, before=Pt(12))
        for place, one in enumerate(recipients):
            self._line(f"- {one}{'.' if place == len(recipients) - 1 else ';'}", RECIPIENTS, LEFT, cell=left)
        self._gap(Pt(8), right)
        with self._only("quyen_han", right):
            self._line("{{ quyen_han }}", BODY, CENTRE, bold=True, cell=right)
        self._line("{{ chuc_vu }}", BODY, CENTRE, bold=True, cell=right)
        self._line("{{ ho_ten }}", BODY, CENTRE, bold=True, cell=right, before=_HANDWRITTEN)
        for cell in (left, right):
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_together = True
        self._gap(Pt(1))  # Word wants a paragraph after the last table

    def docx(self) -> bytes:
        """The file."""
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    @contextmanager
    def _only(self, field: str, cell: _Cell | None = None) -> Iterator[None]:
        self._line(f"{{%p if {field} %}}", BODY, LEFT, cell=cell)
        yield
        self._line("{%p endif %}", BODY, LEFT, cell=cell)

    def _two(self, left: Length) -> tuple[_Cell, _Cell]:
        """A table without lines, of two cells."""
        table = self._document.add_table(rows=0, cols=2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        ooxml.set_widths(table, [left, Length(self.width - left)], padding=False)
        cells = ooxml.add_row(table).cells
        return cells[0], cells[1]

    def _line(
        self, text: str, size: Length, align: WD_ALIGN_PARAGRAPH, *, bold: bool = False, italic: bool = False,
        cell: _Cell | None = None, before: Length = _NONE, after: Length = _NONE,
    ) -> Paragraph:  # fmt: skip
        place = self._document if cell is None else cell
        paragraph = cell.paragraphs[0] if cell is not None and ooxml.is_new(cell) else place.add_paragraph()
        self._write(paragraph, [(text, bold, italic)], size)
        paragraph.alignment = align
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = before, after
        return paragraph

    def _gap(self, height: Length, cell: _Cell | None = None) -> None:
        shape = self._line("", height, LEFT, cell=cell).paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, height

    def _body(self, paragraph: Paragraph) -> ParagraphFormat:
        shape: ParagraphFormat = paragraph.paragraph_format
        shape.first_line_indent, shape.space_before, shape.space_after = _INDENT, _SPACE, _SPACE
        shape.line_spacing = 1.1
        shape.alignment, shape.widow_control = JUSTIFIED, True
        return shape

    def _write(self, paragraph: Paragraph, runs: Sequence[Run], size: Length) -> None:
        for text, bold, italic in runs:
            run = paragraph.add_run(text)
            run.bold, run.italic, run.font.size = bold or None, italic or None, size

    def _keep_last(self) -> None:
        """What comes last stays on the page of what follows. Of two, for one of them may be there only sometimes."""
        said = [paragraph for paragraph in self._document.paragraphs if paragraph.text and not paragraph.text.startswith("{%")]
        for paragraph in said[-2:]:
            paragraph.paragraph_format.keep_with_next = True
