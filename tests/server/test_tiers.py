"""The second tier says what the first says, whatever happens in whichever order; and every question of a period gives the same counts."""

from collections import Counter as Multiset
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.intake import store
from server.intake.models import OfficerDay, StaleDay
from server.intake.sql import run
from server.intake.tally import HourCell, OfficerCell, ReasonCell
from server.places.history import stand
from server.places.models import BEGINNING, Unit
from server.results import counts, queries, tiers
from server.results.counts import Count
from server.results.models import AreaHour, AreaReason, TransactionCount, UnitDay
from server.results.period import Kind, Period
from server.results.tiers import derive_all, refresh
from server.screens.models import OwnReason, Screens
from sync.choices import DEFAULT_REASONS
from tests.server.database import clear
from tests.server.kiosk import enrolled

START = date(2026, 11, 2)
DAYS = 6
WHOLE = Period(Kind.SPAN, START, START + timedelta(days=DAYS - 1))


class Vote(NamedTuple):
    unit: str
    day: date
    hour: int
    counter: str
    officer: str
    satisfied: bool


@dataclass
class Country:
    """Two provinces with two communes each, the first province with counters of its own; and what was counted, naively."""

    country: Unit
    provinces: list[Unit]
    communes: list[Unit]
    votes: list[Vote] = field(default_factory=list)
    reasons: Multiset[tuple[str, date, str]] = field(default_factory=Multiset)
    handled: dict[tuple[str, date], int] = field(default_factory=dict)
    parents: dict[str, dict[date, str]] = field(default_factory=dict)

    def count(self, vote: Vote) -> None:
        """As intake does, in one transaction."""
        good, bad = int(vote.satisfied), int(not vote.satisfied)
        with transaction.atomic():
            run(
                store.add_officer_days(vote.unit, [OfficerCell(vote.day, vote.counter, vote.officer, good, bad)]),
                store.add_unit_hours(vote.unit, [HourCell(vote.day, vote.hour, good, bad)]),
                store.mark_stale(vote.unit, [vote.day]),
            )
        self.votes.append(vote)

    def reason(self, unit: str, day: date, reason: str) -> None:
        with transaction.atomic():
            run(store.add_reason_days(unit, [ReasonCell(day, reason, 1)]), store.mark_stale(unit, [day]))
        self.reasons[unit, day, reason] += 1

    def tell(self, unit: str, day: date, handled: int) -> None:
        with transaction.atomic():
            TransactionCount.objects.filter(unit_id=unit, day=day).delete()
            row = {"counter_id": "", "officer_id": "", "source": "typed", "who": "x", "at": timezone.now()}
            TransactionCount.objects.create(unit_id=unit, day=day, handled=handled, **row)
            run(store.mark_stale(unit, [day]))
        self.handled[unit, day] = handled

    def move(self, commune: Unit, since: date, province: Unit) -> None:
        stand(commune, since, commune.name, province)
        self.parents[commune.pk][since] = province.pk

    def under(self, unit: Unit, vote_unit: str, day: date) -> bool:
        """Whether what happened in a unit on a day counts in the other."""
        if vote_unit == unit.pk:
            return True
        if unit.kind == Unit.Kind.COUNTRY:
            return True
        standings = self.parents.get(vote_unit, {})
        return bool(standings) and standings[max(since for since in standings if since <= day)] == unit.pk

    def expected(self, unit: Unit, period: Period) -> Count:
        here = [vote for vote in self.votes if self.under(unit, vote.unit, vote.day) and period.first <= vote.day <= period.last]
        good = sum(vote.satisfied for vote in here)
        told = {key: n for key, n in self.handled.items() if self.under(unit, *key) and period.first <= key[1] <= period.last}
        rated = sum(bool(told.get((vote.unit, vote.day))) for vote in here)
        return Count(good, len(here) - good, sum(told.values()), rated)


