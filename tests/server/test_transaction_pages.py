"""The pages on which people tell transaction counts, by typing or by file."""

import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.places.models import Counter, Officer, Unit
from server.places.scope import ALLOWED, Right
from server.record.models import Line
from server.results.models import TransactionCount
from server.transactions.forms import whole
from server.transactions.telling import Handled, Source, Teller, tell, told
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody
from tests.server.workbooks import OLD_EXCEL, PASSWORD, damaged, made, packed, with_entities, with_macro

MONDAY = date(2025, 3, 3)
HEADER = "Ngày;Quầy;Cán bộ;Số hồ sơ\n"


@pytest.fixture
def staff(kiosk: Kiosk) -> Client:
    return somebody(Role.STAFF, kiosk.unit, "vanphong")


def day_of(kiosk: Kiosk, day: date = MONDAY) -> str:
    return f"/so-ho-so/{kiosk.unit.pk}/nhap/{day}/"


def handled(kiosk: Kiosk) -> dict[date, list[tuple[str, str, int]]]:
    return {
        day: [(row.counter_id, row.officer_id, row.handled) for row in one.rows]
        for day, one in told(kiosk.unit, date(2025, 1, 1), date(2099, 1, 1)).items()
    }


def upload(client: Client, kiosk: Kiosk, body: bytes | str, name: str = "so-ho-so.csv") -> Any:  # noqa: ANN401 – the test client's response
    file = SimpleUploadedFile(name, body.encode() if isinstance(body, str) else body)
    return client.post(f"/so-ho-so/{kiosk.unit.pk}/tep/", {"tep": file})


def confirmed(client: Client, kiosk: Kiosk, page: Any) -> Any:  # noqa: ANN401 – the test client's responses
    [kept] = re.findall(r'name="giu" value="([^"]+)"', page.content.decode())
    return client.post(f"/so-ho-so/{kiosk.unit.pk}/tep/", {"giu": kept})


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("where", ["own", "above", "other"])
def test_only_who_counts_transactions_of_a_unit_finds_its_pages(kiosk: Kiosk, role: str, where: str) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    other = Unit.objects.create(name="Tỉnh Lào Cai", kind=Unit.Kind.PROVINCE)
    if role == Role.OFFICER:
        where = "own"
    client = somebody(role, {"own": kiosk.unit, "above": province, "other": other}[where])
    allowed = Right.COUNT_TRANSACTIONS in ALLOWED[role] and where != "other"
    base = f"/so-ho-so/{kiosk.unit.pk}/"
    for address in ("", f"nhap/{MONDAY}/", "tep/", "tep/mau.xlsx", "xuat.xlsx", "xuat.csv"):
        assert client.get(base + address).status_code == (200 if allowed else 404), address
    assert client.post(day_of(kiosk), {"tong": "5", "luc": ""}).status_code == (302 if allowed else 404)
    page = upload(client, kiosk, HEADER + "04/03/2025;;;6\n")
    assert page.status_code == (200 if allowed else 404)
    if allowed:
        assert confirmed(client, kiosk, page).status_code == 302
    assert len(handled(kiosk)) == (2 if allowed else 0)
    sees = Right.COUNT_TRANSACTIONS in ALLOWED[role]
    assert client.get("/so-ho-so/").status_code == ((302 if allowed else 200) if sees else 404)


def test_without_login_every_page_leads_to_it(client: Client, kiosk: Kiosk) -> None:
    for address in ("/so-ho-so/", f"/so-ho-so/{kiosk.unit.pk}/", day_of(kiosk), f"/so-ho-so/{kiosk.unit.pk}/tep/"):
        assert client.get(address)["Location"] == f"/login/?next={address}"
        assert client.post(address).status_code in (302, 405)
    assert not TransactionCount.objects.exists()


def test_a_number_and_enter_keep_the_day_and_open_the_next_that_is_awaited(staff: Client, kiosk: Kiosk) -> None:
    tell(kiosk.unit, {MONDAY + timedelta(1): [Handled("", "", 1)]}, Teller("x", Source.API, ""))
    answer = staff.post(day_of(kiosk), {"tong": "1.073", "luc": "", "tiep": "1"})
    assert answer["Location"] == day_of(kiosk, MONDAY + timedelta(2))
    assert handled(kiosk)[MONDAY] == [("", "", 1073)]
    page = staff.get(answer["Location"]).content.decode()
    assert "Đã lưu ngày 03/03/2025: 1.073 hồ sơ." in page
    assert re.search(r'<button type="submit" name="tiep"', page)
    friday = day_of(kiosk, date(2025, 3, 31))
    assert staff.post(friday, {"tong": "1", "luc": "", "tiep": "1"})["Location"] == f"/so-ho-so/{kiosk.unit.pk}/?thang=2025-03"


