"""What a template may do, and that whatever is filled in stands there as text."""

import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from server.documents.filling import Fact, Picture, Unusable, fill
from server.documents.layout import Column, Paper
from server.documents.package import MOST_BYTES
from tests.server.papers import changed, opened, parts_of, saying, squeezed, text_of

pytestmark = pytest.mark.once

FACTS: dict[str, Fact] = {"ten": "An", "co": True, "bang": [{"ten": "Bình"}, {"ten": "Cúc"}], "trong": ""}


def made(words: str) -> str:
    return text_of(fill(saying(words), FACTS, author="Đơn vị"))


def refusal(template: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        fill(template, FACTS, author="Đơn vị")
    return str(refused.value)


def test_fields_lists_and_conditions_are_filled() -> None:
    assert made("{{ ten }}: {% for dong in bang %}{{ loop.index }} {{ dong.ten }};{% endfor %}") == "An: 1 Bình;2 Cúc;"
    assert made("{% if co and not trong %}có{% endif %}{% if trong %}trống{% endif %}") == "có"


@pytest.mark.parametrize("word", ["ten_nguoi", "range", "lipsum", "cycler", "self", "loop"])
def test_a_field_that_does_not_exist_is_named(word: str) -> None:
    assert refusal(saying(f"Kính gửi {{{{ {word} }}}}")) == f"Không có trường “{word}”."
    assert refusal(saying(f"{{% if {word} %}}x{{% endif %}}")) == f"Không có trường “{word}”."


def test_a_field_of_a_row_that_does_not_exist_is_named() -> None:
    assert refusal(saying("{% for dong in bang %}{{ dong.tuoi }}{% endfor %}")) == "Không có trường “tuoi”."


@pytest.mark.parametrize(
    "words",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ten.__class__ }}",
        "{{ bang.append }}",
        "{{ ten|upper }}",
        "{{ ten.upper() }}",
        "{{ 7 * 7 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ bang[0] }}",
        "{% for x in range(10**9) %}x{% endfor %}",
        "{% for x in bang recursive %}{{ loop(bang) }}{% endfor %}",
        "{% for a in bang %}{% for b in bang %}{% for c in bang %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% set x = ten %}{{ x }}",
        "{% include 'settings.py' %}",
        "{% import 'os' as os %}",
        "{% extends ten %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{{ ten if co else ten }}",
        "{% if ten",
        "{{ ten }",
        "{# chú thích #}",
        "{{r ten }}",
        "{{p ten }}",
        "{% if co %}",
        "{% lam gi %}",
        "{% if " + "not " * 40 + "ten %}x{% endif %}" * 40,
        "{{ ten }}" * 501,
    ],
)
def test_a_template_that_does_more_than_name_fields_is_refused(words: str) -> None:
    said = refusal(saying(words))
    assert said.endswith(".")
    assert "Error" not in said


def test_a_template_whose_lists_in_lists_are_endless_is_stopped() -> None:
    template = saying("{% for a in bang %}{% for b in bang %}" + "x" * 1000 + "{% endfor %}{% endfor %}")
    with pytest.raises(Unusable, match="quá dài"):
        fill(template, {"bang": ["x"] * 5000}, author="")


def test_a_condition_that_cuts_a_table_apart_is_told() -> None:
    paper = Paper()
    paper.text("{% if trong %}")
    paper.table([Column("x{% endif %}", "y", 20)], "bang")
    assert "dòng riêng" in refusal(paper.docx())


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
RELATION = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="http://192.0.2.9/x" TargetMode="External"/></Relationships>'
)
RELS = "word/_rels/document.xml.rels"
PARTS = ("word/document.xml", "[Content_Types].xml", RELS)


def related(kind: bytes, written: Callable[[bytes], bytes] = bytes) -> bytes:
    return changed(saying("{{ ten }}"), RELS, lambda xml: xml.replace(b"</Relationships>", written(RELATION % kind)))


