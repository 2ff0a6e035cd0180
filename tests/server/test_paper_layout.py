"""Papers as Decree 30/2020/NĐ-CP, Appendix I, wants them, read back from the Word file."""

from datetime import date
from functools import cache

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from server.documents.filling import fill
from server.documents.heading import blank, details_of, heading, long_date
from server.documents.kinds import HEAD, KINDS, Kind
from server.documents.layout import Paper
from server.documents.models import Details
from server.documents.writing import examples
from server.places.models import Unit
from tests.server.papers import opened, parts_of, text_of

pytestmark = pytest.mark.once


@cache
def sampled(kind: Kind) -> bytes:
    head = {name: field.example for name, field in HEAD.items()}
    return fill(kind.default, {**head, **examples(kind)}, author="UBND phường Thái Hòa")


@pytest.fixture(params=sorted(KINDS))
def body(request: pytest.FixtureRequest) -> bytes:
    return sampled(KINDS[request.param])


def runs(body: bytes) -> list[tuple[Run, Paragraph]]:
    document = opened(body)
    paragraphs = [Paragraph(element, document._body) for element in document.element.body.iter("{*}p")]
    return [(run, paragraph) for paragraph in paragraphs for run in paragraph.runs if run.text.strip()]


def millimetres(length: Length | None) -> int:
    assert length is not None
    return round(length / Mm(1))


def points(run: Run) -> float | None:
    return run.font.size.pt if run.font.size else None


def run_of(body: bytes, words: str) -> tuple[Run, Paragraph]:
    return next((run, paragraph) for run, paragraph in runs(body) if run.text.startswith(words))


def test_paper_and_margins_are_those_of_the_decree(body: bytes) -> None:
    section = opened(body).sections[0]
    assert sorted([millimetres(section.page_width), millimetres(section.page_height)]) == [210, 297]
    assert 20 <= millimetres(section.top_margin) <= 25
    assert 20 <= millimetres(section.bottom_margin) <= 25
    assert 30 <= millimetres(section.left_margin) <= 35
    assert 15 <= millimetres(section.right_margin) <= 20


def test_everything_is_in_times_new_roman_and_vietnamese(body: bytes) -> None:
    document = opened(body)
    fonts = {run.font.name for run, _ in runs(body)} | {document.styles["Normal"].font.name}
    assert fonts <= {None, "Times New Roman"}
    styles = parts_of(body)["word/styles.xml"].decode()
    assert "asciiTheme" not in styles
    assert 'w:lang w:val="vi-VN"' in styles


def test_sizes_are_those_of_the_decree(body: bytes) -> None:
    sizes = {points(run) for run, _ in runs(body)}
    assert sizes <= {None, 11, 12, 13, 14}
    assert points(run_of(body, "CỘNG HÒA")[0]) in (12, 13)
    assert points(run_of(body, "Độc lập - Tự do - Hạnh phúc")[0]) in (13, 14)
    assert points(run_of(body, "- Lưu: VT")[0]) == 11


def test_the_head_says_who_and_where(body: bytes) -> None:
    head = opened(body).tables[0]
    left, right = (cell.text for cell in head.rows[0].cells)
    assert left.startswith("UBND TỈNH NGHỆ AN\nỦY BAN NHÂN DÂN\nPHƯỜNG THÁI HÒA")
    assert right.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert right.endswith("Thái Hòa, ngày 06 tháng 02 năm 2026")
    assert not run_of(body, "UBND TỈNH")[0].bold
    assert run_of(body, "ỦY BAN NHÂN DÂN")[0].bold
    assert run_of(body, "Thái Hòa, ngày")[0].italic
    assert head.style is None or head.style.name != "Table Grid"


def test_the_signature_stands_beside_whom_it_goes_to(body: bytes) -> None:
    left, right = (cell.text for cell in opened(body).tables[-1].rows[0].cells)
    assert left.startswith("Nơi nhận:\n- ")
    assert left.endswith("- Lưu: VT, VP.")
    assert right.split() == ["TM.", "ỦY", "BAN", "NHÂN", "DÂN", "CHỦ", "TỊCH", "Nguyễn", "Văn", "Hùng"]
    run, _ = run_of(body, "Nơi nhận")
    assert (run.bold, run.italic, points(run)) == (True, True, 12)


def test_pages_are_numbered_from_the_second_on(body: bytes) -> None:
    section = opened(body).sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert not section.first_page_header.paragraphs[0].text


def test_nothing_of_the_template_is_left(body: bytes) -> None:
    assert not any(mark in text_of(body) for mark in ("{{", "}}", "{%", "%}"))


def test_a_table_repeats_its_head_and_parts_no_row() -> None:
    table = opened(sampled(KINDS["danh-sach-tiep-dan"])).tables[1]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in table.rows)
    assert len(table.rows) == 2


def test_the_body_is_justified_with_an_indented_first_line() -> None:
    _, paragraph = run_of(sampled(KINDS["giay-moi"]), "Rất mong")
    shape = paragraph.paragraph_format
    assert paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert 10 <= round(shape.first_line_indent.mm, 1) <= 12.7
    assert shape.space_after.pt >= 6
    assert shape.keep_with_next


def test_whoever_stands_over_nobody_has_no_line_for_it() -> None:
    paper = Paper()
    paper.head()
    paper.signature(["Lưu"])
    facts = {**{name: field.example for name, field in HEAD.items()}, "cap_tren": "", "quyen_han": ""}
    text = text_of(fill(paper.docx(), facts, author=""))
    assert text.startswith("ỦY BAN NHÂN DÂN")
    assert "TM." not in text


@pytest.mark.parametrize(
    ("name", "body", "place"),
    [
        ("Phường Thái Hòa", "Ủy ban nhân dân phường Thái Hòa", "Thái Hòa"),
        ("Xã Anh Sơn", "Ủy ban nhân dân xã Anh Sơn", "Anh Sơn"),
        ("Phường 12", "Ủy ban nhân dân phường 12", "Phường 12"),
        ("Đặc khu Côn Đảo", "Ủy ban nhân dân đặc khu Côn Đảo", "Côn Đảo"),
        ("Thành phố Hồ Chí Minh", "Ủy ban nhân dân thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
    ],
)
def test_a_unit_that_said_nothing_is_called_by_its_name(name: str, body: str, place: str) -> None:
    details = details_of(Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE))
    assert (details.body, details.place, details.symbol) == (body, place, "UBND")
    head = heading(details, date(2026, 11, 26), blank("GM-UBND"))
    assert head["co_quan"] == body.upper().replace("NHÂN DÂN ", "NHÂN DÂN\n")


def test_a_long_name_is_broken_before_whose_it_is() -> None:
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    centre = "Trung tâm Phục vụ hành chính công phường Thái Hòa"
    details = Details(unit=unit, body=centre, superior="Ủy ban nhân dân phường Thái Hòa", place="Thái Hòa")
    head = heading(details, date(2026, 11, 26), "")
    assert head["co_quan"] == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG\nPHƯỜNG THÁI HÒA"
    assert head["cap_tren"] == "UBND PHƯỜNG THÁI HÒA"


def test_days_below_ten_and_the_first_two_months_have_a_zero() -> None:
    assert long_date(date(2026, 2, 6)) == "ngày 06 tháng 02 năm 2026"
    assert long_date(date(2026, 3, 16)) == "ngày 16 tháng 3 năm 2026"
