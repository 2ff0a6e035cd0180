"""Workbooks and CSV files, whatever they are about: what we give does no harm, and what anybody sends is read or refused in words."""

import contextlib
import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from server.places.models import Counter, Officer, Unit
from server.record.keeping import Action, note_of
from server.spreadsheets.cells import armed, defused, lines
from server.spreadsheets.rows import Cell, opened
from server.spreadsheets.unpacking import Limits, UnreadableError
from server.spreadsheets.writing import Value, Workbook, csv_file, csv_lines
from server.transactions.telling import Handled, Source, Teller, tell
from tests.server.people import logged_in
from tests.server.test_results_pages import MONTH, rated
from tests.server.workbooks import made, unreadable

pytestmark = pytest.mark.once

EVIL = '=HYPERLINK("http://example.org";"Xem")'
LIMITS = Limits(sent=1, unpacked=100, mend="Xin chia.")
GOOD = made("Trang", ("Tên", "Số"), ("Lan", 1))
UNREADABLE = {**unreadable(GOOD), "too large": (bytes(1024 * 1024 + 1), "Tệp lớn hơn 1 MB. Xin chia.")}
NOTHING_ELSE = settings(max_examples=60, deadline=None)
TEXTS = st.text(st.sampled_from("aBĐđệ0 '=+-@;,\"\n＝ồ"), max_size=6).map(lines)


def cells(body: bytes) -> list[list[Cell]]:
    """Of the first sheet."""
    with opened("x", body, LIMITS) as sheets:
        return [list(row.cells) for row in sheets[0].rows]


# --- what we give --------------------------------------------------------------------------------------------------------


@NOTHING_ELSE
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1))
def test_a_cell_that_was_defused_is_no_formula_and_comes_back(texts: list[str]) -> None:
    for text in (*texts, *(f"={text}" for text in texts), *(f"'+{text}" for text in texts)):
        assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
        assert armed(defused(text)) == text


@NOTHING_ELSE
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2).filter(any), min_size=1, max_size=4))
def test_text_that_was_written_is_read_as_it_was(rows: list[list[str]]) -> None:
    book = Workbook()
    sheet = book.book.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            book.put(sheet, number, place, cell)
    header = ["Tên", "Họ"]  # so that the separator can be told
    assert [[cell.text for cell in row] for row in cells(csv_file([header, *rows]))[1:]] == rows
    assert [[cell.text for cell in row[:2]] for row in cells(book.done())] == rows


def test_a_workbook_has_numbers_and_days_and_no_text_becomes_a_formula() -> None:
    book = Workbook(font_size=11)
    values: list[Value] = [EVIL, "Lan", 3, 0.948, date(2026, 11, 26), None]
    sheet = book.book.add_worksheet()
    for place, value in enumerate(values):
        book.put(sheet, 0, place, value)
    row = next(openpyxl.load_workbook(io.BytesIO(book.done())).worksheets[0].iter_rows())
    assert [cell.data_type for cell in row] == ["s", "s", "n", "n", "d", "n"]
    assert [bool(cell.quotePrefix) for cell in row[:2]] == [True, False]
    assert [cell.value for cell in row[:4]] == values[:4]


def test_csv_says_numbers_and_days_as_people_write_them() -> None:
    rows: list[list[Value]] = [["a", "b"], [3, 0.948], [-0.02, date(2026, 11, 26)], [None, "-0.02"]]
    assert csv_file(rows).decode("utf-8-sig").split("\r\n") == ["a;b", "3;0,948", "-0,02;26/11/2026", ";'-0.02", ""]


def test_csv_is_written_line_by_line_as_its_rows_come() -> None:
    asked = []

    def rows() -> Iterator[list[Value]]:
        for number in range(3):
            asked.append(number)
            yield ["Dòng", number]

    written = csv_lines(rows())
    assert next(written) == "\ufeffDòng;0\r\n"
    assert asked == [0]
    assert list(written) == ["Dòng;1\r\n", "Dòng;2\r\n"]


@pytest.fixture
def evil() -> Unit:
    """A commune in which everything that a person names is called like a formula."""
    province = Unit.objects.create(name="Tỉnh Bắc", kind=Unit.Kind.PROVINCE)
    unit = Unit.objects.create(name=EVIL, kind=Unit.Kind.COMMUNE, parent=province)
    officer = Officer.objects.create(unit=unit, name=EVIL, title=EVIL)
    counter = Counter.objects.create(unit=unit, name=EVIL, on_duty=officer)
    rated(unit, [(60, 4)])
    tell(unit, {date(2025, 3, 3): [Handled(counter.pk, officer.pk, 5)]}, Teller(EVIL, Source.WORKBOOK, ""))
    note_of(EVIL, "", Action.VIEW, unit.pk, EVIL, EVIL)
    return unit


