"""The pages of results: what they show adds up, is seen by those who may, and costs no query more for a row more."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.intake.models import OfficerDay, ReasonDay, StaleDay, UnitHour
from server.places.models import Counter, Officer, Unit
from server.record.models import Line
from server.results.models import TransactionCount
from server.results.tabs.register import TABS
from tests.server.database import clear
from tests.server.people import Role, somebody

DAY = date(2026, 11, 10)
MONTH = "?ky=thang&ngay=2026-11-01"
OWN = [tab.slug for tab in TABS if not tab.below]
BELOW = [tab.slug for tab in TABS if not tab.own]


@pytest.fixture
def country() -> Unit:
    return Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)


@pytest.fixture
def province(country: Unit) -> Unit:
    return Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)


@pytest.fixture
def ward(province: Unit) -> Unit:
    return commune("Phường Thái Hòa", province)


def commune(name: str, parent: Unit | None = None, people: int = 3) -> Unit:
    """A commune with counters and an officer at each."""
    unit = Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=parent)
    for number in range(1, people + 1):
        officer = Officer.objects.create(unit=unit, name=f"Cán bộ {number}", title="Công chức")
        Counter.objects.create(unit=unit, name=f"Quầy {number}", on_duty=officer)
    return unit


def rated(unit: Unit, counts: list[tuple[int, int]], *, handled: list[int] | None = None, day: date = DAY) -> None:
    """Satisfied and dissatisfied of each counter's officer on a day; transactions told of each counter."""
    places = list(Counter.objects.filter(unit=unit).order_by("name"))
    for counter, (good, bad) in zip(places, counts, strict=False):
        OfficerDay.objects.create(
            unit_id=unit.pk, day=day, counter_id=counter.pk, officer_id=counter.on_duty_id or "", satisfied=good, dissatisfied=bad
        )
    good, bad = (sum(pair[at] for pair in counts) for at in (0, 1))
    for hour, sums in ((9, (good - good // 2, bad - bad // 2)), (14, (good // 2, bad // 2))):
        UnitHour.objects.create(unit_id=unit.pk, day=day, hour=hour, satisfied=sums[0], dissatisfied=sums[1])
    for counter, number in zip(places, handled or [], strict=False):
        TransactionCount.objects.create(
            unit_id=unit.pk, day=day, counter_id=counter.pk, officer_id="", handled=number, source="typed", who="x", at=timezone.now()
        )
    StaleDay.objects.create(unit_id=unit.pk, day=day, changes=1)


def page(client: Client, unit: Unit, slug: str = "", query: str = MONTH) -> str:
    """The text of a page of the unit, which must be there."""
    response = client.get(f"/don-vi/{unit.pk}/{slug}{'/' if slug else ''}{query}")
    assert response.status_code == 200
    return response.content.decode().replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")


def table(text: str, caption: str) -> str:
    """The table with the caption."""
    found = re.search(rf"<caption>[^<]*{re.escape(caption)}.*?</table>", text, re.DOTALL)
    assert found, caption
    return found[0]


def lines(text: str) -> dict[str, list[int]]:
    """Counts by line of a table."""
    rows = re.findall(r'<tr role="row" data-row="([^"]*)">(.*?)</tr>', text, re.DOTALL)
    return {key: [int(value) for value in re.findall(r'data-value="(\d+)"', row)] for key, row in rows}


def percents(text: str) -> list[list[int]]:
    """Tenths of percents of each line that has a share and its counterpart."""
    rows = re.findall(r"<tr .*?</tr>", text, re.DOTALL)
    return [[int(value.replace(",", "")) for value in re.findall(r'data-percent="([\d,]+)"', row)] for row in rows]


SIZES = st.integers(1, 60)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(SIZES, st.integers(0, 12)), min_size=3, max_size=3), min_size=1, max_size=3))
def test_all_tabs_of_a_period_say_the_same_and_percentages_add_up(days: list[list[tuple[int, int]]]) -> None:
    clear()
    unit = commune("Phường Thái Hòa", Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE))
    for back, counts in enumerate(days):
        rated(unit, counts, handled=[100, 50, 20], day=DAY + timedelta(days=back))
        ReasonDay.objects.create(unit_id=unit.pk, day=DAY + timedelta(days=back), reason="waiting", times=counts[0][1])
        ReasonDay.objects.create(unit_id=unit.pk, day=DAY + timedelta(days=back), reason="friendly", times=counts[1][0])
    n = sum(good + bad for counts in days for good, bad in counts)
    bad = sum(pair[1] for counts in days for pair in counts)
    client = somebody(Role.LEADER, unit)
    texts = {slug: page(client, unit, slug) for slug in OWN}
    for slug, caption in (("can-bo", "Theo cán bộ"), ("quay", "Theo quầy"), ("thoi-gian", "Theo ngày"), ("thoi-gian", "lòng theo thứ")):
        of = lines(table(texts[slug], caption))
        assert of.pop("total")[:2] == [n, bad]
        assert [sum(column) for column in zip(*of.values(), strict=True)] == [n, bad]
    assert lines(table(texts["thoi-gian"], "Số lượt"))["total"][-1] == n
    assert lines(table(texts["so-sanh"], "Toàn đơn vị"))["total"][0] == n
    participation = lines(table(texts["tham-gia"], "Theo quầy"))
    assert participation.pop("total") == [sum(column) for column in zip(*participation.values(), strict=True)] == [170 * len(days), n, n]
    for slug in ("can-bo", "quay", "thoi-gian"):
        assert all(sum(pair) == 1000 for pair in percents(texts[slug]) if pair)
    reasons = [[part for row in percents(one) for part in row] for one in re.findall("<table.*?</table>", texts["ly-do"], re.DOTALL)]
    assert all(sum(parts) == 1000 + parts[-1] == 2000 for parts in reasons if parts)
    province = Unit.objects.get(kind="province")
    area = somebody(Role.LEADER, province)
    for slug, caption, place in (("xep-hang", "", 0), ("thoi-gian", "Theo ngày", 0), ("so-sanh", "Toàn", 0), ("tham-gia", "", 2)):
        assert lines(table(page(area, province, slug), caption))["total"][place] == n


