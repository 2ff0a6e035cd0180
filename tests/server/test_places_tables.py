"""Units, counters and officers as tables: what is exported comes back unchanged, and each fault of a row is named."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.places import history
from server.places.models import Counter, Officer, Standing, Unit, Upload
from server.places.sheets import applying, exporting, reading, writing
from server.places.sheets.columns import COUNTERS, OFFICERS, TABLES, UNITS, Table
from server.places.sheets.draft import Draft, What
from server.places.sheets.known import Known
from server.places.sheets.planning import planned
from server.record.models import Line
from server.screens.models import Screens, Sentence
from server.screens.publish import publish
from tests.server.country import Country, a_country
from tests.server.people import Role, somebody
from tests.server.workbooks import OLD_EXCEL, made, packed

pytestmark = pytest.mark.once

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.text(st.sampled_from("aBĐđệ0 '=+-@;,\"\n＝ồ́"), min_size=1, max_size=6).filter(str.strip)


@pytest.fixture
def country() -> Country:
    return a_country()


def everything() -> Known:
    return Known(Unit.objects.all(), everything=True)


def sheet(table: Table, *rows: Sequence[Any], header: Sequence[str] | None = None) -> bytes:
    """A workbook with one table. Rows are what stands in the cells from the left."""
    return made(table.name, header or [column.label for column in table.columns], *rows)


def tried(body: bytes, name: str = "danh-muc.xlsx") -> Draft:
    return planned(reading.read(name, body), everything())


def imported(body: bytes) -> Draft:
    draft = tried(body)
    assert not draft.faults
    applying.apply(draft, "test", "", "a file")
    return draft


def contents() -> list[Any]:
    return [
        sorted(Unit.objects.values_list("pk", "name", "kind", "parent", "time_zone", "ended")),
        sorted(Standing.objects.values_list("unit", "since", "name", "parent")),
        sorted(Counter.objects.values_list("pk", "name", "unit", "on_duty")),
        sorted(Officer.objects.values_list("pk", "name", "title", "unit", "active")),
    ]


def as_csv(table: Table) -> bytes:
    return writing.comma_separated(table, exporting.tables(everything())[table.key])


# --- there and back ------------------------------------------------------------------------------------------------------


def a_random_country(data: st.DataObject) -> None:
    """Whatever the administration would take: names that are the same, that look like formulas, that are written untidily."""
    provinces = [Unit.objects.create(name=name, kind=Unit.Kind.PROVINCE) for name in data.draw(st.lists(NAMES, max_size=3))]
    for name in data.draw(st.lists(NAMES, max_size=5)):
        parent = data.draw(st.sampled_from([None, *provinces]))
        unit = Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=parent)
        officers = [
            Officer.objects.create(unit=unit, name=name, title=data.draw(NAMES), active=data.draw(st.booleans()))
            for name in data.draw(st.lists(NAMES, max_size=3))
        ]
        for counter in data.draw(st.lists(NAMES, max_size=4)):
            Counter.objects.create(unit=unit, name=counter, on_duty=data.draw(st.sampled_from([None, *officers])))


@SLOW
@given(st.data())
def test_what_is_exported_comes_back_and_changes_nothing(data: st.DataObject) -> None:
    with transaction.atomic():
        a_random_country(data)
        before = contents()
        for body in (writing.workbook(exporting.tables(everything())), *(as_csv(table) for table in TABLES)):
            draft = tried(body)
            assert not draft.faults
            assert draft.changes_nothing()
            applying.apply(draft, "test", "", "a file")
        assert contents() == before
        transaction.set_rollback(True)


def test_a_name_that_looks_like_a_formula_is_text_in_both_kinds_of_file(country: Country) -> None:
    evil = '=HYPERLINK("http://example.org";"Xem")'
    Counter.objects.create(unit=country.hill, name=evil)
    rows = list(csv.reader(io.StringIO(as_csv(COUNTERS).decode("utf-8-sig")), delimiter=";"))
    assert f"'{evil}" in [row[1] for row in rows]
    book = openpyxl.load_workbook(io.BytesIO(writing.workbook(exporting.tables(everything()))))
    cell = next(cell for cell in book["Quầy"]["B"] if cell.value == evil)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_csv_file_opens_in_excel_with_its_letters_whole(country: Country) -> None:
    body = as_csv(UNITS)
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.decode("utf-8-sig").splitlines()[0] == "Mã đơn vị;Tên đơn vị;Cấp;Thuộc;Từ ngày;Múi giờ"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_are_recognised(country: Country, separator: str, encoding: str) -> None:
    text = separator.join(["Tên quầy", "Đơn vị"]) + "\r\n\r\n" + separator.join(['"Quầy ""mới"""', "Xã Đồi"]) + "\r\n"
    draft = tried(text.encode(encoding), "quay.csv")
    assert not draft.faults
    assert [(step.row, step.name, step.what) for step in draft.steps] == [(3, 'Quầy "mới"', What.MADE)]


