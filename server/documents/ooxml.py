"""What a paper needs of Word's format that python-docx has no words for (ECMA-376, part 1, chapter 17)."""

from collections.abc import Sequence
from typing import cast

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
_SCRIPTS = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")
_STYLES = ("Normal", "Heading 1", "Header", "Footer", "Table Grid")


def prepare(document: Document, size: Length) -> None:
    """Font and language of everything, and no traces of who made the file's first form."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in _SCRIPTS:
            fonts.set(qn(script), FONT)
    for language in document.styles.element.iter(qn("w:lang")):
        language.attrib.clear()
        for script in ("w:val", "w:eastAsia"):
            language.set(qn(script), LANGUAGE)
    for name in _STYLES:
        document.styles[name].font.name = FONT
    normal, heading = document.styles["Normal"], document.styles["Heading 1"]
    normal.font.size = size
    normal.paragraph_format.space_after = Pt(0)
    heading.font.size, heading.font.bold = size, True
    heading.font.color.rgb = RGBColor(0, 0, 0)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.title = properties.comments = properties.keywords = ""
    properties.language = LANGUAGE


def number_pages(section: Section) -> None:
    """Page numbers at the top, in the middle, from the second page on."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = _element("w:fldSimple", instr="PAGE")
    run, text = _element("w:r"), _element("w:t")
    shape, size = _element("w:rPr"), _element("w:sz", val="26")
    text.text = "2"
    shape.append(size)
    run.extend([shape, text])
    field.append(run)
    paragraph._p.append(field)


def rule(paragraph: Paragraph, width: Length, length: Length) -> None:
    """Make an empty paragraph into a line of a length, in the middle of what is `width` wide."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Length((width - length) // 2)
    shape.space_before, shape.space_after = Pt(3), Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders = _element("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="0", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def set_widths(table: Table, widths: Sequence[Length], *, padding: bool = True) -> None:
    """Columns as wide as told, whatever is in them."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if not padding:
        margins = _element("w:tblCellMar")
        margins.extend([_element("w:left", w="0", type="dxa"), _element("w:right", w="0", type="dxa")])
        table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def add_row(table: Table, *, repeated: bool = False) -> _Row:
    """A row that no page break parts. repeated: it stands over the table on each page."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call] # docx says no type here
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width = column.width
    properties = cast(BaseOxmlElement, row._tr.get_or_add_trPr())
    properties.append(_element("w:cantSplit"))
    if repeated:
        properties.append(_element("w:tblHeader"))
    return row


def is_new(cell: _Cell) -> bool:
    """Whether nothing was written into the cell yet."""
    return len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = cast(BaseOxmlElement, OxmlElement(name))
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element
