"""What a template's file may hold: a Word document of a usual size, without macros, without anything that is fetched from elsewhere,
without traces of who wrote it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

from lxml import etree

from server.documents.grammar import Unusable

MOST_BYTES = 2_000_000
MOST_UNPACKED = 20_000_000
MOST_PART = 3_000_000  # of XML
MOST_PARTS = 200
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError, LookupError, etree.LxmlError)
"""What reading a file that is none raises."""

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_XML = re.compile(r"\.(xml|rels)$")
_MEDIA = re.compile(r"\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|wdp|odttf)$|/$", re.IGNORECASE)
_MARKS = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # before the first letter of a text, in any of its encodings
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_FIELD = re.compile(r"<w:instrText[^>]*>([^<]*)|w:instr\s*=\s*(\"[^\"]*\"|'[^']*')")
_FETCHES = re.compile(r"\b(DDE|DDEAUTO|INCLUDE\w*|LINK|IMPORT|MACROBUTTON|DATABASE|AUTOTEXT\w*|EMBED|RD)\b", re.IGNORECASE)
_CHANGES = re.compile(r"<w:(ins|del|moveFrom|moveTo|commentReference)\b")
_CHUNK = re.compile(r"<w:(altChunk|object|control|subDoc)\b")


@lru_cache(maxsize=16)  # a unit's templates are filled again and again; a refusal is not kept
def check(template: bytes) -> None:
    """Raises `Unusable` for a file that is no Word document, or one that may hold more than a paper does."""
    if len(template) > MOST_BYTES:
        raise Unusable("Tệp lớn hơn 2 MB. Xin bớt hoặc thu nhỏ hình trong mẫu.")
    try:
        with zipfile.ZipFile(BytesIO(template)) as package:
            _check(package)
    except BROKEN:
        raise Unusable("Tệp này không phải tệp Word (.docx), hoặc đã hỏng. Xin mở bằng Word rồi lưu lại dạng .docx.") from None


def _check(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable("Tệp giải nén ra quá lớn. Xin dùng một tệp Word đơn giản hơn.")
    names = [part.filename for part in parts]
    if not any(_DOCUMENT.fullmatch(name) for name in names) or len(set(names)) < len(names):
        raise Unusable("Tệp này không phải tệp Word (.docx). Xin mở bằng Word rồi lưu lại dạng .docx.")
    if b"macroEnabled" in package.read("[Content_Types].xml") or any("vba" in name.lower() for name in names):
        raise Unusable("Tệp có macro. Xin lưu lại dạng .docx thường, không có macro.")
    for name in names:
        if not _XML.search(name) and (not _MEDIA.search(name) or package.read(name).lstrip(_MARKS).startswith(b"<")):
            raise Unusable(f"Tệp có tệp khác nhúng bên trong ({name}). Xin bỏ phần nhúng rồi tải lên lại.")
    for name, xml in _parts(package, names):
        for fault, said in _faults(xml):
            if fault:
                raise Unusable(f"{said} (phần {name} của tệp)")
        if name.endswith(".rels") and any(map(_leads_elsewhere, etree.fromstring(xml.encode(), _PARSER))):
            raise Unusable(f"Tệp lấy nội dung từ nơi khác (hình, mẫu liên kết). (phần {name} của tệp)")


def _parts(package: zipfile.ZipFile, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if _XML.search(name):
            content = package.read(name)
            if len(content) > MOST_PART:
                raise Unusable("Văn bản trong tệp quá dài để làm mẫu.")
            if b"\x00" in content:
                raise ValueError("XML that is not UTF-8")
            yield name, content.decode()


def _faults(xml: str) -> Iterator[tuple[object, str]]:
    yield re.search(r"<!\s*(DOCTYPE|ENTITY)", xml), "Tệp có khai báo DOCTYPE, không được phép."
    yield re.search(r"^<\?xml[^>]*encoding=[\"'](?!utf-8)", xml, re.IGNORECASE), "Tệp không dùng bảng mã UTF-8."
    yield any(_FETCHES.search(one[1] or one[2] or "") for one in _FIELD.finditer(xml)), "Tệp có trường Word lấy nội dung từ nơi khác."
    yield _CHUNK.search(xml), "Tệp có đối tượng nhúng bên trong."
    yield _CHANGES.search(xml), "Tệp còn chú thích hoặc thay đổi chưa chấp nhận. Xin chấp nhận hết và xóa chú thích."


def _leads_elsewhere(relation: etree._Element) -> bool:
    """Out of the file, and is no link that somebody would have to follow."""
    mode, kind = relation.get("TargetMode", ""), relation.get("Type", "")
    return mode.strip().lower() == "external" and not kind.endswith("/relationships/hyperlink")