def test_ended_units_and_what_is_in_them_are_not_exported(country: Country) -> None:
    history.merge([country.lake], country.hill, date(2026, 2, 1))
    exported = exporting.tables(everything())
    assert "Xã Hồ" not in str(exported)
    assert "Xã Đồi" in str(exported)


# --- what rows do --------------------------------------------------------------------------------------------------------


def test_a_whole_province_comes_from_one_workbook(country: Country) -> None:
    rows: dict[str, Any] = {
        "units": [("", "Tỉnh Đông", "tỉnh", "", "", ""), ("", "Xã Mới", "xã", "Tỉnh Đông", "", "")],
        "counters": [("", "Quầy 1", "Xã Mới", "Tỉnh Đông"), ("", "Quầy 2", "Xã Mới", "")],
        "officers": [("", "Lan", "Công chức", "Xã Mới", "", "Quầy 1; Quầy 2", ""), ("", "Huệ", "Công chức", "Xã Mới", "", "", "không")],
    }
    imported(writing.workbook(rows))
    unit = Unit.objects.get(name="Xã Mới")
    assert unit.parent == Unit.objects.get(name="Tỉnh Đông", kind=Unit.Kind.PROVINCE)
    assert history.name_on(unit, date(2025, 1, 1)) == "Xã Mới"
    assert [str(counter.on_duty) for counter in unit.counters.all()] == ["Lan", "Lan"]
    assert not unit.officers.get(name="Huệ").active
    again = tried(writing.workbook(rows))
    assert not again.faults
    assert again.changes_nothing(), "known by their names, nothing is made twice"


def test_a_row_with_an_id_corrects_a_name_without_a_day_and_with_a_day_changes_it(country: Country) -> None:
    imported(sheet(UNITS, (country.hill.pk, "Xã Đồi Cao", "xã", "Tỉnh Bắc")))
    assert history.name_on(country.hill, date(2025, 6, 1)) == "Xã Đồi Cao"
    imported(sheet(UNITS, (country.hill.pk, "Phường Đồi", "xã", "Tỉnh Nam", date(2026, 3, 1))))
    country.hill.refresh_from_db()
    assert (country.hill.name, country.hill.parent) == ("Phường Đồi", country.south)
    assert history.name_on(country.hill, date(2026, 2, 28)) == "Xã Đồi Cao"
    assert tried(sheet(UNITS, (country.hill.pk, "Phường Đồi", "xã", "Tỉnh Nam", "01/03/2026"))).changes_nothing()


def test_two_units_change_their_names(country: Country) -> None:
    imported(sheet(UNITS, (country.hill.pk, "Xã Hồ", "xã"), (country.lake.pk, "Xã Đồi", "xã")))
    assert [Unit.objects.get(pk=unit.pk).name for unit in (country.hill, country.lake)] == ["Xã Hồ", "Xã Đồi"]