def test_counters_are_typed_one_by_one_and_an_empty_field_says_nothing(staff: Client, kiosk: Kiosk) -> None:
    second = Counter.objects.create(unit=kiosk.unit, name="Quầy 2")
    said = {"theo-quay": "1", f"quay-{kiosk.counter.pk}": "0", f"quay-{second.pk}": "", "khac": "4", "luc": ""}
    assert staff.post(day_of(kiosk), said).status_code == 302
    assert sorted(handled(kiosk)[MONDAY]) == [("", "", 4), (kiosk.counter.pk, "", 0)]
    page = staff.get(day_of(kiosk)).content.decode()
    assert re.search(rf'name="quay-{kiosk.counter.pk}" value="0"', page)
    assert re.search(r'name="tong" value=""', page)


@pytest.mark.parametrize("text", ["-1", "1,5", "12a", "100.001", "1.07", "１２", "1e3"])
def test_what_is_no_count_stays_in_its_field_with_what_to_mend(staff: Client, kiosk: Kiosk, text: str) -> None:
    page = staff.post(day_of(kiosk), {"tong": text, "luc": ""})
    assert page.status_code == 422
    body = page.content.decode()
    assert f'value="{text}"' in body
    assert "Xin nhập một số nguyên từ 0 đến 100.000." in body
    assert handled(kiosk) == {}


def test_nothing_typed_says_so(staff: Client, kiosk: Kiosk) -> None:
    page = staff.post(day_of(kiosk), {"tong": " ", "luc": ""})
    assert (page.status_code, "nếu ngày này" in page.content.decode().lower()) == (422, True)


def moment(page: Any) -> str:  # noqa: ANN401 – the test client's response
    return str(re.findall(r'name="luc" value="([^"]*)"', page.content.decode())[0])


def test_who_overwrites_a_day_is_told_before_and_after_what_it_was(staff: Client, kiosk: Kiosk) -> None:
    rows = [Handled(kiosk.counter.pk, kiosk.officers[0].pk, 12)]
    tell(kiosk.unit, {MONDAY: rows}, Teller("Một cửa (t-1)", Source.API, ""))
    page = staff.get(day_of(kiosk))
    for words in ("12 hồ sơ", "hệ thống một cửa", "Một cửa (t-1)", "kể cả phần chia theo cán bộ"):
        assert words in page.content.decode()
    answer = staff.post(day_of(kiosk), {"tong": "15", "luc": moment(page)}, follow=True)
    assert "Đã lưu ngày 03/03/2025: 15 hồ sơ; trước đó là 12 hồ sơ, Một cửa (t-1) (hệ thống một cửa)." in answer.content.decode()
    last = Line.objects.order_by("id").last()
    assert last is not None
    assert (last.who, last.action, last.detail) == ("vanphong", "change", f"typed: {MONDAY} 12→15")


def test_a_day_that_another_told_meanwhile_is_not_overwritten_unseen(staff: Client, kiosk: Kiosk) -> None:
    before = moment(staff.get(day_of(kiosk)))
    tell(kiosk.unit, {MONDAY: [Handled("", "", 12)]}, Teller("x", Source.API, ""))
    page = staff.post(day_of(kiosk), {"tong": "15", "luc": before})
    assert page.status_code == 422
    assert "đã được thay" in page.content.decode()
    assert 'value="15"' in page.content.decode()
    assert handled(kiosk)[MONDAY] == [("", "", 12)]
    assert staff.post(day_of(kiosk), {"tong": "15", "luc": moment(page)}).status_code == 302


def test_a_day_can_be_taken_back(staff: Client, kiosk: Kiosk) -> None:
    tell(kiosk.unit, {MONDAY: [Handled("", "", 12)]}, Teller("x", Source.API, ""))
    answer = staff.post(day_of(kiosk), {"bo": "1", "luc": moment(staff.get(day_of(kiosk)))}, follow=True)
    assert "Đã bỏ số của ngày 03/03/2025; trước đó là 12 hồ sơ" in answer.content.decode()
    assert handled(kiosk) == {}