def test_a_tab_costs_no_query_more_for_a_row_more(province: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(monkeypatch, "2026-11-11T02:00:00+00:00")

    def queries(client: Client, unit: Unit) -> dict[str, int]:
        counted = {}
        for slug in ["", *(OWN if unit.kind == Unit.Kind.COMMUNE else BELOW)]:
            page(client, unit, slug)  # the second tier is derived, the visit is in the record
            with CaptureQueriesContext(connection) as captured:
                page(client, unit, slug)
            counted[slug] = len(captured)
        return counted

    small, large = commune("Xã Nhỏ", province, people=1), commune("Xã Lớn", province, people=9)
    rated(small, [(40, 2)], handled=[50])
    few = queries(somebody(Role.LEADER, province), province), queries(somebody(Role.LEADER, small), small)
    for back in range(20):
        rated(large, [(40, 2)] * 9, handled=[50] * 9, day=DAY - timedelta(days=back))
    for number in range(5):
        rated(commune(f"Xã {number}", province, people=1), [(30, 3)], handled=[20])
    many = queries(somebody(Role.LEADER, province, "p2"), province), queries(somebody(Role.LEADER, large), large)
    assert few == many


TABLE: list[tuple[str, dict[str, int]]] = [
    (Role.ADMINISTRATOR, {"own": 200, "below": 200, "other": 404}),
    (Role.LEADER, {"own": 200, "below": 200, "other": 404}),
    (Role.STAFF, {"own": 200, "below": 200, "other": 404}),
    (Role.AUDITOR, {"own": 200, "below": 200, "other": 404}),
    (Role.OFFICER, {"own": 404, "below": 404, "other": 404}),
    (Role.TECHNICIAN, {"own": 404, "below": 404, "other": 404}),
]


@pytest.mark.parametrize(("role", "allowed"), TABLE)
def test_each_role_finds_what_it_may(role: str, allowed: dict[str, int], province: Unit, ward: Unit) -> None:
    other = commune("Xã Khác")
    client = somebody(role, province)
    for where, unit in (("own", province), ("below", ward), ("other", other)):
        slugs = BELOW if unit == province else OWN
        names = {"xep-hang": "xep-hang", "can-bo": "can-bo", "quay": "quay", "thoi-gian": "ngay", "so-sanh": "chung"}
        addresses = ["", *(f"{slug}/" for slug in slugs), *(f"{slug}/{names[slug]}.csv" for slug in slugs if slug in names)]
        assert {client.get(f"/don-vi/{unit.pk}/{address}").status_code for address in addresses} == {allowed[where]}, where
    assert client.get(f"/don-vi/{ward.pk}/xep-hang/").status_code == 404  # nothing is below a commune
    assert client.get(f"/don-vi/{province.pk}/can-bo/").status_code == 404  # nobody works in the province itself


def test_who_is_not_logged_in_is_asked_to(client: Client, ward: Unit) -> None:
    addresses = [
        f"/don-vi/{ward.pk}/",
        *(f"/don-vi/{ward.pk}/{slug}/" for slug in OWN),
        f"/don-vi/{ward.pk}/can-bo/can-bo.xlsx",
    ]
    for address in addresses:
        assert client.get(address).headers["Location"].startswith("/login/?next="), address


def test_the_country_ranks_provinces_and_a_province_communes(country: Unit, province: Unit, ward: Unit) -> None:
    rated(ward, [(28, 2), (30, 0), (25, 5)])
    of_country = table(page(somebody(Role.LEADER, country), country, "xep-hang"), "Xếp hạng")
    assert set(lines(of_country)) == {province.pk, "total"}
    assert f"/don-vi/{province.pk}/xep-hang/?ky=thang" in of_country
    of_province = table(page(somebody(Role.LEADER, province), province, "xep-hang"), "Xếp hạng")
    assert set(lines(of_province)) == {ward.pk, "total"}
    assert f"/don-vi/{ward.pk}/can-bo/?ky=thang" in of_province


def test_no_rank_below_30_votes_and_ranks_say_how_far_they_may_be_others(province: Unit) -> None:
    units = [commune(name, province, people=1) for name in ("Xã A", "Xã B", "Xã C", "Xã D")]
    for unit, counts in zip(units, [(95, 5), (96, 4), (29, 0), (60, 40)], strict=True):
        rated(unit, [counts])
    text = table(page(somebody(Role.LEADER, province), province, "xep-hang"), "Xếp hạng")
    order = re.findall(r'data-row="([^"]+)"', text)
    assert order == [units[1].pk, units[0].pk, units[3].pk, units[2].pk, "total"]
    places = re.findall(r'class="place" data-label="Hạng">(.*?)</td>', text)
    assert [re.sub("<.*?>", "", place) for place in places] == ["1 (1–2)", "2 (1–2)", "3 (3–3)", "–", ""]
    assert "chưa đủ dữ liệu (dưới 30 lượt)" in text


@pytest.mark.parametrize(("order", "first", "state"), [("-n", 1, "descending"), ("n", 0, "ascending"), ("nonsense", 0, "ascending")])
def test_the_ranking_is_sorted_by_what_is_asked(order: str, first: int, state: str, province: Unit) -> None:
    units = [commune(name, province, people=1) for name in ("Xã A", "Xã B")]
    rated(units[0], [(40, 0)])
    rated(units[1], [(80, 20)])
    text = page(somebody(Role.LEADER, province), province, "xep-hang", f"{MONTH}&xep={order}")
    assert re.findall(r'data-row="([^"]+)"', text)[0] == units[first].pk
    assert len(re.findall(rf'aria-sort="{state}"', text)) == 1


def test_it_is_said_who_is_really_below_the_others_and_who_is_not(ward: Unit) -> None:
    rated(ward, [(190, 10), (192, 8), (160, 40)])
    text = page(somebody(Role.LEADER, ward), ward, "can-bo")
    assert "Thấp hơn những người còn lại một cách rõ rệt: Cán bộ 3." in text
    verdicts = re.findall(r'class="tone-(\w+)">(.*?)</span></td>|class="tone-same">', text)
    assert [tone or "same" for tone, _ in verdicts].count("lower") == 1
    assert re.search(r"thấp hơn rõ rệt: <span class=\"whole\">−\d+,\d đến −\d+,\d điểm", text)


def test_where_nothing_really_differs_it_is_said_so(ward: Unit) -> None:
    rated(ward, [(48, 2), (47, 3), (46, 4)])
    text = page(somebody(Role.LEADER, ward), ward, "can-bo")
    assert "Chưa cán bộ nào khác biệt rõ so với những người còn lại" in text
    assert text.count("chưa khác biệt rõ") == 3


@pytest.mark.parametrize(
    ("before", "said"), [((190, 10), "Thấp hơn rõ rệt: 80,0 % so với 95,0 % của tháng 10/2026"), ((165, 35), "Chưa khác biệt rõ")]
)
def test_a_period_is_compared_with_the_one_before(before: tuple[int, int], said: str, ward: Unit) -> None:
    rated(ward, [(160, 40)])
    rated(ward, [before], day=date(2026, 10, 10))
    assert said in page(somebody(Role.LEADER, ward), ward, "so-sanh")


def test_a_period_is_compared_with_any_other_and_a_wrong_one_is_said(ward: Unit) -> None:
    rated(ward, [(160, 40)], day=date(2026, 8, 10))
    client = somebody(Role.LEADER, ward)
    assert "<strong>tháng 8/2026</strong>" in page(client, ward, "so-sanh", f"{MONTH}&voi=2026-08-31")
    text = page(client, ward, "so-sanh", f"{MONTH}&voi=ngay-mai")
    assert "“ngay-mai” không phải là ngày" in text
    assert "Đang so với tháng 10/2026" in text
    assert "Hai kỳ phải khác nhau" in page(client, ward, "so-sanh", f"{MONTH}&voi=2026-11-30")


def test_participation_names_the_counter_that_is_hardly_rated_and_the_days_it_is_of(ward: Unit) -> None:
    rated(ward, [(50, 2), (40, 1), (18, 1)], handled=[100, 80, 212])
    rated(ward, [(5, 0), (5, 0), (5, 0)], day=DAY + timedelta(days=1))
    text = page(somebody(Role.LEADER, ward), ward, "tham-gia")
    assert "Quầy 3 ít được đánh giá. 19 lượt trên 212 hồ sơ (9,0 %). Màn hình có hướng về phía người dân không?" in text
    assert "Tính trên 1/2 ngày" in text
    assert "1/2 ngày có số hồ sơ" in text


def test_more_votes_than_transactions_are_remarked(ward: Unit) -> None:
    rated(ward, [(50, 2)], handled=[40])
    text = page(somebody(Role.LEADER, ward), ward, "tham-gia")
    assert "130,0 %" in text
    assert "quá số hồ sơ" in text
    assert "Xin xem lại số hồ sơ đã nhập" in text


def test_transactions_told_for_the_whole_unit_give_no_counter_a_participation(ward: Unit) -> None:
    rated(ward, [(50, 2)])
    TransactionCount.objects.create(
        unit_id=ward.pk, day=DAY, counter_id="", officer_id="", handled=104, source="typed", who="x", at=timezone.now()
    )
    text = page(somebody(Role.LEADER, ward), ward, "tham-gia")
    assert "Tham gia 50,0 %: 52 lượt trên 104 hồ sơ" in text
    assert "hồ sơ không chia theo quầy" in text
    assert ">0,0 %" not in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?ky=tuan-trang", "Không có loại kỳ này"),
        ("?ky=thang&ngay=2026-02-30", "“2026-02-30” không phải là ngày"),
        ("?ky=thang&ngay=0001-01-01", "Ngày phải từ 01/01/2020"),
        ("?ky=khoang&tu=2026-11-02&den=2026-11-01", "Xin đổi lại"),
        ("?ky=khoang&tu=2020-11-02&den=2026-11-01", "ba năm"),
        ("?ky=khoang&tu=2020-11-02", "Chưa ghi ngày"),
        ("?ngay=%3Cscript%3E", "“&lt;script&gt;” không phải là ngày"),
    ],
)
def test_a_wrong_period_gives_a_message_and_the_present_month(query: str, said: str, ward: Unit) -> None:
    text = page(somebody(Role.LEADER, ward), ward, "can-bo", query)
    assert said in text
    assert f"Đang xem tháng {ward.today().month}/{ward.today().year}" in text


