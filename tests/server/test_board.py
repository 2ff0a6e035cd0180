"""The public board: what a unit published, for everybody."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from server.board.models import Publication
from server.board.publishing import NotPublishableError, draft, publish, published, withdraw
from server.intake.models import OfficerDay, PublishedDay, ReasonDay
from server.places.models import Membership, Officer, Unit
from server.places.names import folded, holds
from server.record.models import Line
from server.results.counts import Count
from server.results.period import Kind, Period, containing
from tests.server.people import Role, somebody


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)


def last_month(unit: Unit) -> Period:
    return containing(Kind.MONTH, unit.today()).before


def votes(unit: Unit, day: date, *pairs: tuple[int, int]) -> list[Officer]:
    """Votes of a day, satisfied and dissatisfied, for a new officer each."""
    officers = [Officer.objects.create(unit=unit, name=f"Cán bộ {place}", title="Công chức") for place in range(len(pairs))]
    for officer, (good, bad) in zip(officers, pairs, strict=True):
        OfficerDay.objects.create(unit_id=unit.pk, day=day, counter_id="c", officer_id=officer.pk, satisfied=good, dissatisfied=bad)
    return officers


def test_everybody_reads_what_was_published_and_nothing_else(unit: Unit, client: Client) -> None:
    period = last_month(unit)
    votes(unit, period.first, (20, 2), (12, 0))
    assert "Chưa có kết quả nào được công bố" in client.get(f"/cong-khai/{unit.pk}/").content.decode()
    publish(unit, period, "lanhdao", timezone.now())
    for address in (f"/cong-khai/{unit.pk}/", f"/cong-khai/{unit.pk}/man-hinh/"):
        page = client.get(address).content.decode()
        assert "94,1" in page
        assert "Cán bộ 0" not in page


@pytest.mark.parametrize(("words", "finds"), [("thái", True), ("THAI hoa", True), ("Thải", False), ("khác", False), ("", True)])
def test_units_are_sought_without_regard_to_capitals_and_diacritics(unit: Unit, client: Client, words: str, *, finds: bool) -> None:
    period = last_month(unit)
    votes(unit, period.first, (20, 0), (20, 0))
    publish(unit, period, "lanhdao", timezone.now())
    assert (unit.name in client.get("/cong-khai/", {"tim": words}).content.decode()) == finds


def test_dd_is_a_letter_with_a_mark_too() -> None:
    assert folded("Đắk Lắk") == "dak lak"
    assert holds("Xã Đức Huệ", "đức")
    assert not holds("Xã Duc", "đức")


def test_what_was_published_stays_until_it_is_published_again(unit: Unit) -> None:
    period = last_month(unit)
    officers = votes(unit, period.first, (20, 0), (20, 0))
    publish(unit, period, "lanhdao", timezone.now())
    OfficerDay.objects.filter(officer_id=officers[0].pk).update(dissatisfied=10)
    assert [one.votes for one in published(unit)] == [Count(40, 0)]
    publish(unit, period, "lanhdao", timezone.now())
    assert [one.votes for one in published(unit)] == [Count(40, 10)]
    assert Publication.objects.count() == 2


def test_what_was_withdrawn_is_shown_no_more_and_kept(unit: Unit, client: Client) -> None:
    period = last_month(unit)
    votes(unit, period.first, (20, 0), (20, 0))
    number = publish(unit, period, "lanhdao", timezone.now()).number
    assert withdraw(unit, number)
    assert not withdraw(unit, number)
    assert not published(unit)
    assert Publication.objects.count() == 1


def test_a_period_that_is_not_over_is_not_published(unit: Unit) -> None:
    today = unit.today()
    votes(unit, today, (20, 0), (20, 0))
    with pytest.raises(NotPublishableError, match="chưa kết thúc"):
        publish(unit, containing(Kind.MONTH, today), "lanhdao", timezone.now())


def test_fewer_than_30_votes_are_not_published(unit: Unit) -> None:
    period = last_month(unit)
    votes(unit, period.first, (14, 0), (15, 0))
    with pytest.raises(NotPublishableError, match="29 lượt"):
        publish(unit, period, "lanhdao", timezone.now())


@pytest.mark.parametrize(("others", "is_published"), [(4, False), (5, True)])
def test_votes_that_are_nearly_all_one_officers_are_not_published(unit: Unit, others: int, *, is_published: bool) -> None:
    period = last_month(unit)
    votes(unit, period.first, (40, 0), (others, 0))
    assert (draft(unit, period).obstacle == "") == is_published


def test_reasons_that_few_gave_are_not_published(unit: Unit) -> None:
    period = last_month(unit)
    votes(unit, period.first, (20, 9), (20, 9))
    for reason, times in (("waiting", 5), ("attitude", 4), ("friendly", 9)):
        ReasonDay.objects.create(unit_id=unit.pk, day=period.first, reason=reason, times=times)
    assert draft(unit, period).reasons == [("Chờ lâu", 5)]


def test_the_hashes_of_the_units_days_are_on_its_board(unit: Unit, client: Client) -> None:
    day = unit.today() - timedelta(days=1)
    PublishedDay.objects.create(unit_id=unit.pk, day=day, previous="", heads="", digest="ab" * 32, published_at=timezone.now())
    assert "ab" * 32 in client.get(f"/cong-khai/{unit.pk}/").content.decode()


def test_a_leader_publishes_and_the_record_says_so(unit: Unit) -> None:
    period = last_month(unit)
    votes(unit, period.first, (20, 0), (20, 0))
    client, address = somebody(Role.LEADER, unit), f"/don-vi/{unit.pk}/cong-bo/"
    assert "Công bố tháng" in client.get(address).content.decode()
    client.post(address, {"period": f"thang-{period.first}"})
    assert [one.votes.n for one in published(unit)] == [40]
    client.post(f"{address}1/thoi/")
    assert not published(unit)
    assert list(Line.objects.filter(action="change").order_by("id").values_list("unit_id", "detail")) == [
        (unit.pk, f"published thang-{period.first}"),
        (unit.pk, "withdrawn"),
    ]


@pytest.mark.parametrize("role", [role for role in Membership.Role if role not in (Membership.Role.LEADER, Membership.Role.ADMINISTRATOR)])
def test_who_may_not_publish_finds_no_such_page(unit: Unit, role: str) -> None:
    client = somebody(role, unit)
    assert client.get(f"/don-vi/{unit.pk}/cong-bo/").status_code == 404
    assert client.post(f"/don-vi/{unit.pk}/cong-bo/1/thoi/").status_code == 404


def test_a_leader_of_another_unit_cannot_publish_here(unit: Unit) -> None:
    other = somebody(Role.LEADER, Unit.objects.create(name="Xã khác", kind=Unit.Kind.COMMUNE))
    assert other.get(f"/don-vi/{unit.pk}/cong-bo/").status_code == 404
    assert other.post(f"/don-vi/{unit.pk}/cong-bo/", {"period": "thang-2026-01-01"}).status_code == 404