def with_body(xml: bytes) -> bytes:
    return changed(saying("{{ ten }}"), "word/document.xml", lambda old: old.replace(b"<w:body>", b"<w:body>" + xml))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: b"", "không phải tệp Word"),
        (lambda: b"Xin chao", "không phải tệp Word"),
        (lambda: saying("x")[:-200], "không phải tệp Word"),
        (lambda: changed(saying("x"), "word/document.xml", b"<w:document"), "không phải tệp Word"),
        (
            lambda: changed(saying("x"), "[Content_Types].xml", lambda xml: xml.replace(b"document.main", b"sheet.main")),
            "không phải tệp Word",
        ),
        (lambda: changed(saying("x"), "word/document.xml", lambda xml: ENTITY + xml.partition(b"?>")[2]), "DOCTYPE"),
        (lambda: changed(saying("x"), "word/styles.xml", lambda xml: xml.decode().encode("utf-16")), "không phải tệp Word"),
        (lambda: changed(saying("x"), "word/vbaProject.bin", b"x"), "macro"),
        (lambda: changed(saying("x"), "[Content_Types].xml", lambda xml: xml.replace(b"wordprocessingml", b"macroEnabled")), "macro"),
        (lambda: changed(saying("x"), "word/embeddings/a.bin", b"x"), "nhúng"),
        (lambda: changed(saying("x"), "word/media/a.png", "\ufeff <w:document/>".encode("utf-16-le")), "nhúng"),
        (lambda: changed(saying("x"), "word/document.XML", b"x"), "nhúng"),
        (lambda: related(b"attachedTemplate"), "nơi khác"),
        (lambda: related(b"image"), "nơi khác"),
        (lambda: related(b"image", lambda xml: xml.replace(b"External", b"&#69;xternal")), "nơi khác"),
        (lambda: related(b"image", lambda xml: xml.replace(b"rId99", b"a>")), "nơi khác"),
        (lambda: with_body(b'<w:altChunk r:id="rId99"/>'), "nhúng"),
        (lambda: with_body(b"<w:p><w:r><w:instrText>DDEAUTO c:\\\\x.exe</w:instrText></w:r></w:p>"), "trường Word"),
        (lambda: with_body(b"<w:p><w:fldSimple w:instr='DDEAUTO c:\\x.exe'/></w:p>"), "trường Word"),
        (lambda: with_body(b'<w:p><w:fldSimple w:instr="INCLUDETEXT \\\\192.0.2.9\\x"/></w:p>'), "trường Word"),
        (lambda: with_body(b'<w:p><w:ins w:id="1" w:author="Lan"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'), "chấp nhận"),
        (lambda: with_body(b'<w:p><w:bookmarkStart w:id="1" w:name="{{ ten }}"/></w:p>'), "ngoài phần chữ"),
        (lambda: b"PK" + b"x" * MOST_BYTES, "2 MB"),
        (lambda: changed(saying("x"), "word/media/big.png", bytes(50_000_000)), "quá lớn"),
        (lambda: changed(saying("x"), "word/document.xml", b"<a>" + b" " * 4_000_000 + b"</a>"), "quá dài"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_file_that_is_more_or_less_than_a_word_document_is_refused(made: Callable[[], bytes], says: str) -> None:
    assert says in refusal(made())


def test_a_zip_that_lies_of_its_sizes_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 3_500_000)
        package.writestr("[Content_Types].xml", b"<Types/>")
    lying = out.getvalue().replace((3_500_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert "không phải tệp Word" in refusal(lying)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=5))
def test_a_damaged_file_is_filled_or_refused_and_nothing_else(damage: list[tuple[int, bytes]]) -> None:
    template = bytearray(saying("{{ ten }}"))
    for place, wrong in damage:
        template[place % len(template) : place % len(template) + len(wrong)] = wrong
    with suppress(Unusable):
        assert fill(bytes(template), FACTS, author="")


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 3000),
    st.sampled_from([b"<", b">", b"/", b'"', b"{{", b"}}", b"{%", b"w:x", b"&", b""]),
    st.integers(0, 30),
    st.sampled_from(PARTS),
)
def test_damaged_xml_is_filled_or_refused_and_nothing_else(place: int, wrong: bytes, without: int, part: str) -> None:
    def damaged(xml: bytes) -> bytes:
        at = place % len(xml)
        return xml[:at] + wrong + xml[at + without :]

    with suppress(Unusable):
        assert fill(changed(saying("{{ ten }}"), part, damaged), FACTS, author="")


def test_a_link_may_stay() -> None:
    assert text_of(fill(related(b"hyperlink"), FACTS, author="")) == "An"


@cache
def two_places() -> bytes:
    """A template with a field in the body and one in a table."""
    paper = Paper()
    paper.text("{{ loi }}")
    paper.table([Column("A", "{{ dong.a }}", 50)], "bang")
    return paper.docx()


HOSTILE = ["{{ ten }}", "{_{ x", "{% if %}", "&lt;<w:p/>", "\x00\x0b\f\a\ufffe", "\u202e\u05e9\u05dc", "x" * 60_000]


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(), max_size=300) | st.sampled_from(HOSTILE))
def test_any_text_in_any_field_stands_in_the_paper(words: str) -> None:
    body = fill(two_places(), {"loi": words, "bang": [{"a": words}]}, author=words, title=words)
    said = "".join(letter for letter in words.replace("\x85", " ") if letter.isprintable() or letter.isspace())
    kept = squeezed("".join(letter for letter in text_of(body) if letter.isprintable() or letter.isspace()))
    expected = squeezed("".join(letter for letter in said if not "\x00" <= letter < "\x20" and letter not in "\x7f\x85"))
    assert kept == "A".join([expected, expected]) if expected else kept == "A"


def test_line_breaks_stay() -> None:
    assert text_of(fill(saying("{{ ten }}."), {"ten": "một\r\nhai\nba"}, author="")) == "một\nhai\nba."


def test_a_picture_stands_where_its_field_is() -> None:
    out = BytesIO()
    Image.new("RGB", (8, 4)).save(out, "PNG")
    paper = Paper()
    paper.picture("hinh")
    body = fill(paper.docx(), {"hinh": Picture(out.getvalue(), 100)}, author="")
    [shape] = opened(body).inline_shapes
    assert round(shape.width.mm) == 100
    assert out.getvalue() in parts_of(body).values()


def test_who_wrote_the_template_is_not_told_by_the_paper() -> None:
    template = changed(saying("{{ ten }}"), "docProps/core.xml", lambda xml: xml.replace(b"python-docx", "Chị Lan {{ ten }}".encode()))
    template = changed(template, "docProps/app.xml", lambda xml: xml.replace(b"</Properties>", b"<Company>Nha Lan</Company></Properties>"))
    body = fill(template, FACTS, author="UBND phường Thái Hòa", title="Giấy mời")
    properties = opened(body).core_properties
    assert (properties.author, properties.last_modified_by, properties.title) == (
        "UBND phường Thái Hòa",
        "UBND phường Thái Hòa",
        "Giấy mời",
    )
    assert not any(b" Lan" in part for part in parts_of(body).values())