def test_the_other_sheets_may_speak_of_a_unit_by_its_name_before_or_after(country: Country) -> None:
    rows: dict[str, Any] = {"units": [(country.hill.pk, "Phường Đồi", "xã", "Tỉnh Bắc", "01/03/2026", "")], "officers": []}
    rows["counters"] = [("", "Quầy a", "Xã Đồi", "Tỉnh Bắc"), ("", "Quầy b", "Phường Đồi", "Tỉnh Bắc")]
    imported(writing.workbook(rows))
    assert country.hill.counters.count() == 3


def test_units_that_are_made_or_moved_say_what_their_province_says(country: Country) -> None:
    Sentence.objects.create(screens=Screens.objects.create(unit=country.south), key="thanks", words="Tỉnh Nam cảm ơn!")
    publish(country.south)
    imported(sheet(UNITS, ("", "Xã Mới", "xã", "Tỉnh Nam"), (country.hill.pk, "Xã Đồi", "xã", "Tỉnh Nam")))
    assert all("Tỉnh Nam cảm ơn!" in Unit.objects.get(name=name).shown for name in ("Xã Mới", "Xã Đồi"))


def test_an_officer_takes_the_counter_of_another_and_the_page_says_so(country: Country) -> None:
    draft = imported(sheet(OFFICERS, ("", "Lan", "Công chức", "Xã Đồi", "", "Quầy Xã Đồi")))
    assert draft.steps[0].changes == ("Công chức", "trực Quầy Xã Đồi (thay Cán bộ Xã Đồi)")
    assert str(country.counter(country.hill).on_duty) == "Lan"


def test_a_column_that_is_not_there_changes_nothing(country: Country) -> None:
    officer = country.officer(country.hill)
    header = ["Mã cán bộ", "Họ và tên", "Chức danh", "Đơn vị"]
    imported(sheet(OFFICERS, (officer.pk, "Tên mới", "Phó phòng", "Xã Đồi"), header=header))
    officer.refresh_from_db()
    assert (officer.name, officer.title, officer.active) == ("Tên mới", "Phó phòng", True)
    assert officer.counters.count() == 1


def test_who_has_left_is_on_duty_nowhere(country: Country) -> None:
    imported(sheet(OFFICERS, ("", "Cán bộ Xã Đồi", "Công chức", "Xã Đồi", "", "Quầy Xã Đồi", "không")))
    assert country.counter(country.hill).on_duty is None
    assert not country.officer(country.hill).active


# --- faults --------------------------------------------------------------------------------------------------------------