def country() -> Country:
    top = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    provinces = [Unit.objects.create(name=f"Tỉnh {name}", kind=Unit.Kind.PROVINCE, parent=top) for name in "AB"]
    communes = [Unit.objects.create(name=f"Xã {place}", kind=Unit.Kind.COMMUNE, parent=provinces[place // 2]) for place in range(4)]
    made = Country(top, provinces, communes)
    for place, commune in enumerate(communes):
        made.parents[commune.pk] = {BEGINNING: provinces[place // 2].pk}
        screens = Screens.objects.create(place=commune.pk, unit=commune)
        for name, rating in OWN.items():
            OwnReason.objects.create(screens=screens, name=name, rating=rating, vietnamese=name)
    return made


REASONS = [DEFAULT_REASONS[0].id, DEFAULT_REASONS[1].id, "r-bad", "r-good", "r-other", "r-forgotten"]
OWN = {"r-bad": "dissatisfied", "r-other": "dissatisfied", "r-good": "satisfied"}
RATINGS = {reason.id: reason.rating for reason in DEFAULT_REASONS} | OWN
unit_places = st.integers(0, 4)  # four communes, and the first province itself
day_places = st.integers(0, DAYS - 1)
events = st.one_of(
    st.tuples(st.just("vote"), unit_places, day_places, st.integers(7, 9), st.sampled_from("abc"), st.sampled_from("xy"), st.booleans()),
    st.tuples(st.just("reason"), unit_places, day_places, st.sampled_from(REASONS)),
    st.tuples(st.just("tell"), unit_places, day_places, st.integers(0, 9)),
    st.tuples(st.just("move"), st.integers(0, 3), day_places, st.integers(0, 1)),
    st.tuples(st.just("refresh")),
)


def happen(world: Country, event: tuple[object, ...]) -> None:
    kind, *what = event
    units = [*world.communes, world.provinces[0]]
    match kind, what:
        case "vote", [int(unit), int(day), int(hour), str(counter), str(officer), bool(satisfied)]:
            world.count(Vote(units[unit].pk, START + timedelta(days=day), hour, counter, officer, satisfied))
        case "reason", [int(unit), int(day), str(reason)]:
            world.count(Vote(units[unit].pk, START + timedelta(days=day), 8, "a", "x", satisfied=False))
            world.reason(units[unit].pk, START + timedelta(days=day), reason)
        case "tell", [int(unit), int(day), int(handled)]:
            world.tell(units[unit].pk, START + timedelta(days=day), handled)
        case "move", [int(commune), int(day), int(province)]:
            world.move(world.communes[commune], START + timedelta(days=day), world.provinces[province])
        case _:
            refresh()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=30), day_places, day_places)
def test_every_question_of_a_period_gives_the_same_counts(happening: list[tuple[object, ...]], one: int, other: int) -> None:
    clear()
    world = country()
    for event in happening:
        happen(world, event)
    period = Period(Kind.SPAN, START + timedelta(days=min(one, other)), START + timedelta(days=max(one, other)))
    for unit in [world.country, *world.provinces, *world.communes]:
        expected = world.expected(unit, period)
        assert queries.total(unit, period) == expected
        assert sum(queries.by_day(unit, period).values(), Count()) == expected
        by_hour = sum((cell.votes for cell in queries.by_hour(unit, period)), Count())
        assert (by_hour.satisfied, by_hour.dissatisfied) == (expected.satisfied, expected.dissatisfied)
        times = Multiset[tuple[str, str]]()
        for (place, day, reason), n in world.reasons.items():
            if world.under(unit, place, day) and period.first <= day <= period.last:
                own = reason.startswith("r-") and unit.kind != Unit.Kind.COMMUNE
                times["" if own else reason, RATINGS.get(reason, "")] += n
        reasons = queries.reasons(unit, period)
        assert {(reason.id, reason.rating): reason.times for reason in reasons} == dict(times)
        assert len(reasons) == len(times)
        if queries.is_area(unit):
            assert counts.total(queries.by_unit(unit, period)) == expected
        else:
            facts = queries.facts(unit, period)
            for rows in (facts.by_officer(), facts.by_counter()):
                together = counts.total(rows)
                assert (together.satisfied, together.dissatisfied, together.handled) == (
                    expected.satisfied, expected.dissatisfied, expected.handled,
                )  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=30))
def test_derived_bit_by_bit_or_all_at_once_is_the_same(happening: list[tuple[object, ...]]) -> None:
    clear()
    world = country()
    for event in happening:
        happen(world, event)
    refresh()
    kept = _second_tier()
    derive_all()
    refresh()
    assert _second_tier() == kept
    assert not StaleDay.objects.exists()


def _second_tier() -> list[list[tuple[object, ...]]]:
    return [
        sorted(table.objects.values_list(*(f.attname for f in table._meta.concrete_fields))) for table in (UnitDay, AreaHour, AreaReason)
    ]


def test_a_vote_and_its_change_are_in_the_province_at_once() -> None:
    kiosk = enrolled()
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    kiosk.open().votes(2, 1).send()
    day = kiosk.unit.today()
    assert queries.total(province, Period(Kind.DAY, day, day)) == Count(2, 1)


def test_days_of_before_a_unit_moved_stay_where_it_was() -> None:
    world = country()
    commune, day = world.communes[0], START + timedelta(days=1)
    for when in (START, day):
        world.count(Vote(commune.pk, when, 8, "a", "x", True))
    refresh()
    world.move(commune, day, world.provinces[1])
    assert [queries.total(province, WHOLE) for province in world.provinces] == [Count(1, 0), Count(1, 0)]
    assert {row.key: row.count.n for row in queries.by_unit(world.provinces[0], WHOLE)} == {commune.pk: 1, world.communes[1].pk: 0}


def test_a_unit_stands_from_the_beginning_where_it_was_made() -> None:
    world = country()
    assert world.communes[0].standings.get().since == BEGINNING


def test_more_marks_than_are_taken_at_once_are_all_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "AT_ONCE", 3)
    country = Unit.objects.create(id="u-b", name="Cả nước", kind=Unit.Kind.COUNTRY)
    province = Unit.objects.create(id="u-B", name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)
    days = [date(2026, 11, day) for day in range(1, 8)]
    for name in ("u-a", "u-Z", "U-é", "u-1"):
        Unit.objects.create(id=name, name=name, kind=Unit.Kind.COMMUNE, parent=province)
        OfficerDay.objects.bulk_create(
            OfficerDay(unit_id=name, day=day, counter_id="", officer_id="", satisfied=1, dissatisfied=0) for day in days
        )
    tiers.derive_all()
    tiers.refresh()
    assert not StaleDay.objects.exists()
    assert queries.total(country, Period(Kind.MONTH, days[0], days[-1])).n == 4 * len(days)
