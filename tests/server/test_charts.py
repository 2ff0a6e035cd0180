"""Charts: the same figures as in the tables, for whom they are, and kept no longer than they are right."""

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.template import engines
from django.test import Client

from server.places.models import Membership, Unit
from server.results import queries
from server.results.charts import order, pictures
from server.results.charts.days import Stretch, Votes
from server.results.charts.renderer import CannotDraw, Renderer
from server.results.charts.size import Width
from server.results.charts.store import MOST_IN_A_FOLDER, Store
from server.results.counts import Count
from server.results.period import Kind, containing
from tests.server.charted import NOVEMBER, address, commune, drawn, reasoned, sentences, tag, texts, told, voted
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody

pytestmark = pytest.mark.once

ORDER = order.encode(Votes("tháng 11/2026", [Stretch("02/11", "Thứ Hai 02/11", NOVEMBER.first, Count(3, 1))]), Width.PHONE)


@pytest.fixture(scope="module", autouse=True)
def _renderer() -> Iterator[None]:
    """One for all tests."""
    yield
    pictures.renderer.close()


def test_the_bars_of_days_say_what_the_table_of_days_says() -> None:
    unit = commune()
    said = sentences(drawn(somebody(Role.LEADER, unit), "ngay", unit))
    days = queries.by_day(unit, NOVEMBER)
    assert said == [
        f"{name}: {count.n} lượt, {count.satisfied} hài lòng, {count.dissatisfied} không hài lòng"
        for name, count in zip(("Thứ Hai 02/11", "Thứ Ba 03/11", "Thứ Tư 04/11"), days.values(), strict=True)
    ]


@pytest.mark.parametrize("kind", [Kind.QUARTER, Kind.YEAR])
def test_bars_of_weeks_and_months_add_up_to_the_total(kind: Kind) -> None:
    unit = commune()
    period = containing(kind, NOVEMBER.first)
    for day in (period.first, period.last):
        voted(unit, day, 5, 2)
    said = sentences(drawn(somebody(Role.LEADER, unit), "ngay", unit, period=period))
    numbers = [[int(number) for number in re.findall(r"(\d+) (?:lượt|hài|không)", one)] for one in said]
    total = queries.total(unit, period)
    assert [sum(column) for column in zip(*numbers, strict=True)] == [total.n, total.satisfied, total.dissatisfied]


def test_a_day_is_drawn_by_its_hours_to_an_auditor() -> None:
    unit = commune()
    day = containing(Kind.DAY, NOVEMBER.first + timedelta(days=1))
    voted(unit, day.first, 3, 0, "c-9", hour=14)
    assert [one.partition(":")[0] for one in sentences(drawn(somebody(Role.AUDITOR, unit), "ngay", unit, period=day))] == [
        "9 giờ",
        "14 giờ",
    ]


def test_the_heat_map_says_what_the_table_of_hours_says_and_shows_the_hours_that_occur() -> None:
    unit = commune()
    voted(unit, NOVEMBER.first + timedelta(days=1), 1234, 1, "c-9", hour=14)
    svg = drawn(somebody(Role.LEADER, unit), "gio", unit)
    assert {"Thứ Hai, 14 giờ: 1.235 lượt, 1.234 hài lòng, 1 không hài lòng"} < set(sentences(svg))
    assert len(sentences(svg)) == len(queries.by_hour(unit, NOVEMBER))
    written = texts(svg)
    assert {"9h", "14h", "1.235"} < set(written)
    assert "10h" not in written
    assert "CN" not in written