def test_days_that_cannot_be_told_have_no_page(staff: Client, kiosk: Kiosk) -> None:
    for day in (kiosk.unit.today() + timedelta(days=1), date(2024, 12, 31), "hom-nay"):
        assert staff.get(f"/so-ho-so/{kiosk.unit.pk}/nhap/{day}/").status_code == 404


def test_the_month_says_which_days_are_told_how_and_by_whom(staff: Client, kiosk: Kiosk) -> None:
    tell(kiosk.unit, {MONDAY: [Handled("", "", 1200)]}, Teller("Bà Lan", Source.WORKBOOK, ""))
    page = staff.get(f"/so-ho-so/{kiosk.unit.pk}/?thang=2025-03").content.decode()
    assert re.findall(r'data-day="([\d-]+)" data-value="(\d+)"', page) == [("2025-03-03", "1200")]
    for words in ("1.200", "tệp Excel/CSV", "Bà Lan", "20 ngày chưa nhập"):
        assert words in page
    for wrong in ("2025-13", "x", "0001-01", "9999-12"):
        assert staff.get(f"/so-ho-so/{kiosk.unit.pk}/?thang={wrong}").status_code == 200


def test_a_file_is_shown_first_and_kept_only_when_confirmed(staff: Client, kiosk: Kiosk) -> None:
    page = upload(staff, kiosk, HEADER + "03/03/2025;Quầy 1;;1.045\n2025-03-03;;Trần Quốc Bảo;5\n04/03/2025;;;\n")
    assert "1.050" in page.content.decode()
    assert "bỏ qua 1 dòng" in page.content.decode()
    assert handled(kiosk) == {}
    assert confirmed(staff, kiosk, page)["Location"] == f"/so-ho-so/{kiosk.unit.pk}/?thang=2025-03"
    assert sorted(handled(kiosk)[MONDAY]) == [("", kiosk.officers[0].pk, 5), (kiosk.counter.pk, "", 1045)]
    assert told(kiosk.unit, MONDAY, MONDAY)[MONDAY].source == Source.WORKBOOK


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("32/03/2025;;;1", "Ngày cần viết như 26/11/2026."),
        ("01/01/2020;;;1", "Ngày 01/01/2020 không nhập được"),
        ("01/01/2999;;;1", "Ngày 01/01/2999 không nhập được"),
        ("Tổng cộng;;;100", "Ngày cần viết như 26/11/2026."),
        ("04/03/2025;Quầy 9;;1", "Đơn vị không có quầy “Quầy 9”."),
        ("04/03/2025;;Ai đó;1", "Đơn vị không có cán bộ “Ai đó”."),
        ("04/03/2025;;Trùng Tên;1", "“Trùng Tên” có hai; xin ghi mã thay cho tên."),
        ("04/03/2025;;;-3", "Số hồ sơ cần là số nguyên từ 0 đến 100.000."),
        ("04/03/2025;;;ba", "Số hồ sơ cần là số nguyên từ 0 đến 100.000."),
        ("03/03/2025;quay 1;;1", "Ngày, quầy và cán bộ này đã có ở một dòng trên."),
    ],
)
def test_a_faulty_row_is_named_with_what_to_mend_and_nothing_can_be_kept(staff: Client, kiosk: Kiosk, row: str, why: str) -> None:
    for _ in range(2):
        Officer.objects.create(unit=kiosk.unit, name="Trùng Tên", title="")
    page = upload(staff, kiosk, f"{HEADER}03/03/2025;Quầy 1;;2\n{row}\n").content.decode()
    assert "1 dòng có lỗi" in page
    assert re.search(rf'data-label="Dòng">3</th>.*{re.escape(why)}', page)
    assert 'name="giu"' not in page
    assert handled(kiosk) == {}


