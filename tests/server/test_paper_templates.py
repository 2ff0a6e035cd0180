"""The pages on which a unit says what stands on its papers, and changes their templates."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from server.documents.heading import details_of
from server.documents.kinds import KINDS
from server.documents.models import Details, TemplateVersion
from server.documents.writing import write
from server.letters.kinds import INVITATION
from server.places.models import Membership, Unit
from server.record.models import Line
from tests.server.papers import changed, saying, text_of
from tests.server.people import somebody

pytestmark = pytest.mark.once

Role = Membership.Role
GOOD = {
    "body": "Trung tâm Phục vụ hành chính công phường Thái Hòa", "superior": "UBND phường Thái Hòa", "symbol": "TTPVHCC", "office": "HCC",
    "place": "Thái Hòa", "position": "Giám đốc", "signatory": "Nguyễn Văn Hùng", "authority": "",
}  # fmt: skip


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)


@pytest.fixture
def leader(unit: Unit) -> Client:
    return somebody(Role.LEADER, unit)


def page(unit: Unit) -> str:
    return f"/van-ban/{unit.pk}/giay-moi/"


def send(client: Client, unit: Unit, template: bytes) -> str:
    file = BytesIO(template)
    file.name = "mau.docx"
    answer = client.post(page(unit), {"tep": file})
    assert answer.status_code in (302, 422)
    return "" if answer.status_code == 302 else answer.content.decode()


def default() -> bytes:
    return INVITATION.default


def edited() -> bytes:
    document = Document(BytesIO(default()))
    document.add_paragraph("Thân ái, {{ ten_co_quan }}.")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def invitation(unit: Unit) -> str:
    facts = {name: field.example for name, field in INVITATION.fields.items()}
    return text_of(write(unit, INVITATION, facts, unit.today(), "09/GM-UBND"))


def test_the_only_unit_opens_at_once(unit: Unit, leader: Client) -> None:
    assert leader.get("/van-ban/").headers["Location"] == f"/van-ban/{unit.pk}/"


def test_the_details_stand_on_the_papers(unit: Unit, leader: Client) -> None:
    assert leader.post(f"/van-ban/{unit.pk}/", GOOD).status_code == 302
    text = invitation(unit)
    assert text.startswith("UBND PHƯỜNG THÁI HÒA\nTRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG\nPHƯỜNG THÁI HÒA\n")
    assert "Trung tâm Phục vụ hành chính công phường Thái Hòa trân trọng kính mời" in text
    assert "GIÁM ĐỐC\nNguyễn Văn Hùng" in text
    assert "Lưu: VT, HCC." in text
    assert "TM." not in text
    assert Line.objects.filter(action="change", subject="paper-details").count() == 1


@pytest.mark.parametrize("name", ["body", "symbol", "office", "place", "position"])
def test_what_no_paper_can_be_without_is_asked_for(unit: Unit, leader: Client, name: str) -> None:
    answer = leader.post(f"/van-ban/{unit.pk}/", {**GOOD, name: ""})
    assert answer.status_code == 422
    assert "Xin nhập" in answer.content.decode()
    assert not Details.objects.exists()


def test_an_edited_template_is_used_and_the_old_one_kept(unit: Unit, leader: Client) -> None:
    assert send(leader, unit, edited()) == ""
    assert "Thân ái, Ủy ban nhân dân phường Thái Hòa." in invitation(unit)
    assert send(leader, unit, default()) == ""
    assert "Thân ái" not in invitation(unit)
    kept = leader.get(f"{page(unit)}mau-1.docx")
    assert kept.content == edited() or "Thân ái" in text_of(kept.content)
    assert leader.post(page(unit), {"phien-ban": "1"}).status_code == 302
    assert "Thân ái" in invitation(unit)
    assert [row.number for row in TemplateVersion.objects.order_by("number")] == [1, 2, 3]
    assert Line.objects.filter(action="change", subject="template giay-moi").count() == 3


def test_back_to_the_default(unit: Unit, leader: Client) -> None:
    send(leader, unit, edited())
    assert leader.post(page(unit), {"mac-dinh": "1"}).status_code == 302
    assert "Thân ái" not in invitation(unit)
    assert "mẫu mặc định" in leader.get(page(unit)).content.decode()
    assert leader.get(f"{page(unit)}mau-2.docx").status_code == 404


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: b"", "không phải tệp Word"),
        (lambda: saying("{{ ten_nguoi }}"), "Không có trường “ten_nguoi”."),
        (lambda: saying("{{ noi_dung|upper }}"), "chỉ được dùng tên trường"),
        (lambda: saying("{{ noi_dung"), "viết chưa đúng"),
        (lambda: saying("{% raw %}{{ noi_dung }}{% endraw %}"), "không điền được"),
        (lambda: changed(saying("x"), "word/vbaProject.bin", b"x"), "macro"),
        (lambda: bytes(2_000_001), "2 MB"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_template_that_cannot_be_filled_is_told_and_not_taken(unit: Unit, leader: Client, made: Callable[[], bytes], says: str) -> None:
    assert says in send(leader, unit, made())
    assert not TemplateVersion.objects.exists()


def test_without_a_file_one_is_asked_for(unit: Unit, leader: Client) -> None:
    answer = leader.post(page(unit), {})
    assert answer.status_code == 422
    assert "Xin chọn tệp Word" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_default_can_be_downloaded_edited_and_sent_back(unit: Unit, leader: Client, name: str) -> None:
    place = f"/van-ban/{unit.pk}/{name}/"
    file = BytesIO(leader.get(f"{place}mau-0.docx").content)
    file.name = "mau.docx"
    assert leader.post(place, {"tep": file}).status_code == 302
    sample = leader.get(f"{place}thu.docx")
    assert sample.headers["Content-Disposition"].endswith(f'"thu-{name}.docx"')
    assert details_of(unit).body.split(" nhân dân ")[1].upper() in text_of(sample.content)


def test_the_page_names_every_field(unit: Unit, leader: Client) -> None:
    for kind in KINDS.values():
        text = leader.get(f"/van-ban/{unit.pk}/{kind.name}/").content.decode()
        assert all(f"<code>{name}</code>" in text for name in kind.fields)


@pytest.mark.parametrize(("role", "status"), [(Role.LEADER, 200), (Role.ADMINISTRATOR, 200), (Role.STAFF, 404), (Role.AUDITOR, 404)])
def test_only_who_speaks_for_the_unit_changes_its_papers(unit: Unit, role: str, status: int) -> None:
    assert somebody(role, unit).get(page(unit)).status_code == status


def test_one_unit_never_gets_the_template_of_another(unit: Unit, leader: Client) -> None:
    other = Unit.objects.create(name="Xã Anh Sơn", kind=Unit.Kind.COMMUNE)
    send(leader, unit, edited())
    assert "Thân ái" not in invitation(other)
    assert somebody(Role.LEADER, other).get(f"{page(unit)}mau-1.docx").status_code == 404