def test_intervals_say_share_interval_and_n_and_below_30_that_it_is_too_few() -> None:
    unit = commune()
    svg = drawn(somebody(Role.LEADER, unit), "khoang", unit)
    rows = {row.name: row.count for row in queries.facts(unit, NOVEMBER).by_officer()}
    assert sentences(svg) == [
        "Lê Hoàng Phúc: 100,0 % hài lòng, khoảng tin cậy 95 % từ 91,2 đến 100,0, 40 lượt",
        "Trần Quốc Bảo: 93,3 % hài lòng, khoảng tin cậy 95 % từ 82,1 đến 97,7, 45 lượt",
        "Phạm Thu Thảo: chưa đủ dữ liệu (dưới 30 lượt), 6 lượt, 6 hài lòng, 0 không hài lòng",
    ]
    assert rows["Trần Quốc Bảo"].percents == (93.3, 6.7)
    assert {"cả đơn vị 96,7 %", "93,3 % · n = 45", "chưa đủ dữ liệu (6 lượt)"} < set(texts(svg))


def test_units_of_a_province_are_its_communes() -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    commune("Phường Thái Hòa", province)
    commune("Phường Tây Hiếu", province)
    said = sentences(drawn(somebody(Role.LEADER, province), "khoang", province))
    assert [one.partition(":")[0] for one in said] == ["Phường Thái Hòa", "Phường Tây Hiếu"] or len(said) == 2
    assert all("96,7 % hài lòng" in one for one in said)


def test_two_periods_stand_side_by_side() -> None:
    unit = commune()
    voted(unit, NOVEMBER.before.first, 50, 50, "c-9")
    svg = drawn(somebody(Role.LEADER, unit), "so-sanh", unit, 'by="quay"')
    whole, *_ = sentences(svg)
    assert whole.startswith("Cả đơn vị: tháng 11/2026 96,7 % hài lòng")
    assert "; tháng 10/2026 50,0 % hài lòng, khoảng tin cậy 95 % từ 40,4 đến 59,6, 100 lượt" in whole
    assert {"tháng 11/2026", "tháng 10/2026", "Quầy 1", "Không theo quầy"} < set(texts(svg))


def test_reasons_are_ranked_those_of_one_answer_only() -> None:
    unit = commune()
    for reason, times in (("waiting", 31), ("explanation", 18), ("friendly", 50)):
        reasoned(unit, reason, times)
    client = somebody(Role.LEADER, unit)
    bad, good = sentences(drawn(client, "ly-do", unit)), sentences(drawn(client, "ly-do", unit, 'by="hai-long"'))
    expected = [f"{one.words}: {one.times} lần" for one in queries.reasons(unit, NOVEMBER) if one.rating == "dissatisfied"]
    assert bad == expected
    assert len(bad) + len(good) == 3


def test_a_day_without_told_transactions_is_unknown_and_never_zero() -> None:
    unit = commune()
    svg = drawn(somebody(Role.LEADER, unit), "tham-gia", unit)
    said = sentences(svg)
    assert said[0] == "Thứ Hai 02/11: tham gia 24,2 %, 29 lượt trên 120 hồ sơ"
    assert said[2] == "Thứ Tư 04/11: chưa có số hồ sơ, 29 lượt"
    assert "chưa có số hồ sơ" in texts(svg)
    assert svg.count("stroke-dasharray") == 2  # its frame, and the one that explains it


def test_participation_of_counters_and_of_those_without_transactions() -> None:
    unit = commune()
    told(unit, NOVEMBER.last, 7, "c-elsewhere")
    voted(unit, NOVEMBER.last, 1, 0, "c-nowhere")
    said = sentences(drawn(somebody(Role.LEADER, unit), "tham-gia", unit, 'by="quay"'))
    for row in queries.facts(unit, NOVEMBER).by_counter():
        assert any(one.startswith(f"{row.name}: ") and f"trên {row.count.handled} hồ sơ" in one for one in said)


def test_nothing_counted_is_said_in_the_picture() -> None:
    unit = commune()
    client = somebody(Role.LEADER, unit)
    for name in ("ngay", "gio", "khoang", "so-sanh", "tham-gia"):
        assert texts(drawn(client, name, unit, period=NOVEMBER.before.before)) == ["Chưa có lượt nào"]
    assert texts(drawn(client, "ly-do", unit)) == ["Chưa có lý do nào"]
    assert "Chưa có lượt nào, tháng 9/2026." in tag("ngay", unit, NOVEMBER.before.before)