def test_what_a_user_was_shown_of_a_unit_nobody_else_confirms_and_not_for_another_unit(staff: Client, kiosk: Kiosk) -> None:
    page = upload(staff, kiosk, HEADER + "03/03/2025;;;1\n")
    other = somebody(Role.LEADER, kiosk.unit)
    assert confirmed(other, kiosk, page).status_code == 422
    [kept] = re.findall(r'name="giu" value="([^"]+)"', page.content.decode())
    assert staff.post(f"/so-ho-so/{kiosk.unit.pk}/tep/", {"giu": kept + "x"}).status_code == 422
    assert handled(kiosk) == {}


def test_a_counter_that_is_gone_when_a_file_is_confirmed_leaves_all_as_it_was(staff: Client, kiosk: Kiosk) -> None:
    second = Counter.objects.create(unit=kiosk.unit, name="Quầy 2")
    page = upload(staff, kiosk, HEADER + "03/03/2025;;;1\n04/03/2025;Quầy 2;;1\n")
    second.delete()
    assert confirmed(staff, kiosk, page).status_code == 422
    assert handled(kiosk) == {}


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"PK\x03\x04 no", b"a;b\n1;2\n", b"\x00" * 50, "Ngày;Số hồ sơ\n".encode(), b"PK" + b"\0" * 3_000_000]
)
def test_a_file_that_cannot_be_read_says_what_to_mend(staff: Client, kiosk: Kiosk, body: bytes) -> None:
    page = upload(staff, kiosk, body)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


WORKBOOK = made("Số hồ sơ", ("Ngày", "Số hồ sơ"), ("03/03/2025", 5))
REFUSED = {
    "macros": (with_macro(WORKBOOK), "Tệp có macro, máy chủ không nhận."),
    "password": (PASSWORD, "Tệp được bảo vệ bằng mật khẩu."),
    "old Excel": (OLD_EXCEL, "Đây là tệp Excel kiểu cũ (.xls)"),
    "entities": (with_entities(WORKBOOK), "Tệp có phần khai báo lạ (DTD)"),
    "zip bomb": (packed(WORKBOOK, xl__media__a_bin=bytes(41 * 1024 * 1024)), "Tệp nén bung ra quá lớn"),
    "damaged": (damaged(WORKBOOK), "Tệp Excel bị hỏng"),
    "too large": (bytes(2 * 1024 * 1024 + 1), "Tệp lớn hơn 2 MB. Xin chia thành nhiều tệp."),
    "endless": (packed(WORKBOOK, lambda _, content: content.replace(b'r="2"', b'r="99999999999"')), "kể cả dòng trống"),
    "long": (HEADER + "03/03/2025;;;\n" * 5001, "Tệp có hơn 5.000 dòng."),
}


@pytest.mark.parametrize(("body", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_might_harm_is_refused_with_what_to_do(staff: Client, kiosk: Kiosk, body: bytes | str, told: str) -> None:
    assert confirmed(staff, kiosk, upload(staff, kiosk, WORKBOOK)).status_code == 302
    before = handled(kiosk)
    page = upload(staff, kiosk, body)
    assert page.status_code == 422
    assert told in page.content.decode()
    assert handled(kiosk) == before


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("03/03/2025", "", "=2+3"), "Cột Số hồ sơ: Ô có công thức. Chép ô rồi dán lại bằng “Dán giá trị” (Paste Values)."),
        (("=TODAY()", "", 5), "Cột Ngày: Ô có công thức."),
        (
            ("03/03/2025", '="Quầy 1"', "=2+3"),
            "Cột Quầy: Ô có công thức. Chép ô rồi dán lại bằng “Dán giá trị” (Paste Values). Cột Số hồ sơ:",
        ),
        (("03/03/2025", date(2026, 2, 1), 5), "Cột Quầy: Excel đã đổi ô này thành ngày tháng (01/02/2026)."),
        (("03/03/2025", "", 1.073), "Số hồ sơ cần là số nguyên từ 0 đến 100.000."),
        (("03/03/2025", "", True), "Số hồ sơ cần là số nguyên từ 0 đến 100.000."),
    ],
)
def test_what_a_workbook_calculates_is_no_count(staff: Client, kiosk: Kiosk, row: Sequence[Any], why: str) -> None:
    page = upload(staff, kiosk, made("a", ("Ngày", "Quầy", "Số hồ sơ"), ("04/03/2025", "Quầy 1", 2), row)).content.decode()
    assert re.search(rf'data-label="Dòng">3</th>.*{re.escape(why)}', page)
    assert 'name="giu"' not in page
    assert handled(kiosk) == {}


