"""The page of quarantined lines: in plain words, in scope, and never what a citizen wrote."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.devices import quarantine_pages
from server.intake.models import Decision, Quarantine
from server.places.models import Unit
from server.record.models import Line
from sync import entries
from tests.server.device_pages import commune, shown, text
from tests.server.kiosk import Counted, Kiosk, counted, enrolled, quarantined
from tests.server.people import Role, somebody
from tests.server.test_quarantine import clone_in_another_unit, newcomer

PAGE = "/thiet-bi/cach-ly/"
UNKNOWN = f"{PAGE}?ly-do=unknown-officer"


@pytest.fixture
def administrator(kiosk: Kiosk) -> Client:
    return somebody(Role.ADMINISTRATOR, kiosk.unit)


def decided(client: Client, what: str, *lines: str, address: str = PAGE, **more: str) -> str:
    """What the page says after a decision."""
    return text(client.post(address, {"viec": what, "dong": lines, **more}, follow=True).content.decode())


def groups(page: str) -> dict[str, list[int]]:
    """By reason: how many wait, were accepted, were rejected."""
    rows = re.findall(r'data-group="([^"]+)">(.*?)</tr>', page, re.DOTALL)
    return {name: [int(n) for n in re.findall(r'class="count"[^>]*>(\d+)<', row)] for name, row in rows}


def test_lines_are_told_by_kind_half_day_place_and_reason_and_nothing_of_what_they_say(administrator: Client, kiosk: Kiosk) -> None:
    vote = kiosk.open().vote(officer="o-NEWCOMER").vote().last_id()
    said: dict[str, Any] = {"vote": vote, "sealed": "0" * 64, "key": "0123456789abcdef"}
    kiosk.say(entries.Comment, **said).say(entries.Comment, **said)
    kiosk.lines.append(b'{"kind":"comment","id":"Can bo sach nhieu","text":"Bi goi y chi phi"}')
    kiosk.send()
    page = administrator.get(PAGE).content.decode()
    assert groups(page) == {"malformed": [1, 0, 0], "second-comment": [1, 0, 0], "unknown-officer": [1, 0, 0]}
    for words in ("lượt đánh giá", "cán bộ o-NEWCOMER", "góp ý (không hiện nội dung)", "không rõ", "Quầy 1, Phường Thái Hòa", kiosk.device):
        assert words in text(page)
    for words in ("sach nhieu", "goi y", "satisfied", "0" * 64):
        assert words not in page
    assert re.search(r"(sáng|chiều) \d\d/\d\d/\d{4}", text(page))
    assert not re.search(r"\d\d:\d\d:\d\d", text(page))


def test_an_auditor_sees_the_exact_time_and_can_decide_nothing(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    auditor = somebody(Role.AUDITOR, kiosk.unit)
    page = auditor.get(PAGE).content.decode()
    assert re.search(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", text(page))
    assert 'name="dong"' not in page
    assert auditor.post(PAGE, {"viec": "chap-nhan", "dong": f"{kiosk.ledger}:2"}).status_code == 404
    assert not Decision.objects.exists()


def test_what_is_accepted_is_counted_at_once_where_it_can_be_and_noted(administrator: Client, kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").vote(officer="o-OTHER").send()
    newcomer(kiosk)
    assert "tính ngay" in text(administrator.get(PAGE).content.decode())
    said = decided(administrator, "chap-nhan", f"{kiosk.ledger}:2", f"{kiosk.ledger}:3")
    assert "Đã chấp nhận 2 dòng." in said
    assert "Đã tính 1 dòng vào kết quả." in said
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(1, 0), {3: "unknown-officer"})
    [line] = Line.objects.all()
    assert (line.unit_id, line.subject, line.detail) == (kiosk.unit.pk, kiosk.ledger, "chấp nhận dòng cách ly 2, 3")
    assert Decision.objects.filter(verdict="accept").values_list("who", flat=True).distinct().get().startswith("administrator")


def test_what_was_accepted_is_counted_later_when_it_can_be(administrator: Client, kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    assert "Chưa có dòng nào tính được ngay" in decided(administrator, "chap-nhan", f"{kiosk.ledger}:2")
    accepted = f"{PAGE}?trang-thai=da-chap-nhan"
    assert "Tính tiếp" not in administrator.get(accepted).content.decode()
    newcomer(kiosk)
    assert "Tính tiếp" in administrator.get(accepted).content.decode()
    decided(administrator, "tinh-tiep", address=accepted)
    assert counted(kiosk.unit) == Counted(1, 0)


def test_a_rejected_line_is_put_aside_and_can_be_accepted_after_all(administrator: Client, kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    newcomer(kiosk)
    decided(administrator, "de-rieng", f"{kiosk.ledger}:2")
    assert shown(administrator.get(PAGE).content.decode(), "line") == []
    assert shown(administrator.get(f"{PAGE}?trang-thai=de-rieng").content.decode(), "line") == [f"{kiosk.ledger}:2"]
    assert counted(kiosk.unit) == Counted(0, 0)
    decided(administrator, "chap-nhan", f"{kiosk.ledger}:2", address=f"{PAGE}?trang-thai=de-rieng")
    assert counted(kiosk.unit) == Counted(1, 0)


def test_a_contradiction_cannot_be_accepted(administrator: Client, kiosk: Kiosk) -> None:
    vote = kiosk.open().vote().last_id()
    kiosk.vote("dissatisfied", id=vote).send()
    assert "1 dòng không thể tính được nên không chấp nhận" in decided(administrator, "chap-nhan", f"{kiosk.ledger}:3")
    assert not Decision.objects.exists()


def test_a_line_that_was_folded_in_and_came_back_waits_for_a_decision_again(administrator: Client, kiosk: Kiosk) -> None:
    vote = kiosk.open().vote(officer="o-NEWCOMER").last_id()
    kiosk.send()
    enrolled(kiosk.unit).open().vote(id=vote).send()
    newcomer(kiosk)
    decided(administrator, "chap-nhan", f"{kiosk.ledger}:2")
    page = administrator.get(PAGE).content.decode()
    assert (groups(page), shown(page, "line")) == ({"id-reused": [1, 0, 0]}, [f"{kiosk.ledger}:2"])


@pytest.mark.parametrize("where", ["where it is kept", "where it would count"])
def test_who_may_decide_in_one_of_two_units_only_may_not_decide(kiosk: Kiosk, where: str) -> None:
    kiosk.open().votes(2)
    clone = clone_in_another_unit(kiosk)
    clone.send()
    unit = clone.unit if where == "where it is kept" else kiosk.unit
    client = somebody(Role.ADMINISTRATOR, unit)
    page = client.get(PAGE).content.decode()
    assert (f"{clone.ledger}:2" in page, f'value="{clone.ledger}:2"' in page) == (where == "where it is kept", False)
    assert client.post(PAGE, {"viec": "chap-nhan", "dong": f"{clone.ledger}:2"}).status_code == 404
    assert (Decision.objects.exists(), counted(kiosk.unit)) == (False, Counted(0, 0))


def test_who_may_decide_in_both_units_may(kiosk: Kiosk) -> None:
    kiosk.open().votes(2)
    clone = clone_in_another_unit(kiosk)
    clone.send()
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    Unit.objects.filter(pk__in=[kiosk.unit.pk, clone.unit.pk]).update(parent=province)
    decided(somebody(Role.ADMINISTRATOR, province), "chap-nhan", f"{clone.ledger}:2", f"{clone.ledger}:3")
    assert counted(kiosk.unit) == Counted(2, 0)


def test_of_lines_some_of_which_count_elsewhere_only_the_own_are_decided(kiosk: Kiosk) -> None:
    clone = clone_in_another_unit(kiosk.open().votes(1))
    clone.send()
    enrolled_there = enrolled(clone.unit)
    enrolled_there.open().vote(officer="o-NEWCOMER").send()
    client = somebody(Role.ADMINISTRATOR, clone.unit)
    said = decided(client, "de-rieng", f"{clone.ledger}:2", f"{enrolled_there.ledger}:2")
    assert "Đã để riêng 1 dòng." in said
    assert "1 dòng sẽ tính vào đơn vị khác" in said
    assert Decision.objects.get().ledger == enrolled_there.ledger


def test_lines_of_another_unit_are_absent(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    stranger = somebody(Role.ADMINISTRATOR, commune())
    assert shown(stranger.get(PAGE).content.decode(), "line") == []
    assert stranger.post(PAGE, {"viec": "chap-nhan", "dong": f"{kiosk.ledger}:2"}).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.parametrize("line", ["", "l:x", "nonsense", "l-\0:2", "l-a:99999999999999999999"])
def test_what_names_no_line_is_no_decision(administrator: Client, kiosk: Kiosk, line: str) -> None:
    assert "Xin đánh dấu ít nhất một dòng." in decided(administrator, "de-rieng", line)


@pytest.mark.parametrize("query", ["ly-do=khac", "trang-thai=khac", "don-vi=u-NOWHERE", "thiet-bi=d-NOWHERE"])
def test_what_does_not_exist_is_absent(administrator: Client, query: str) -> None:
    assert administrator.get(f"{PAGE}?{query}").status_code == 404


def test_a_whole_group_is_decided_in_steps(administrator: Client, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine_pages, "DECIDED_AT_ONCE", 5)
    monkeypatch.setattr(quarantine_pages, "FOLDED_AT_ONCE", 3)
    kiosk.open().votes(7, officer="o-NEWCOMER")
    kiosk.lines.append(b"nonsense")
    kiosk.send()
    newcomer(kiosk)
    said = decided(administrator, "chap-nhan", address=UNKNOWN, **{"ca-nhom": "1"})
    assert "Đã chấp nhận 5 dòng." in said
    assert "Đã tính 3 dòng vào kết quả. Có thể còn nữa" in said
    assert groups(administrator.get(PAGE).content.decode()) == {"unknown-officer": [2, 2, 0], "malformed": [1, 0, 0]}
    decided(administrator, "tinh-tiep", address=UNKNOWN)
    assert counted(kiosk.unit) == Counted(5, 0)


def test_many_lines_come_in_pages_and_the_queries_do_not_grow_with_them(administrator: Client, kiosk: Kiosk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as said:
            assert administrator.get(PAGE).status_code == 200
        return len(said)

    kiosk.open().vote(officer="o-NEWCOMER").send()
    enrolled(kiosk.unit).open(counter="c-ELSEWHERE").send()
    few = queries()
    for other in (enrolled(kiosk.unit), enrolled(kiosk.unit)):
        other.open(counter="c-ELSEWHERE").votes(30).send()
    assert queries() == few
    assert few <= 25
    page = administrator.get(PAGE).content.decode()
    assert (len(shown(page, "line")), "Trang 1 trên 2" in text(page)) == (50, True)
    assert Quarantine.objects.count() == 64


def test_lines_can_be_chosen_by_unit_and_by_device(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    other = enrolled(commune("Phường Tân An", province))
    Unit.objects.filter(pk=kiosk.unit.pk).update(parent=province)
    for each in (kiosk, other):
        each.open().vote(officer="o-NEWCOMER").send()
    client = somebody(Role.TECHNICIAN, province)
    for address in (f"{PAGE}?don-vi={other.unit.pk}", f"{PAGE}?thiet-bi={other.device}"):
        assert shown(client.get(address).content.decode(), "line") == [f"{other.ledger}:2"]
    assert len(shown(client.get(f"{PAGE}?don-vi={province.pk}").content.decode(), "line")) == 2


def test_the_half_day_of_a_line_is_that_of_its_unit(administrator: Client, kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NEWCOMER").send()
    Quarantine.objects.update(at=round(datetime(2026, 11, 22, 17, 30, tzinfo=UTC).timestamp() * 1000))
    assert "sáng 23/11/2026" in text(administrator.get(PAGE).content.decode())