def test_a_period_is_titled_and_leads_to_those_beside_it(ward: Unit) -> None:
    client = somebody(Role.LEADER, ward)
    text = page(client, ward, "quay", "?ky=quy&ngay=2026-05-05")
    assert "<strong>Quý II/2026</strong>" in text
    assert 'aria-label="Kỳ trước: quý I/2026"' in text
    assert 'aria-label="Kỳ sau: quý III/2026"' in text
    now = page(client, ward, "quay", "")
    assert f"(đến hôm nay, {ward.today():%d/%m/%Y})" in now
    assert "Kỳ sau:" not in now
    assert "(chưa bắt đầu)" in page(client, ward, "quay", f"?ky=nam&ngay={ward.today().year + 1}-01-01")


def test_hours_of_a_short_period_are_told_by_half_days_but_to_auditors(ward: Unit) -> None:
    rated(ward, [(7, 1)])
    week = "?ky=tuan&ngay=2026-11-10"
    leader, auditor = somebody(Role.LEADER, ward), somebody(Role.AUDITOR, ward)
    text = page(leader, ward, "thoi-gian", week)
    assert "Buổi sáng" in text
    assert "9 giờ" not in text
    assert "9 giờ" in page(auditor, ward, "thoi-gian", week)
    assert "9 giờ" in page(leader, ward, "thoi-gian", MONTH)


