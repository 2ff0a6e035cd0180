"""A renaming, a move or a merger from a day on changes no result of the days before it."""

import io
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.devices.enrolment import enrol, new_code
from server.intake.models import OfficerDay
from server.places import history
from server.places.models import BEGINNING, Standing, Unit
from server.problems import ProblemError
from server.results import counts, queries
from server.results.models import TransactionCount
from server.results.period import Kind, Period, containing
from server.results.tiers import derive_all, refresh
from server.screens.models import Screens, Sentence
from server.screens.publish import publish
from tests.server.country import Country, a_country
from tests.server.people import Role, somebody

DAYS = [date(2025, 7, 1) + timedelta(days=count) for count in range(60)]
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def country() -> Country:
    return a_country()


@pytest.fixture
def midnight(monkeypatch: pytest.MonkeyPatch) -> "Calendar":
    return Calendar(monkeypatch)


class Calendar:
    """Which day it is for the server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def be(self, day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        self._patch.setattr(timezone, "now", lambda: noon)


@SLOW
@given(st.dictionaries(st.sampled_from(DAYS), st.sampled_from(["A", "B", "C", "D"]), min_size=1, max_size=8), st.sampled_from(DAYS))
def test_a_unit_was_called_on_a_day_as_its_latest_standing_before_says(names: dict[date, str], day: date) -> None:
    unit = Unit.objects.create(name="Xã đầu", kind=Unit.Kind.COMMUNE)
    for since, name in names.items():
        history.stand(unit, since, name, None)
    earlier = [since for since in names if since <= day]
    assert history.name_on(unit, day) == (names[max(earlier)] if earlier else "Xã đầu")
    assert history.name_on(unit, BEGINNING - timedelta(days=9)) == "Xã đầu"
    assert unit.name == names[max(names)]


@SLOW
@given(st.data())
def test_every_days_votes_are_those_of_the_province_of_that_day(data: st.DataObject) -> None:
    north, south = (Unit.objects.create(name=name, kind=Unit.Kind.PROVINCE) for name in ("Bắc", "Nam"))
    provinces = {north.pk: north, south.pk: south}
    expected: dict[str, int] = defaultdict(int)
    for number in range(2):
        commune = Unit.objects.create(name=f"Xã {number}", kind=Unit.Kind.COMMUNE, parent=north)
        votes = data.draw(st.dictionaries(st.sampled_from(DAYS), st.integers(1, 9), max_size=12))
        OfficerDay.objects.bulk_create(
            OfficerDay(unit_id=commune.pk, day=day, counter_id="c", officer_id="o", satisfied=count, dissatisfied=1)
            for day, count in votes.items()
        )
        derive_all()
        if data.draw(st.booleans()):
            refresh()
        moves = data.draw(st.dictionaries(st.sampled_from(DAYS), st.sampled_from(sorted(provinces)), max_size=4))
        for since, province in moves.items():
            history.stand(commune, since, commune.name, provinces[province])
        for day, count in votes.items():
            earlier = [since for since in moves if since <= day]
            expected[moves[max(earlier)] if earlier else north.pk] += count + 1
    period = Period(Kind.SPAN, DAYS[0], DAYS[-1])
    for key, unit in provinces.items():
        assert queries.total(unit, period).n == expected[key]
        assert counts.total(queries.by_unit(unit, period)).n == expected[key]


def test_a_correction_has_no_day_and_a_change_has(country: Country) -> None:
    country.hill.name = "Xã Đồi đúng"
    country.hill.save()
    assert history.name_on(country.hill, BEGINNING) == "Xã Đồi đúng"
    history.stand(country.hill, date(2026, 3, 1), "Phường Đồi", country.north)
    assert history.name_on(country.hill, date(2026, 2, 28)) == "Xã Đồi đúng"
    assert history.name_on(country.hill, date(2026, 3, 1)) == country.hill.name == "Phường Đồi"


def test_what_lies_ahead_takes_effect_on_its_day_by_the_nightly_command(country: Country, midnight: Calendar) -> None:
    midnight.be(date(2026, 11, 26))
    history.stand(country.hill, date(2026, 12, 1), "Phường Đồi", country.south)
    assert (country.hill.name, country.hill.parent) == ("Xã Đồi", country.north)
    midnight.be(date(2026, 12, 1))
    call_command("takeeffect", stdout=io.StringIO())
    country.hill.refresh_from_db()
    assert (country.hill.name, country.hill.parent) == ("Phường Đồi", country.south)


def test_any_command_lets_it_take_effect(country: Country, midnight: Calendar) -> None:
    midnight.be(date(2026, 11, 26))
    history.stand(country.hill, date(2026, 12, 1), "Phường Đồi", country.north)
    midnight.be(date(2026, 12, 2))
    call_command("publishday", stdout=io.StringIO())
    assert Unit.objects.get(pk=country.hill.pk).name == "Phường Đồi"


def test_saving_a_unit_before_the_night_has_run_keeps_its_new_name(country: Country, midnight: Calendar) -> None:
    midnight.be(date(2026, 11, 26))
    history.stand(country.hill, date(2026, 12, 1), "Phường Đồi", country.north)
    midnight.be(date(2026, 12, 1))
    country.hill.time_zone = "Asia/Bangkok"
    country.hill.save()
    history.take_effect()
    assert Unit.objects.get(pk=country.hill.pk).name == "Phường Đồi"


def test_nothing_is_written_while_every_unit_is_as_it_should_be(country: Country) -> None:
    assert history.take_effect() == 0


def test_kiosks_of_a_unit_that_moves_say_what_the_new_province_says(country: Country) -> None:
    Sentence.objects.create(screens=Screens.objects.create(unit=country.south), key="thanks", words="Tỉnh Nam cảm ơn!")
    publish(country.south)
    history.stand(country.hill, date(2026, 3, 1), country.hill.name, country.south)
    assert "Tỉnh Nam cảm ơn!" in country.hill.shown
    history.forget(Standing.objects.get(unit=country.hill, since=date(2026, 3, 1)))
    assert Unit.objects.get(pk=country.hill.pk).shown == ""


def test_the_first_standing_is_never_taken_back(country: Country) -> None:
    history.forget(Standing.objects.get(unit=country.hill))
    assert Standing.objects.filter(unit=country.hill).count() == 1


def test_a_merged_unit_goes_on_until_the_day_before(country: Country, midnight: Calendar) -> None:
    history.merge([country.lake], country.hill, date(2026, 12, 1))
    midnight.be(date(2026, 11, 30))
    assert not country.lake.is_over()
    assert country.lake in history.going_on(Unit.objects.all())
    midnight.be(date(2026, 12, 1))
    assert country.lake.is_over()
    assert country.lake not in history.going_on(Unit.objects.all())


def test_a_unit_that_has_ended_takes_no_new_counter_officer_or_kiosk_and_stays_readable(country: Country) -> None:
    code = new_code(country.counter(country.lake), timezone.now())
    TransactionCount.objects.create(
        unit_id=country.lake.pk, day=date(2026, 1, 5), counter_id="", officer_id="", handled=7, source="typed", who="x", at=timezone.now()
    )
    history.merge([country.lake], country.hill, date(2026, 2, 1))
    country.lake.refresh_from_db()
    with pytest.raises(ProblemError) as refused:
        enrol(code, "ab" * 32, "1.0", timezone.now())
    assert refused.value.code == "code-expired"
    north = somebody(Role.ADMINISTRATOR, country.north)
    counter = country.counter(country.lake)
    assert "không đăng ký thêm thiết bị được nữa" in north.get(f"/thiet-bi/quay/{counter.pk}/").content.decode()
    assert north.post(f"/thiet-bi/quay/{counter.pk}/ma/").status_code == 404
    for model, form in (("counter", {}), ("officer", {"title": "Công chức"})):
        answer = north.post(f"/admin/places/{model}/add/", {"unit": country.lake.pk, "name": "Mới", **form})
        assert answer.status_code == 200, "the form comes back: the unit is no choice"
    assert queries.total(country.lake, containing(Kind.MONTH, date(2026, 1, 5))).handled == 7
    assert "Nhập vào Xã Đồi" in north.get(f"/admin/places/unit/{country.lake.pk}/change/").content.decode()


# --- the pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(country: Country) -> Client:
    return somebody(Role.ADMINISTRATOR, country.whole)


def step(client: Client, unit: Unit, page: str, **form: object) -> int:
    return client.post(f"/admin/places/unit/{unit.pk}/{page}/", form).status_code


def test_a_unit_is_renamed_and_moved_from_a_day_on_by_a_form(country: Country, whole: Client) -> None:
    assert step(whole, country.hill, "ten-moi", since="2026-03-01", name="Phường Đồi", parent=country.south.pk) == 302
    page = whole.get(f"/admin/places/unit/{country.hill.pk}/change/").content.decode()
    assert "01/03/2026" in page
    assert "Đổi tên thành Phường Đồi" in page
    assert "Chuyển về Tỉnh Nam" in page
    assert step(whole, country.hill, "ten-moi", since="01/03/2026", name="Phường Đồi Cao", parent=country.south.pk) == 302
    assert Standing.objects.filter(unit=country.hill).count() == 2, "the same day again corrects it"
    assert step(whole, country.hill, "thu-hoi", standing=Standing.objects.get(since=date(2026, 3, 1)).pk) == 302
    country.hill.refresh_from_db()
    assert (country.hill.name, country.hill.parent) == ("Xã Đồi", country.north)


def test_the_administrator_of_a_province_moves_no_unit_out_of_it(country: Country) -> None:
    north = somebody(Role.ADMINISTRATOR, country.north)
    assert step(north, country.hill, "ten-moi", since="2026-03-01", name="Xã Đồi", parent=country.south.pk) == 200
    assert step(north, country.north, "ten-moi", since="2026-03-01", name="Tỉnh Bắc Mới", parent="") == 302
    country.north.refresh_from_db()
    assert (country.north.name, country.north.parent) == ("Tỉnh Bắc Mới", country.whole)


@pytest.mark.parametrize("since", ["", "2024-12-31", "2025-01-01", "hôm nay"])
def test_a_step_needs_a_day_after_the_beginning(country: Country, whole: Client, since: str) -> None:
    assert step(whole, country.hill, "ten-moi", since=since, name="Phường Đồi", parent=country.north.pk) == 200
    assert Standing.objects.filter(unit=country.hill).count() == 1


def test_several_units_are_merged_into_one_with_a_new_name_and_it_can_be_taken_back(country: Country, whole: Client) -> None:
    third = Unit.objects.create(name="Xã Suối", kind=Unit.Kind.COMMUNE, parent=country.north)
    form = {"since": "2026-03-01", "units": [country.lake.pk, third.pk], "name": "Xã Đồi Hồ"}
    assert step(whole, country.hill, "sap-nhap", **form) == 302
    country.hill.refresh_from_db()
    assert country.hill.name == "Xã Đồi Hồ"
    assert {unit.ended for unit in Unit.objects.filter(successor=country.hill)} == {date(2026, 2, 28)}
    page = whole.get(f"/admin/places/unit/{country.hill.pk}/change/").content.decode()
    assert "Tiếp nhận Xã Hồ" in page
    assert "Tiếp nhận Xã Suối" in page
    assert step(whole, country.lake, "tiep-tuc") == 302
    country.lake.refresh_from_db()
    assert (country.lake.ended, country.lake.successor) == (None, None)


def test_only_units_beside_it_are_merged_into_a_unit(country: Country, whole: Client) -> None:
    for other in (country.shore, country.north, country.hill):
        assert step(whole, country.hill, "sap-nhap", since="2026-03-01", units=[other.pk]) == 200
    assert not Unit.objects.exclude(ended=None).exists()