@pytest.fixture
def everywhere() -> Client:
    """A browser of somebody who may see everything."""
    return logged_in(User.objects.create_superuser("goc"))


CSV_FILES = {
    "the record": "/nhat-ky/nhat-ky.csv",
    "units": "/danh-muc/xuat/don-vi.csv",
    "counters": "/danh-muc/xuat/quay.csv",
    "officers": "/danh-muc/xuat/can-bo.csv",
    "transactions": "/so-ho-so/{unit}/xuat.csv?thang=2025-03",
    "results of officers": "/don-vi/{unit}/can-bo/can-bo.csv" + MONTH,
    "results of counters": "/don-vi/{unit}/quay/quay.csv" + MONTH,
    "results of units": "/don-vi/{above}/xep-hang/xep-hang.csv" + MONTH,
}


@pytest.mark.parametrize("address", CSV_FILES.values(), ids=CSV_FILES.keys())
def test_every_csv_file_opens_in_vietnamese_excel_and_calculates_nothing(evil: Unit, everywhere: Client, address: str) -> None:
    answer = everywhere.get(address.format(unit=evil.pk, above=evil.parent_id))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    body = answer.getvalue()
    assert body.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    assert len(header) > 1
    assert {len(row) for row in rows} == {len(header)}
    said = [cell for row in (header, *rows) for cell in row]
    assert f"'{EVIL}" in said
    assert [cell for cell in said if re.match(r"[=+\-@\t\r＝＋－＠]", cell) and not re.fullmatch(r"-[\d,]+", cell)] == []


EXCEL_FILES = {
    "places": "/danh-muc/xuat/danh-muc.xlsx",
    "transactions": "/so-ho-so/{unit}/xuat.xlsx?thang=2025-03",
    "transactions to be filled in": "/so-ho-so/{unit}/tep/mau.xlsx?thang=2025-03",
    "results": "/don-vi/{unit}/can-bo/can-bo.xlsx" + MONTH,
}


@pytest.mark.parametrize("address", EXCEL_FILES.values(), ids=EXCEL_FILES.keys())
def test_no_workbook_has_a_formula(evil: Unit, everywhere: Client, address: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(everywhere.get(address.format(unit=evil.pk)).content))
    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in found}
    assert {cell.quotePrefix for cell in found if cell.value == EVIL} == {True}


# --- what anybody sends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "told"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_used_gets_a_clear_word(body: bytes, told: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        cells(body)
    assert told in str(refused.value)


@NOTHING_ELSE
@given(st.data())
def test_no_damage_to_a_workbook_ends_in_anything_but_a_word(data: st.DataObject) -> None:
    body = bytearray(GOOD)
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=8)):
        body[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(UnreadableError):
        cells(bytes(body))


def test_a_fault_of_who_reads_is_not_taken_for_a_damaged_file() -> None:
    def read() -> None:
        with opened("x", GOOD, LIMITS) as sheets:
            raise LookupError(next(sheets[0].rows))

    with pytest.raises(LookupError):
        read()


def test_cells_say_what_is_wrong_with_them_and_which_are_days() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([" a\u200b  b ", "=1+1", "#N/A", True, 17.0, 1.5, date(2026, 11, 26)])
    out = io.BytesIO()
    book.save(out)
    row = cells(out.getvalue())[0][:7]
    assert [cell.text for cell in row] == ["a b", "", "", "có", "17", "1,5", "26/11/2026"]
    assert [cell.wrong for cell in row] == ["", "Ô có công thức", "Ô có lỗi của Excel (#N/A)", "", "", "", ""]
    assert [cell.day for cell in row[5:]] == [None, date(2026, 11, 26)]
    assert all(cell.mend for cell in row if cell.wrong)
    assert row[6].as_text().wrong == "Excel đã đổi ô này thành ngày tháng (26/11/2026)"


@pytest.mark.parametrize("text", ["sep=;\r\nTên;Số\r\n\r\nLan;1\r\n", "Tên,Số\n\nLan,1", "Tên\tSố\n\nLan\t1\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_of_csv_are_recognised_and_empty_rows_left_out(text: str, encoding: str) -> None:
    with opened("x.csv", text.encode(encoding), LIMITS) as [sheet]:
        rows = list(sheet.rows)
    assert [[cell.text for cell in row.cells] for row in rows] == [["Tên", "Số"], ["Lan", "1"]]
    assert [row.number for row in rows] == [1, 3]