def said(value: str | float | None) -> str:
    """A value of a workbook as CSV says it."""
    return value if isinstance(value, str) else str(value or "").replace(".", ",")


def test_a_file_has_the_rows_of_the_page_and_is_noted_in_the_record(ward: Unit) -> None:
    rated(ward, [(190, 10), (20, 1), (160, 40)], handled=[300, 100, 400])
    client = somebody(Role.LEADER, ward)
    text = table(page(client, ward, "can-bo", f"{MONTH}&xep=-n"), "Theo cán bộ")
    body = client.get(f"/don-vi/{ward.pk}/can-bo/can-bo.csv{MONTH}&xep=-n").content
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    names = re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', text)
    assert [row["Cán bộ"] for row in rows] == names == ["Cán bộ 1", "Cán bộ 3", "Cán bộ 2", "Tổng cộng"]
    assert [int(row["n (lượt)"]) for row in rows] == [200, 200, 21, 421]
    assert (rows[0]["Hài lòng · khoảng tin cậy 95 %"], rows[2]["Hài lòng · khoảng tin cậy 95 %"]) == ("0,95", "chưa đủ dữ liệu")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/don-vi/{ward.pk}/can-bo/can-bo.xlsx{MONTH}&xep=-n").content))
    values: list[Any] = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=5, max_row=8)]  # type: ignore[union-attr]
    assert [row[0] for row in values] == names
    assert [[said(value) for value in row] for row in values] == [list(row.values()) for row in rows]
    noted = Line.objects.filter(action=Line.Action.EXPORT).values_list("unit_id", "subject", "detail")
    assert set(noted) == {(ward.pk, "can-bo/can-bo.csv", "tháng 11/2026"), (ward.pk, "can-bo/can-bo.xlsx", "tháng 11/2026")}