FAULTY: list[tuple[Table, tuple[Any, ...], str, str]] = [
    (UNITS, ("u-NOTTHERE", "Xã", "xã", "Tỉnh Bắc"), "Mã đơn vị", "Không có đơn vị mã u-NOTTHERE"),
    (UNITS, ("", "", "xã", "Tỉnh Bắc"), "Tên đơn vị", "Ô trống"),
    (UNITS, ("", "X" * 201, "xã", "Tỉnh Bắc"), "Tên đơn vị", "Dài hơn 200 ký tự"),
    (UNITS, ("", "Xã Mới", "", "Tỉnh Bắc"), "Cấp", "Ô trống"),
    (UNITS, ("", "Xã Mới", "thôn", "Tỉnh Bắc"), "Cấp", "Không có cấp “thôn”"),
    (UNITS, ("", "Xã Mới", "xã", ""), "Thuộc", "Chưa ghi đơn vị cấp trên"),
    (UNITS, ("", "Xã Mới", "xã", "Tỉnh Lạ"), "Thuộc", "Không có tỉnh, thành phố “Tỉnh Lạ”"),
    (UNITS, ("", "Xã Mới", "xã", "Xã Đồi"), "Thuộc", "Không có tỉnh, thành phố “Xã Đồi”"),
    (UNITS, ("", "Nước", "cả nước", "Tỉnh Bắc"), "Thuộc", "Cả nước không thuộc đơn vị nào"),
    (UNITS, ("", "Xã Mới", "xã", "Tỉnh Bắc", "30/02/2026"), "Từ ngày", "không phải ngày"),
    (UNITS, ("", "Xã Mới", "xã", "Tỉnh Bắc", "31/12/2024"), "Từ ngày", "Ngày phải sau 01/01/2025"),
    (UNITS, ("", "Xã Mới", "xã", "Tỉnh Bắc", "", "Hà Nội"), "Múi giờ", "Không có múi giờ “Hà Nội”"),
    (COUNTERS, ("c-NOTTHERE", "Quầy", "Xã Đồi"), "Mã quầy", "Không có quầy mã c-NOTTHERE"),
    (COUNTERS, ("", "", "Xã Đồi"), "Tên quầy", "Ô trống"),
    (COUNTERS, ("", "Quầy", ""), "Đơn vị", "Ô trống"),
    (COUNTERS, ("", "Quầy", "Xã Lạ"), "Đơn vị", "Không có đơn vị “Xã Lạ”"),
    (COUNTERS, ("", "Quầy", "Xã Đồi", "Tỉnh Nam"), "Đơn vị", "Không có đơn vị “Xã Đồi” thuộc “Tỉnh Nam”"),
    (COUNTERS, ("", date(2026, 2, 1), "Xã Đồi"), "Tên quầy", "Excel đã đổi ô này thành ngày tháng"),
    (COUNTERS, ("", "=1+1", "Xã Đồi"), "Tên quầy", "Ô có công thức"),
    (COUNTERS, ("", "Quầy", "Xã Đồi", "", "thừa"), "", "Có chữ ở cột không có tiêu đề"),
    (OFFICERS, ("o-NOTTHERE", "Lan", "Công chức", "Xã Đồi"), "Mã cán bộ", "Không có cán bộ mã o-NOTTHERE"),
    (OFFICERS, ("", "", "Công chức", "Xã Đồi"), "Họ và tên", "Ô trống"),
    (OFFICERS, ("", "Lan", "", "Xã Đồi"), "Chức danh", "Ô trống"),
    (OFFICERS, ("", "Lan", "Công chức", "Xã Đồi", "", "Quầy Xã Hồ"), "Quầy", "Xã Đồi không có quầy “Quầy Xã Hồ”"),
    (OFFICERS, ("", "Lan", "Công chức", "Xã Đồi", "", "", "có lẽ"), "Đang công tác", "Không hiểu “có lẽ”"),
]


