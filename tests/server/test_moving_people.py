"""Officers go to another counter, to another unit, for good; what was said of them stays where it was said."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from server.places.models import Counter, Membership, Officer
from server.places.officers import assign, leave, move
from server.places.roster import roster_of
from server.places.scope import officers_for
from server.results import queries
from server.results.period import Kind, containing
from sync import wire
from tests.server.country import Country, a_country
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, somebody


@pytest.fixture
def country() -> Country:
    return a_country()


def offered(counter: Counter) -> wire.KioskConfig:
    return wire.decode(roster_of(Counter.objects.get(pk=counter.pk)).content, wire.KioskConfig)


def test_an_officer_goes_to_another_counter_and_who_was_there_has_none(country: Country) -> None:
    first, there = country.officer(country.hill), country.counter(country.hill)
    second = Officer.objects.create(unit=country.hill, name="Người thứ hai", title="Công chức")
    other = Counter.objects.create(unit=country.hill, name="Quầy khác", on_duty=second)
    assign(first, [other])
    assert offered(other).on_duty == first.pk
    assert offered(there).on_duty is None
    assert not second.counters.exists()


def test_an_officer_is_never_put_at_a_counter_of_another_unit(country: Country) -> None:
    assign(country.officer(country.hill), [country.counter(country.lake)])
    assert country.counter(country.lake).on_duty == country.officer(country.lake)


def test_who_leaves_is_offered_nowhere_and_their_votes_stay(kiosk: Kiosk) -> None:
    officer = kiosk.officers[0]
    kiosk.open().votes(3, 1).send()
    leave(officer)
    assert officer.pk not in [one.id for one in offered(kiosk.counter).officers]
    assert offered(kiosk.counter).on_duty is None
    facts = queries.facts(kiosk.unit, containing(Kind.DAY, kiosk.unit.today()))
    assert next(row.count for row in facts.by_officer() if row.key == officer.pk).n == 4


def test_who_moves_keeps_name_title_photo_and_pin_and_begins_there_without_votes(kiosk: Kiosk) -> None:
    officer, new = kiosk.officers[0], enrolled().unit
    Officer.objects.filter(pk=officer.pk).update(photo="f" * 64, pin="argon2…")
    officer.refresh_from_db()
    kiosk.open().votes(5).send()
    there = move(officer, new)
    assert (there.unit, there.name, there.title, there.photo, there.pin) == (new, officer.name, officer.title, officer.photo, officer.pin)
    assert there.pk != officer.pk
    officer.refresh_from_db()
    assert not officer.active
    today = containing(Kind.DAY, kiosk.unit.today())
    assert queries.facts(kiosk.unit, today).total.n == 5
    assert queries.facts(new, today).total.n == 0


def test_who_comes_back_has_the_id_that_they_had(country: Country) -> None:
    officer = country.officer(country.hill)
    there = move(officer, country.lake)
    back = move(there, country.hill)
    assert back == officer
    assert back.active
    assert move(back, country.lake) == there
    assert Officer.objects.filter(name=officer.name).count() == 2


def test_a_move_over_three_units_is_one_person(country: Country) -> None:
    first = country.officer(country.hill)
    second = move(first, country.lake)
    third = move(second, country.shore)
    assert {second.origin, third.origin} == {first}


def test_who_sees_their_own_results_sees_those_of_both_units(country: Country) -> None:
    officer, user = country.officer(country.hill), User.objects.create_user("lan")
    Membership.objects.create(user=user, unit=country.hill, role=Role.OFFICER, officer=officer)
    there = move(officer, country.shore)
    assert set(officers_for(user)) == {officer, there}


def test_moving_on_the_page_of_officers(country: Country) -> None:
    north, officer = somebody(Role.ADMINISTRATOR, country.north), country.officer(country.hill)
    chosen = north.post("/admin/places/officer/", {"action": "move_chosen", "_selected_action": [officer.pk]}).headers["Location"]
    page = north.get(chosen).content.decode()
    assert officer.name in page
    assert country.shore.name not in page
    assert north.post(chosen, {"unit": country.shore.pk}).status_code == 200, "a unit outside is no choice"
    assert north.post(chosen, {"unit": country.lake.pk}).status_code == 302
    assert Officer.objects.filter(name=officer.name, unit=country.lake, active=True).exists()


def test_an_officer_outside_is_not_moved(country: Country) -> None:
    hill: Client = somebody(Role.ADMINISTRATOR, country.hill)
    stranger = country.officer(country.shore)
    assert hill.post(f"/admin/places/officer/chuyen/?officer={stranger.pk}", {"unit": country.hill.pk}).status_code == 404
    assert hill.get(f"/admin/places/officer/photo/{'f' * 64}").status_code == 404


def test_the_page_of_an_officer_puts_them_on_duty_and_takes_them_off(country: Country) -> None:
    hill, officer = somebody(Role.ADMINISTRATOR, country.hill), country.officer(country.hill)
    other = Counter.objects.create(unit=country.hill, name="Quầy khác")
    form = {"name": officer.name, "title": officer.title, "active": "on", "at": [other.pk]}
    hill.post(f"/admin/places/officer/{officer.pk}/change/", form)
    assert [counter.pk for counter in officer.counters.all()] == [other.pk]
    hill.post(f"/admin/places/officer/{officer.pk}/change/", {**form, "active": ""})
    assert not officer.counters.exists()