def test_a_name_that_a_program_would_calculate_stays_text(ward: Unit) -> None:
    Officer.objects.filter(unit=ward, name="Cán bộ 1").update(name="=1+1")
    client = somebody(Role.LEADER, ward)
    assert "'=1+1" in client.get(f"/don-vi/{ward.pk}/can-bo/can-bo.csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/don-vi/{ward.pk}/can-bo/can-bo.xlsx").content))
    assert {cell.data_type for row in book.active.iter_rows(max_col=1) for cell in row if cell.value == "=1+1"} == {"s"}  # type: ignore[union-attr]


def test_every_table_has_a_file_and_every_line_the_columns_of_its_heading(ward: Unit, province: Unit) -> None:
    rated(ward, [(60, 4), (50, 5), (10, 1)], handled=[100, 100, 100])
    ReasonDay.objects.create(unit_id=ward.pk, day=DAY, reason="waiting", times=40)
    found = set()
    for client, unit, slugs in ((somebody(Role.LEADER, ward), ward, OWN), (somebody(Role.LEADER, province), province, BELOW)):
        for slug in slugs:
            for address in re.findall(r'href="(/don-vi/[^"]+\.csv\?[^"]*)"', page(client, unit, slug)):
                rows = list(csv.reader(io.StringIO(client.get(address.replace("&amp;", "&")).content.decode("utf-8-sig")), delimiter=";"))
                assert {len(row) for row in rows} == {len(rows[0])}
                found.add(address.split("/")[3] + "/" + address.split("/")[4].partition(".")[0])
    assert len(found) >= 14
    assert somebody(Role.LEADER, ward, "x").get(f"/don-vi/{ward.pk}/can-bo/nothing.csv").status_code == 404