def test_who_is_not_logged_in_goes_to_the_login() -> None:
    answer = Client(SERVER_NAME="localhost").get(address(tag("ngay", commune())))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TECHNICIAN, None])
def test_who_may_not_see_the_results_of_the_unit_finds_no_chart(role: str | None) -> None:
    unit = commune()
    client = somebody(role, unit) if role else somebody(Role.LEADER, commune("Xã Nghĩa Đàn"))
    answer = client.get(address(tag("ngay", unit)))
    absent = client.get(address(tag("ngay", unit)).replace(unit.pk, "u-00000000"))
    assert (answer.status_code, absent.status_code) == (404, 404)


def test_a_picture_is_good_for_ever_at_the_address_of_its_data() -> None:
    unit = commune()
    client, there = somebody(Role.LEADER, unit), address(tag("ngay", unit))
    first = client.get(there)
    assert first.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Cookie" in first.headers["Vary"]
    again = client.get(there, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_after_another_vote_the_page_has_another_address_and_the_old_one_shows_the_present() -> None:
    unit = commune()
    client, before = somebody(Role.LEADER, unit), address(tag("ngay", unit))
    old = client.get(before)
    voted(unit, NOVEMBER.first + timedelta(days=5), 7)
    after = address(tag("ngay", unit))
    assert after != before
    present = client.get(before, headers={"If-None-Match": old.headers["ETag"]})
    assert present.status_code == 200
    assert present.headers["Cache-Control"] == "private, no-cache"
    assert present.content == client.get(after).content
    assert sentences(present.content.decode())[-1] == "Thứ Sáu 06/11: 7 lượt, 7 hài lòng, 0 không hài lòng"


def test_the_same_figures_of_another_unit_are_never_shown_with_its_names() -> None:
    one, other = commune(), commune("Xã Nghĩa Đàn")
    other.counters.update(name="Quầy khác")
    client = somebody(Role.LEADER, one)
    Membership.objects.create(user=User.objects.get(), unit=other)
    assert "Quầy khác" not in drawn(client, "khoang", one, 'by="quay"')
    assert "Quầy khác" in drawn(client, "khoang", other, 'by="quay"')


def test_an_address_that_makes_no_sense_is_refused_with_a_word() -> None:
    unit = commune()
    client, good = somebody(Role.LEADER, unit), address(tag("khoang", unit))
    faults = [good.replace("2026-11-01", day) for day in ("", "2026-13-01", "hôm nay")]
    faults += [good.replace("ky=thang", "ky=khoang"), good.replace("theo=can-bo", "theo=don-vi"), good.replace("w=520", "w=5")]
    spans = (("2026-02-01", "2026-01-01"), ("0001-01-01", "9999-12-31"))
    faults += [good.replace("ky=thang&ngay=2026-11-01", f"ky=khoang&tu={first}&den={last}") for first, last in spans]
    faults += [good.split("?")[0]]
    for fault in faults:
        answer = client.get(fault)
        assert answer.status_code == 400, fault
        assert "Địa chỉ biểu đồ không đúng" in answer.content.decode()
    assert client.get(good.replace("khoang.svg", "banh.svg")).status_code == 404
    assert client.post(good).status_code == 405


def test_a_picture_has_its_fonts_and_may_load_and_run_nothing() -> None:
    unit = commune()
    answer = somebody(Role.LEADER, unit).get(address(tag("khoang", unit)))
    svg = answer.content.decode()
    [style] = re.findall(r"<style>(.*?)</style>", svg)
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert svg.count("data:font/woff2;base64,") == svg.count("url(data:") == 2
    assert not re.search(r"style=|<script|href|<image|@import|foreignObject", svg)


def test_every_other_page_keeps_its_policy() -> None:
    assert "script-src 'self'" in Client(SERVER_NAME="localhost").get("/login/").headers["Content-Security-Policy"]


def test_hostile_names_are_text() -> None:
    unit = commune()
    names = ["<script>alert(1)</script>", "\"'&]]><!--", "datum.x ? 1 : {{x}} ${y}\x07\ufffe"]
    for officer, name in zip(unit.officers.order_by("name"), names, strict=True):
        officer.name = name
        officer.save()
    svg = drawn(somebody(Role.LEADER, unit), "khoang", unit)
    for name in (names[0], names[1], "datum.x ? 1 : {{x}} ${y}"):
        assert any(one.startswith(f"{name}: ") for one in sentences(svg))
    assert "<script" not in svg
    assert "<script" not in tag("khoang", unit)


def test_the_figure_says_in_words_what_it_shows_and_where_its_table_is() -> None:
    unit = commune()
    figure = tag("ngay", unit)
    assert 'alt="Số lượt đánh giá, tháng 11/2026: 91 lượt, 88 hài lòng, 3 không hài lòng;' in figure
    assert "nhiều nhất Thứ Ba 03/11: 33 lượt." in figure
    assert '<a href="#bang-ngay">xem bảng số liệu</a>' in figure
    assert '<a href="#bang-can-bo">' in tag("khoang", unit, more='table="can-bo"')
    assert not re.search(r"style=|onload|<script", figure)


@pytest.mark.parametrize(("more", "widths"), [("", [296, 520]), ("wide=True", [296, 520, 1120])])
def test_each_width_has_its_picture_of_the_size_that_the_page_keeps_free(more: str, widths: list[int]) -> None:
    unit = commune()
    client = somebody(Role.LEADER, unit)
    figure = tag("khoang", unit, more=more)
    found = re.findall(r'(?:src|srcset)="([^"]+)" width="(\d+)" height="(\d+)"', figure)
    assert [int(width) for _, width, _ in found] == widths
    for there, width, height in found:
        svg = client.get(there.replace("&amp;", "&")).content.decode()
        assert re.search(rf'<svg[^>]* width="{width}" height="{height}"', svg)


def test_facts_at_hand_give_the_same_picture() -> None:
    unit = commune()
    template = "{% load charts %}{% chart name unit period facts=facts %}"
    context = {"unit": unit, "period": NOVEMBER, "facts": queries.facts(unit, NOVEMBER)}
    for name in ("ngay", "khoang", "so-sanh", "tham-gia"):
        assert engines["django"].from_string(template).render({**context, "name": name}) == tag(name, unit)


def test_a_worker_that_shows_pages_with_charts_loads_neither_altair_nor_vl_convert() -> None:
    program = (
        "import django, sys; django.setup(); import server.urls, server.results.templatetags.charts;"
        "print(sorted({'altair', 'vl_convert', 'narwhals', 'PIL.ImageFont'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]"


def test_a_renderer_that_died_is_started_again() -> None:
    first = pictures.renderer.draw(ORDER)
    process = pictures.renderer._process
    assert process
    process.kill()
    process.wait()
    assert pictures.renderer.draw(ORDER) == first


def test_what_cannot_be_drawn_is_told_and_the_next_is_drawn() -> None:
    with pytest.raises(CannotDraw, match="KeyError"):
        pictures.renderer.draw(b'["Pie",296,{}]')
    assert "<svg" in pictures.renderer.draw(ORDER)


def test_a_renderer_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CannotDraw):
        Renderer().draw(ORDER)


def test_a_picture_that_cannot_be_drawn_leaves_the_page_and_says_where_the_figures_are(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = commune()
    client, there = somebody(Role.LEADER, unit), address(tag("ngay", unit))
    monkeypatch.setattr(pictures, "renderer", Renderer())
    monkeypatch.setattr(sys, "executable", "/bin/false")
    answer = client.get(there + "&w=296")
    assert answer.status_code in (200, 503)
    voted(unit, NOVEMBER.last, 1)
    answer = client.get(there)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "Xin xem bảng số liệu" in answer.content.decode()


def test_threads_that_want_pictures_at_once_all_get_theirs() -> None:
    orders = [order.encode(Votes(str(n), [Stretch("02/11", f"Thứ Hai {n}", None, Count(n, 1))]), Width.PHONE) for n in range(1, 9)]
    with ThreadPoolExecutor(8) as threads:
        drawn_at_once = list(threads.map(pictures.renderer.draw, orders))
    assert [sentences(svg)[0].partition(":")[0] for svg in drawn_at_once] == [f"Thứ Hai {n}" for n in range(1, 9)]


def test_a_kept_picture_is_found_whole_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "charts")
    digest = order.digest(ORDER)
    assert store.find(digest) is None
    store.keep(digest, "<svg>Ữ</svg>")
    assert store.find(digest) == "<svg>Ữ</svg>"
    [file] = (tmp_path / "charts").rglob("*.gz")
    whole = file.read_bytes()
    for cut in (0, 5, len(whole) - 3):
        file.write_bytes(whole[:cut])
        assert store.find(digest) is None
    file.write_bytes(whole[:14] + bytes([whole[14] ^ 1]) + whole[15:])
    assert store.find(digest) is None


def test_the_store_has_an_end_and_forgets_what_was_not_used(tmp_path: Path) -> None:
    store = Store(tmp_path)
    digests = [f"ab{number:062x}" for number in range(2 * MOST_IN_A_FOLDER)]
    for digest in digests:
        store.keep(digest, "<svg/>")
        assert store.find(digests[0]) == "<svg/>"  # used every time
    assert len(list(tmp_path.rglob("*.gz"))) == MOST_IN_A_FOLDER
    assert store.find(digests[1]) is None
    assert store.find(digests[-1]) == "<svg/>"


def test_many_writers_of_a_full_store_do_not_harm_one_another(tmp_path: Path) -> None:
    digests = [f"ab{number:062x}" for number in range(MOST_IN_A_FOLDER * 2)]

    def work(start: int) -> set[str | None]:
        store = Store(tmp_path)
        for digest in digests[start:] + digests[:start]:
            store.keep(digest, f"<svg>{digest}</svg>")
        return {digest for digest in digests if store.find(digest) not in (None, f"<svg>{digest}</svg>")}

    with ThreadPoolExecutor(4) as threads:
        assert not set().union(*threads.map(work, range(0, 40, 10)))
    assert len(list(tmp_path.rglob("*"))) <= MOST_IN_A_FOLDER + 4


def test_a_store_that_cannot_be_written_is_no_fault_of_the_picture(tmp_path: Path) -> None:
    blocked = tmp_path / "charts"
    blocked.write_text("no folder")
    Store(blocked).keep(order.digest(ORDER), "<svg/>")
    assert Store(blocked).find(order.digest(ORDER)) is None


def test_hours_of_anything_but_whole_months_are_told_to_who_may_see_moments_only(kiosk: Kiosk) -> None:
    kiosk.open().votes(3).send()
    day = kiosk.unit.today()
    month, span = f"ky=thang&ngay={day}", f"ky=khoang&tu={day - timedelta(days=90)}&den={day}"
    for role, status in ((Role.LEADER, 404), (Role.AUDITOR, 200)):
        client = somebody(role, kiosk.unit)
        asked = [("gio", f"ky=tuan&ngay={day}"), ("gio", span), ("ngay", f"ky=ngay&ngay={day}")]
        assert {client.get(f"/don-vi/{kiosk.unit.pk}/bieu-do/{name}.svg?{period}").status_code for name, period in asked} == {status}
        assert client.get(f"/don-vi/{kiosk.unit.pk}/bieu-do/gio.svg?{month}").status_code == 200