def test_an_error_of_excel_is_told(staff: Client, kiosk: Kiosk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOK))
    book.worksheets[0]["B2"] = "#REF!"
    out = io.BytesIO()
    book.save(out)
    assert "Cột Số hồ sơ: Ô có lỗi của Excel (#REF!). Gõ lại nội dung của ô." in upload(staff, kiosk, out.getvalue()).content.decode()


def test_formulas_in_other_columns_and_in_rows_without_a_count_do_no_harm(staff: Client, kiosk: Kiosk) -> None:
    rows = (("Ngày", "Số hồ sơ", "Cộng dồn"), (MONDAY, 5, "=SUM(B$2:B2)"), ("=A2+1", "", "=SUM(B$2:B3)"))
    page = upload(staff, kiosk, made("a", *rows))
    assert "bỏ qua 1 dòng" in page.content.decode()
    assert confirmed(staff, kiosk, page).status_code == 302
    assert handled(kiosk) == {MONDAY: [("", "", 5)]}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_can_be_taken_in_again_and_is_in_the_record(staff: Client, kiosk: Kiosk, kind: str) -> None:
    odd = Counter.objects.create(unit=kiosk.unit, name="=1+1")
    rows = [Handled(odd.pk, kiosk.officers[1].pk, 1204), Handled("", "", 0)]
    tell(kiosk.unit, {MONDAY: rows}, Teller("x", Source.API, ""))
    file = staff.get(f"/so-ho-so/{kiosk.unit.pk}/xuat.{kind}?thang=2025-03")
    assert file["Content-Disposition"] == f'attachment; filename="so-ho-so-2025-03.{kind}"'
    last = Line.objects.order_by("id").last()
    assert last is not None
    assert (last.action, last.unit_id, last.detail) == ("export", kiosk.unit.pk, f"2025-03.{kind}")
    before = handled(kiosk)
    assert kind == "xlsx" or b"'=1+1" in file.content
    tell(kiosk.unit, {MONDAY: []}, Teller("x", Source.API, ""))
    page = upload(staff, kiosk, file.content, f"f.{kind}")
    assert confirmed(staff, kiosk, page).status_code == 302
    assert handled(kiosk) == before


def test_the_template_has_the_days_that_are_awaited_and_the_names_to_choose_from(staff: Client, kiosk: Kiosk) -> None:
    tell(kiosk.unit, {MONDAY: [Handled("", "", 1)]}, Teller("x", Source.API, ""))
    file = staff.get(f"/so-ho-so/{kiosk.unit.pk}/tep/mau.xlsx?thang=2025-03")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    days = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert len(days) == 20
    assert str(days[0]) == "2025-03-04 00:00:00"
    assert [cell.value for cell in book.worksheets[1]["A"]][:2] == ["Quầy", "Quầy 1"]
    book.worksheets[0]["D2"] = 17
    filled = io.BytesIO()
    book.save(filled)
    assert confirmed(staff, kiosk, upload(staff, kiosk, filled.getvalue(), "mau.xlsx")).status_code == 302
    assert handled(kiosk)[date(2025, 3, 4)] == [("", "", 17)]


def test_who_counts_for_several_units_chooses_or_looks_for_one(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    other = Unit.objects.create(name="Xã Nghĩa Đàn", kind=Unit.Kind.COMMUNE, parent=province)
    Counter.objects.create(unit=other, name="Quầy 1")
    kiosk.unit.parent = province
    kiosk.unit.save()
    client = somebody(Role.STAFF, province)
    assert set(re.findall(r'data-unit="([^"]+)"', client.get("/so-ho-so/").content.decode())) == {kiosk.unit.pk, other.pk}
    for words in ("nghĩa", "NGHIA dan"):
        assert re.findall(r'data-unit="([^"]+)"', client.get("/so-ho-so/", {"tim": words}).content.decode()) == [other.pk]
    assert "Không có đơn vị nào" in client.get("/so-ho-so/?tim=zzz").content.decode()


def test_counts_are_read_as_vietnamese_people_write_them() -> None:
    texts = ("0", "1.073", "1 073", "12.345", "1073", "", "1.07", "..", "-1", "1,5")
    assert [whole(text) for text in texts] == [0, 1073, 1073, 12345, 1073, None, None, None, None, None]