def test_who_looks_at_officers_figures_is_recorded_once_an_hour(ward: Unit) -> None:
    client = somebody(Role.LEADER, ward)
    for _ in range(3):
        page(client, ward, "can-bo")
        page(client, ward, "ly-do")
        page(client, ward)
    noted = Line.objects.filter(action=Line.Action.VIEW).values_list("subject", flat=True)
    assert sorted(noted) == ["can-bo", "hom-nay"]


def test_the_morning_of_a_leader_shows_what_needs_a_look(ward: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(monkeypatch, "2026-11-11T02:00:00+00:00")
    rated(ward, [(190, 10), (160, 40), (18, 1)], handled=[300, 300, 212])
    rated(ward, [(7, 1)], day=DAY + timedelta(days=1))
    text = page(somebody(Role.LEADER, ward), ward)
    assert "Hôm qua, thứ Ba 10/11" in text
    assert "<strong>Quầy 3 ít được đánh giá.</strong> 19 lượt trên 212 hồ sơ (9,0 %)." in text
    assert "<strong>Cán bộ 2 thấp hơn những người còn lại một cách rõ rệt.</strong>" in text
    assert 'data-total="total" data-value="8"' in text
    assert 'http-equiv="refresh"' not in text


def test_the_day_before_is_the_last_on_which_anybody_was_served(ward: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(monkeypatch, "2026-12-01T02:00:00+00:00")
    rated(ward, [(7, 1)], day=date(2026, 11, 27))
    text = page(somebody(Role.LEADER, ward), ward)
    assert "Ngày gần nhất trước đó, thứ Sáu 27/11" in text
    assert "7 hài lòng" in text


def test_the_morning_of_a_province_names_units_below_the_others_and_those_without_votes(
    province: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, "2026-11-11T02:00:00+00:00")
    units = [commune(name, province, people=1) for name in ("Xã A", "Xã B", "Xã C")]
    rated(units[0], [(190, 10)], handled=[300])
    rated(units[1], [(140, 60)], handled=[2000])
    text = page(somebody(Role.LEADER, province), province)
    assert "Xã B thấp hơn các đơn vị còn lại một cách rõ rệt." in text
    assert "Xã B ít được đánh giá." in text
    assert "1 đơn vị chưa có lượt đánh giá nào:</strong> Xã C." in text


def stand_at(monkeypatch: pytest.MonkeyPatch, instant: str) -> None:
    """The server's clock stands still."""
    now = datetime.fromisoformat(instant)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_unit_that_was_called_otherwise_in_the_period_is_said_so(ward: Unit) -> None:
    from server.places.history import stand

    stand(ward, date(2026, 11, 20), "Phường Thái Hòa Mới", ward.parent)
    ward.refresh_from_db()
    assert "trong kỳ này tên là Phường Thái Hòa" in page(somebody(Role.LEADER, ward), ward, "quay", "?ky=thang&ngay=2026-10-01")


def test_a_province_with_counters_of_its_own_has_their_tabs(province: Unit) -> None:
    officer = Officer.objects.create(unit=province, name="Cán bộ 1", title="Công chức")
    Counter.objects.create(unit=province, name="Quầy 1", on_duty=officer)
    rated(province, [(40, 2)])
    client = somebody(Role.LEADER, province)
    assert lines(page(client, province, "can-bo"))["total"][:2] == [42, 2]
    assert "tại chỗ" in page(client, province, "xep-hang")


def test_who_sees_no_results_goes_to_their_own_page(ward: Unit) -> None:
    assert somebody(Role.OFFICER, ward).get("/").headers["Location"] == "/cua-toi/"


def test_the_bar_says_who_is_logged_in_and_as_what(ward: Unit) -> None:
    assert "lãnh đạo, Phường Thái Hòa" in page(somebody(Role.LEADER, ward), ward)
