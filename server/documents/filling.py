"""Filling a template's fields. A template is somebody's upload: what it may say, `grammar` decides, what its file may hold, `package`;
and whatever is filled in is text, never again a tag.
"""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple, Union

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.rel import Relationships
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import UndefinedError
from lxml import etree
from markupsafe import Markup, escape

from server.documents.grammar import Grammar, Unusable, check_written
from server.documents.package import check

__all__ = ["Fact", "Picture", "Unusable", "fill"]

Fact = Union[str, bool, int, "Picture", Sequence["Fact"], Mapping[str, "Fact"], None]
"""What a field may be: words (numbers as the pages write them), whether, a picture, several, or fields of its own; None is empty."""

_TRACES = {RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL}
_OF_PEOPLE = re.compile(r"/(comments\w*|people|customXml|glossaryDocument)$")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 holds no others, or advises against


class Picture(NamedTuple):
    """A picture in a field. png: also a JPEG; width: in millimetres."""

    png: bytes
    width: float


def fill(template: bytes, facts: Mapping[str, Fact], *, author: str, title: str = "") -> bytes:
    """The filled paper. author: the unit, for the file's properties, which name nobody; title: the same.

    Raises `Unusable` with what to mend, in Vietnamese, for a template that is no Word file, names a field that there is not, or does
    anything but name fields.
    """
    check(template)
    try:
        paper = _Template(BytesIO(template))
        paper.render(_prepared(facts, paper), Grammar(facts), autoescape=True)
        _sign(paper.docx, author, title)
        out = BytesIO()
        paper.save(out)
    except UndefinedError as fault:
        raise Unusable(str(fault.message)) from None
    except RecursionError:
        raise Unusable("Các thẻ trong mẫu lồng nhau quá nhiều.") from None
    except (KeyError, ValueError, AttributeError, IndexError, TypeError, etree.LxmlError):
        raise Unusable("Tệp này không phải tệp Word (.docx), hoặc đã hỏng. Xin mở bằng Word rồi lưu lại dạng .docx.") from None
    return out.getvalue()


class _Template(DocxTemplate):  # type: ignore[misc] # docxtpl has no types
    """A template whose tags are looked at before they are filled, and whose filled parts are still XML."""

    def render_init(self) -> None:
        super().render_init()
        properties = self.docx.core_properties
        properties.author = properties.comments = properties.identifier = properties.subject = properties.title = ""

    def patch_xml(self, src_xml: str) -> str:
        check_written(src_xml)
        return str(super().patch_xml(src_xml))

    def render_xml_part(self, src_xml: str, part: object, context: Mapping[str, object], jinja_env: Grammar) -> str:
        xml = str(super().render_xml_part(src_xml, part, context, jinja_env))
        try:
            etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        except etree.XMLSyntaxError:
            raise Unusable("Thẻ “if” hoặc “for” mở ở một đoạn nhưng đóng ở giữa đoạn hoặc ô khác. Xin đặt chúng ở dòng riêng.") from None
        return xml


def _prepared(fact: object, paper: DocxTemplate) -> Mapping[str, object]:
    prepared = _value(fact, paper)
    assert isinstance(prepared, Mapping)  # noqa: S101 for the type: of a mapping it makes a mapping
    return prepared


def _value(fact: object, paper: DocxTemplate) -> object:
    match fact:
        case Picture():
            return InlineImage(paper, BytesIO(fact.png), width=Mm(fact.width))
        case Mapping():
            return {name: _value(value, paper) for name, value in fact.items()}
        case bool():
            return fact
        case str() | int():
            return _words(str(fact))
        case None:
            return ""
        case Sequence():
            return [_value(value, paper) for value in fact]
        case _:
            raise AssertionError(f"no fact: {type(fact)}")


def _words(text: str) -> Markup:
    """Text as XML. Braces are written such that docxtpl, which looks for its own marks in what was filled in, finds none."""
    kept = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))
    return Markup(str(escape(kept)).replace("{", "&#123;").replace("}", "&#125;").replace("%", "&#37;"))  # noqa: S704 just escaped


def _sign(document: Document, author: str, title: str) -> None:
    """Who made it is the unit; nothing else that Word keeps of people stays."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = _UNPRINTABLE.sub("", author)[:255]
    properties.title = _UNPRINTABLE.sub("", title)[:255]
    properties.keywords = properties.category = properties.content_status = properties.version = ""
    properties.language = "vi-VN"
    for rels in (document.part.package.rels, document.part.rels):
        _drop(rels)
    for element in list(document.element.iter()):
        for name in [name for name in element.attrib if name.startswith(qn("w:rsid"))]:
            del element.attrib[name]


def _drop(rels: Relationships) -> None:
    for name in [name for name, rel in rels.items() if rel.reltype in _TRACES or _OF_PEOPLE.search(rel.reltype)]:
        del rels[name]
