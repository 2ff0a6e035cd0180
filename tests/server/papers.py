"""Reading a Word file back."""

import re
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Opened
from lxml import html


def opened(body: bytes) -> Opened:
    """The file, as python-docx reads it."""
    return Document(BytesIO(body))


def text_of(body: bytes) -> str:
    """All its text, tables too, in order; line breaks as such."""
    pieces: dict[str, Callable[[Any], str]] = {"t": lambda node: node.text or "", "br": lambda node: "\n", "tab": lambda node: "\t"}
    return "\n".join(
        "".join(pieces[node.tag.rpartition("}")[2]](node) for node in paragraph.iter("{*}t", "{*}br", "{*}tab"))
        for paragraph in opened(body).element.body.iter("{*}p")
    )


def parts_of(body: bytes) -> dict[str, bytes]:
    """Each of its parts."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(body: bytes, name: str, change: Callable[[bytes], bytes] | bytes) -> bytes:
    """The file with one part changed, or added."""
    parts = parts_of(body)
    parts[name] = change if isinstance(change, bytes) else change(parts[name])
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return out.getvalue()


def saying(words: str) -> bytes:
    """A file of one paragraph, as Word would write it."""
    return changed(_nothing(), "word/document.xml", lambda xml: xml.replace(b"WORDS", escape(words).encode()))


@cache
def _nothing() -> bytes:
    document = Document()
    document.add_paragraph("WORDS")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def squeezed(text: str) -> str:
    """Without any white space, for comparing what was broken into lines."""
    return re.sub(r"\s+", "", text)


def form_of(page: bytes) -> dict[str, str]:
    """What the page's form of a paper would send, as it was handed out."""
    [form] = [form for form in html.fromstring(page.decode()).forms if "form" in form.classes]
    return {str(name): str(value) for name, value in form.form_values()}