@pytest.mark.parametrize(("table", "row", "column", "wrong"), FAULTY)
def test_each_fault_is_named_with_sheet_row_column_and_what_to_do(
    country: Country, table: Table, row: tuple[Any, ...], column: str, wrong: str
) -> None:
    good: dict[str, tuple[str, ...]] = {
        "units": ("", "Xã Tốt", "xã", "Tỉnh Bắc"),
        "counters": ("", "Quầy Tốt", "Xã Đồi"),
        "officers": ("", "Tốt", "Công chức", "Xã Đồi"),
    }
    draft = tried(sheet(table, good[table.key], row))
    assert [(fault.sheet, fault.row, fault.column) for fault in draft.faults] == [(table.name, 3, column)]
    assert wrong in draft.faults[0].wrong
    assert draft.faults[0].mend
    assert [step.row for step in draft.steps] == [2]
    before = contents()
    with pytest.raises(applying.FaultyError):
        applying.apply(draft, "test", "", "a file")
    assert contents() == before


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        (UNITS, ("", "Xã Mới", "xã", "Tỉnh Bắc"), ("", "xã  mới", "xã", "Tỉnh Bắc")),
        (COUNTERS, ("", "Quầy Mới", "Xã Đồi"), ("", "quầy mới", "Xã Đồi")),
        (OFFICERS, ("", "Lan", "Công chức", "Xã Đồi"), ("", "Lan", "Phó phòng", "Xã Đồi")),
        (OFFICERS, ("", "Lan", "A", "Xã Đồi", "", "Quầy Xã Đồi"), ("", "Huệ", "B", "Xã Đồi", "", "Quầy Xã Đồi")),
    ],
)
def test_two_rows_of_the_same_are_told(country: Country, table: Table, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    draft = tried(sheet(table, first, second))
    assert [(fault.row, fault.wrong) for fault in draft.faults] == [(3, "Trùng với dòng 2")]


def test_a_name_that_means_several_needs_its_parent_or_an_id(country: Country) -> None:
    Unit.objects.create(name="Xã Đồi", kind=Unit.Kind.COMMUNE, parent=country.south)
    assert tried(sheet(COUNTERS, ("", "Quầy", "Xã Đồi"))).faults[0].wrong == "Có 2 đơn vị tên “Xã Đồi”"
    assert not tried(sheet(COUNTERS, ("", "Quầy", "Xã Đồi", "Tỉnh Nam"), ("", "Quầy", country.hill.pk))).faults
    Counter.objects.create(unit=country.lake, name="Quầy Xã Hồ")
    draft = tried(sheet(COUNTERS, ("", "Quầy Xã Hồ", "Xã Hồ")))
    assert draft.faults[0].wrong == "Xã Hồ có 2 quầy tên “Quầy Xã Hồ”"


def test_what_belongs_to_a_unit_stays_there_and_a_level_stays_what_it_is(country: Country) -> None:
    counter, officer = country.counter(country.hill), country.officer(country.hill)
    assert "không chuyển đơn vị" in tried(sheet(COUNTERS, (counter.pk, "Quầy", "Xã Hồ"))).faults[0].wrong
    assert "đang ở Xã Đồi" in tried(sheet(OFFICERS, (officer.pk, "Lan", "A", "Xã Hồ"))).faults[0].wrong
    assert "cấp không đổi được" in tried(sheet(UNITS, (country.hill.pk, "Xã Đồi", "tỉnh"))).faults[0].wrong
    history.merge([country.lake], country.hill, date(2026, 2, 1))
    assert "đã kết thúc" in tried(sheet(UNITS, (country.lake.pk, "Xã Hồ", "xã"))).faults[0].wrong
    assert tried(sheet(COUNTERS, ("", "Quầy", "Xã Hồ"))).faults


def test_what_is_no_text_is_told(country: Country) -> None:
    draft = tried("Tên quầy;Đơn vị\r\nQuầy\x021;Xã Đồi\r\n".encode(), "quay.csv")
    assert [(fault.row, fault.column, fault.wrong) for fault in draft.faults] == [(2, "Tên quầy", "Có ký tự điều khiển (ví dụ: tab)")]


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        (["Tên quầy"], "Thiếu cột “Đơn vị”"),
        (["Tên quầy", "Đơn vị", "Ghi chú"], "Không có cột nào tên “Ghi chú”"),
        (["Tên quầy", "Đơn vị", "Đơn vị"], "Có hai cột “Đơn vị”"),
    ],
)
def test_a_wrong_header_is_told(country: Country, header: list[str], wrong: str) -> None:
    assert wrong in tried(sheet(COUNTERS, ("Quầy", "Xã Đồi"), header=header)).faults[0].wrong


def test_a_table_without_any_known_column_is_told(country: Country) -> None:
    assert "Không nhận ra bảng này" in tried(b"a,b\r\n1,2\r\n", "x.csv").faults[0].wrong
    assert "Không nhận ra bảng này" in tried(b"<html><table>", "x.xls").faults[0].wrong


# --- files ---------------------------------------------------------------------------------------------------------------


WORKBOOK = sheet(COUNTERS, ("", "Quầy", "Xã Đồi"))
TOO_LARGE = bytes(10 * 1024 * 1024 + 1)


def test_a_row_number_beyond_every_sheet_does_not_keep_the_server_busy(country: Country) -> None:
    far = packed(WORKBOOK, lambda name, content: content.replace(b'r="2"', b'r="99999999999"') if "sheet1" in name else content)
    draft = tried(far)
    assert not draft.steps
    assert "kể cả dòng trống" in draft.faults[0].wrong


def test_more_rows_than_the_limit_are_told(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    draft = tried(sheet(COUNTERS, *(("", f"Quầy {number}", "Xã Đồi") for number in range(3))))
    assert [(fault.row, fault.wrong) for fault in draft.faults] == [(4, "Trang có hơn 2 dòng")]


# --- pages and commands --------------------------------------------------------------------------------------------------


@pytest.fixture
def north(country: Country) -> Client:
    return somebody(Role.ADMINISTRATOR, country.north)


def upload(client: Client, body: bytes, name: str = "danh-muc.xlsx") -> Any:  # noqa: ANN401 – the test client's response
    return client.post("/danh-muc/nhap/", {"file": SimpleUploadedFile(name, body)})


def seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_file_is_tried_shown_confirmed_and_forgotten(country: Country, north: Client) -> None:
    before = contents()
    where = upload(north, sheet(COUNTERS, ("", "Quầy Mới", "Xã Đồi"))).headers["Location"]
    page = north.get(where).content.decode()
    assert "Quầy Mới" in page
    assert contents() == before
    done = north.post(where, {"seen": seen(page)}, follow=True).content.decode()
    assert "Đã nhập tệp danh-muc.xlsx: thêm mới 1 quầy" in done
    assert country.hill.counters.filter(name="Quầy Mới").exists()
    assert not Upload.objects.exists()
    assert north.post(where, {"seen": seen(page)}).status_code == 404, "a second press does it no second time"
    line = Line.objects.get()
    assert (line.unit_id, line.action) == (country.hill.pk, Line.Action.CHANGE)


def test_a_file_with_a_fault_shows_it_and_cannot_be_confirmed(country: Country, north: Client) -> None:
    where = upload(north, sheet(COUNTERS, ("", "Quầy Mới", "Xã Đồi"), ("", "Quầy", "Xã Lạ"))).headers["Location"]
    page = north.get(where).content.decode()
    assert "Không có đơn vị “Xã Lạ”" in page
    assert 'name="seen"' not in page
    north.post(where, {"seen": ""})
    assert not country.hill.counters.filter(name="Quầy Mới").exists()


def test_what_somebody_changed_meanwhile_is_shown_before_anything_is_done(country: Country, north: Client) -> None:
    where = upload(north, sheet(COUNTERS, ("", "Quầy Mới", "Xã Đồi"))).headers["Location"]
    digest = seen(north.get(where).content.decode())
    Counter.objects.create(unit=country.hill, name="Quầy Mới")
    answer = north.post(where, {"seen": digest})
    assert "Danh mục đã có người sửa" in answer.content.decode()
    assert country.hill.counters.filter(name="Quầy Mới").count() == 1


def test_nothing_is_half_done(country: Country) -> None:
    draft = tried(sheet(OFFICERS, ("", "Lan", "Công chức", "Xã Đồi", "", "Quầy Xã Đồi")))
    before = contents()
    draft.touched["u"] = 5  # type: ignore[assignment]  # something that fails at the very end
    with pytest.raises(TypeError):
        applying.apply(draft, "test", "", "a file")
    assert contents() == before


def test_a_file_is_for_nobody_but_who_sent_it(country: Country, north: Client) -> None:
    where = upload(north, sheet(COUNTERS, ("", "Quầy Mới", "Xã Đồi"))).headers["Location"]
    other = somebody(Role.ADMINISTRATOR, country.north)
    assert other.get(where).status_code == other.post(where).status_code == 404


def test_an_administrator_exports_and_imports_only_their_own(country: Country, north: Client) -> None:
    for path in ("danh-muc.xlsx", "don-vi.csv", "quay.csv", "can-bo.csv"):
        answer = north.get(f"/danh-muc/xuat/{path}")
        assert answer.status_code == 200
        text = answer.content.decode("utf-8-sig") if path.endswith("csv") else str(reading.read("x.xlsx", answer.content))
        assert "Xã Bờ" not in text
        assert "Xã Đồi" in text
    assert {(line.unit_id, line.action) for line in Line.objects.all()} == {(country.north.pk, "export")}
    assert Line.objects.count() == 4
    stranger = country.shore
    for table, row in (
        (COUNTERS, ("", "Quầy", stranger.name)),
        (COUNTERS, ("", "Quầy", stranger.pk)),
        (COUNTERS, (country.counter(stranger).pk, "Quầy", "Xã Đồi")),
        (OFFICERS, (country.officer(stranger).pk, "Lan", "A", "Xã Đồi")),
        (UNITS, (stranger.pk, "Chiếm", "xã", "Tỉnh Bắc")),
        (UNITS, (country.hill.pk, "Xã Đồi", "xã", "Tỉnh Nam")),
        (UNITS, ("", "Tỉnh Lạ", "tỉnh", "")),
        (UNITS, ("", "Tỉnh Lạ", "tỉnh", "Cả nước")),
    ):
        page = north.get(upload(north, sheet(table, row)).headers["Location"]).content.decode()
        assert "Có 1 chỗ cần sửa" in page, row


def test_what_a_commune_exports_comes_back_though_its_province_is_not_its_own(country: Country) -> None:
    hill = somebody(Role.ADMINISTRATOR, country.hill)
    for path in ("danh-muc.xlsx", "don-vi.csv", "quay.csv", "can-bo.csv"):
        body = hill.get(f"/danh-muc/xuat/{path}").content
        page = hill.get(upload(hill, body, path).headers["Location"]).content.decode()
        assert "không làm thay đổi gì" in page


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_to_other_roles_the_pages_do_not_exist(country: Country, role: str) -> None:
    client = somebody(role, country.hill)
    for path in ("", "xuat/danh-muc.xlsx", "xuat/quay.csv", "nhap/t-1/"):
        assert client.get(f"/danh-muc/{path}").status_code == 404
    assert upload(client, b"x").status_code == 404
    assert not Upload.objects.exists()
    assert not Line.objects.exists()


def test_a_wrong_file_is_told_on_the_page_and_not_kept(country: Country, north: Client) -> None:
    assert "kiểu cũ (.xls)" in upload(north, OLD_EXCEL, "x.xls").content.decode()
    assert "Chưa chọn tệp" in north.post("/danh-muc/nhap/").content.decode()
    assert "lớn hơn 10 MB" in upload(north, TOO_LARGE).content.decode()
    assert not Upload.objects.exists()


def test_the_commands_export_try_and_import(country: Country, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        out = io.StringIO()
        call_command(*words, stdout=out)
        return out.getvalue()

    file = tmp_path / "all.xlsx"
    assert "6 units, 3 counters, 3 officers" in run("exportplaces", str(file))
    run("exportplaces", str(tmp_path / "u.csv"), "--table", "units")
    assert "6 as they are" in run("importplaces", str(file))
    new = tmp_path / "new.xlsx"
    new.write_bytes(sheet(COUNTERS, ("", "Quầy Mới", "Xã Đồi")))
    assert "Nothing was changed" in run("importplaces", str(new))
    assert Counter.objects.count() == 3
    run("importplaces", str(new), "--apply")
    assert Counter.objects.count() == 4
    new.write_bytes(sheet(COUNTERS, ("", "Quầy", "Xã Lạ")))
    with pytest.raises(CommandError, match="Quầy, row 2, Đơn vị: Không có đơn vị “Xã Lạ”"):
        run("importplaces", str(new), "--apply")
    for words in (
        ("exportplaces", str(tmp_path / "x.csv")),
        ("exportplaces", str(tmp_path / "x.doc")),
        ("importplaces", "/not/there.xlsx"),
    ):
        with pytest.raises(CommandError):
            run(*words)
