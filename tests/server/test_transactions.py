"""Transaction counts: a day is told as a whole, by whatever way, and participation is of what was told last."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import NamedTuple

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.intake import store
from server.intake.models import OfficerDay, StaleDay
from server.intake.sql import run
from server.places.models import BEGINNING, Counter, Officer, Unit
from server.problems import ProblemError
from server.record.models import Line
from server.results import queries
from server.results.models import TransactionCount
from server.results.period import Kind, Period
from server.transactions.telling import MOST, MOST_ROWS, Handled, Source, Teller, tell, told
from tests.server.kiosk import Kiosk
from tests.server.system import System, token_for
from tests.server.test_tokens import refused

FIRST = date(2025, 3, 3)
DAYS = [FIRST + timedelta(number) for number in range(4)]
SPAN = Period(Kind.SPAN, DAYS[0], DAYS[-1])
BY = Teller("vanphong", Source.TYPED, "192.0.2.9")


class Place(NamedTuple):
    """A commune with two counters and two officers."""

    province: Unit
    unit: Unit
    counters: list[str]
    officers: list[str]


def a_place() -> Place:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE, parent=province)
    counters = [Counter.objects.create(unit=unit, name=f"Quầy {number}").pk for number in (1, 2)]
    officers = [Officer.objects.create(unit=unit, name=name, title="").pk for name in ("Bảo", "Phúc")]
    return Place(province, unit, ["", *counters], ["", *officers])


pairs = st.tuples(st.integers(0, 2), st.integers(0, 2))
telling = st.tuples(st.integers(0, len(DAYS) - 1), st.dictionaries(pairs, st.integers(0, 50), max_size=4))
voting = st.dictionaries(st.tuples(st.integers(0, len(DAYS) - 1), st.integers(1, 2), st.integers(0, 2)), st.integers(1, 20), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(telling, max_size=8), voting)
def test_what_was_told_last_is_what_stands_and_what_participation_is_of(
    migrated: None, tellings: list[tuple[int, dict[tuple[int, int], int]]], votes: dict[tuple[int, int, int], int]
) -> None:
    place = a_place()
    last: dict[date, dict[tuple[str, str], int]] = {}
    for at, counts in tellings:
        rows = {(place.counters[counter], place.officers[officer]): count for (counter, officer), count in counts.items()}
        tell(place.unit, {DAYS[at]: [Handled(*pair, count) for pair, count in rows.items()]}, BY)
        last[DAYS[at]] = rows
    rated: dict[tuple[date, str, str], int] = {}
    for (at, counter, officer), count in votes.items():
        key = (DAYS[at], place.counters[counter], place.officers[officer])
        rated[key] = count
        OfficerDay.objects.create(unit_id=place.unit.pk, day=key[0], counter_id=key[1], officer_id=key[2], satisfied=count, dissatisfied=0)
        run(store.mark_stale(place.unit.pk, [key[0]]))

    stand = {(day, *pair): count for day, rows in last.items() for pair, count in rows.items()}
    kept = TransactionCount.objects.filter(unit_id=place.unit.pk).values_list("day", "counter_id", "officer_id", "handled")
    assert {(day, counter, officer): count for day, counter, officer, count in kept} == stand
    assert {day: one.handled for day, one in told(place.unit, DAYS[0], DAYS[-1]).items()} == {
        day: sum(rows.values()) for day, rows in last.items() if rows
    }

    facts = queries.facts(place.unit, SPAN)
    of_officers = credited(stand, rated)
    by_officer = {row.key: (row.count.handled, row.count.rated) for row in facts.by_officer()}
    by_counter = {row.key: (row.count.handled, row.count.rated) for row in facts.by_counter()}
    for name in place.officers:
        assert by_officer.get(name, (0, 0)) == recounted(of_officers, rated, 2, name)
    for name in place.counters:
        assert by_counter.get(name, (0, 0)) == recounted(stand, rated, 1, name)
    whole = recounted(stand, rated, None, "")
    assert (facts.total.handled, facts.total.rated) == whole
    province = queries.total(place.province, SPAN)
    assert (province.handled, province.rated) == whole
    assert not StaleDay.objects.filter(unit_id=place.unit.pk).exists()


Keyed = dict[tuple[date, str, str], int]


def credited(stand: Keyed, rated: Keyed) -> Keyed:
    """Counts told for a counter only, given to the officer who alone was rated there on that day."""
    given: Keyed = defaultdict(int)
    for (day, counter, officer), count in stand.items():
        there = [one for (when, where, one), votes in rated.items() if (when, where) == (day, counter) and votes]
        given[day, counter, there[0] if counter and not officer and len(there) == 1 else officer] += count
    return given


def recounted(handled: Keyed, rated: Keyed, part: int | None, name: str) -> tuple[int, int]:
    """Transactions of a name, and its votes on the days for which it has any, counted one by one."""

    def of(keyed: Keyed, day: date) -> int:
        return sum(count for key, count in keyed.items() if key[0] == day and (part is None or key[part] == name))

    return sum(of(handled, day) for day in DAYS), sum(of(rated, day) for day in DAYS if of(handled, day))


def test_the_same_again_changes_nothing_not_even_who_told_it(kiosk: Kiosk) -> None:
    rows = [Handled(kiosk.counter.pk, "", 7), Handled("", "", 5)]
    assert tell(kiosk.unit, {FIRST: rows}, BY) == {FIRST: None}
    before = told(kiosk.unit, FIRST, FIRST)
    assert tell(kiosk.unit, {FIRST: rows[::-1]}, Teller("khác", Source.API, "")) == {}
    assert told(kiosk.unit, FIRST, FIRST) == before
    assert Line.objects.count() == 1


def test_a_change_is_in_the_record_with_what_was_before_and_marks_the_day(kiosk: Kiosk) -> None:
    next_day = FIRST + timedelta(1)
    tell(kiosk.unit, {FIRST: [Handled("", "", 7)]}, BY)
    StaleDay.objects.all().delete()
    changed = tell(kiosk.unit, {FIRST: [Handled("", "", 9)], next_day: [Handled("", "", 1)]}, Teller("t", Source.API, "198.51.100.1"))
    assert {day: before.handled if before else None for day, before in changed.items()} == {FIRST: 7, next_day: None}
    assert set(StaleDay.objects.values_list("unit_id", "day")) == {(kiosk.unit.pk, FIRST), (kiosk.unit.pk, next_day)}
    line = Line.objects.order_by("id").last()
    assert line is not None
    assert (line.who, line.address, line.action, line.unit_id) == ("t", "198.51.100.1", "change", kiosk.unit.pk)
    assert line.detail == f"api: {FIRST} 7→9, {next_day} –→1"


def test_of_several_days_one_that_is_wrong_leaves_all_as_they_were(kiosk: Kiosk) -> None:
    tell(kiosk.unit, {FIRST: [Handled("", "", 7)]}, BY)
    with pytest.raises(ProblemError):
        tell(kiosk.unit, {FIRST: [Handled("", "", 9)], DAYS[1]: [Handled("c-NOWHERE", "", 1)]}, BY)
    assert told(kiosk.unit, FIRST, DAYS[-1])[FIRST].handled == 7


def test_the_one_stop_system_tells_a_day_again_and_again_and_reads_it_back(kiosk: Kiosk) -> None:
    system, address = System(token_for(kiosk.unit)), f"transactions/{kiosk.unit.pk}/{FIRST}"
    nothing = system.get(address).json()
    assert (nothing["handled"], nothing["counts"], nothing["source"], nothing["at"]) == (None, [], None, None)
    counts = [{"handled": 30, "counter": kiosk.counter.pk, "officer": kiosk.officers[0].pk}, {"handled": 12}]
    for _ in range(2):
        answer = system.put(address, {"counts": counts})
        assert (answer.status_code, answer.json()["handled"], answer.json()["source"]) == (200, 42, "api")
    assert system.get(address).json() == answer.json()
    assert sorted(row["handled"] for row in answer.json()["counts"]) == [12, 30]
    assert system.put(address, {"counts": [{"handled": 5.0}]}).json()["handled"] == 5
    assert system.put(address, {"counts": []}).json()["handled"] is None
    assert not TransactionCount.objects.exists()


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ([{"handled": -1}], (400, "malformed")),
        ([{"handled": MOST + 1}], (400, "malformed")),
        ([{"handled": 1.5}], (400, "malformed")),
        ([{"handled": "1"}], (400, "malformed")),
        ([{"handled": 1, "counters": "c-1"}], (400, "malformed")),
        ([{"counter": "c-1"}], (400, "malformed")),
        ([{"handled": 1, "counter": "\0"}], (400, "malformed")),
        ([{"handled": 1}] * (MOST_ROWS + 1), (400, "malformed")),
        ([{"handled": 1}, {"handled": 2}], (422, "counted-twice")),
        ([{"handled": 1, "counter": "c-NOWHERE"}], (422, "unknown-counter")),
        ([{"handled": 1, "officer": "o-NOBODY"}], (422, "unknown-officer")),
    ],
)
def test_counts_that_cannot_be_are_refused_and_change_nothing(
    kiosk: Kiosk, counts: list[dict[str, object]], problem: tuple[int, str]
) -> None:
    system, address = System(token_for(kiosk.unit)), f"transactions/{kiosk.unit.pk}/{FIRST}"
    system.put(address, {"counts": [{"handled": 8}]})
    assert refused(system.put(address, {"counts": counts})) == problem
    assert system.get(address).json()["handled"] == 8


def test_a_counter_of_another_unit_is_unknown(kiosk: Kiosk) -> None:
    place = a_place()
    answer = System(token_for(kiosk.unit)).put(
        f"transactions/{kiosk.unit.pk}/{FIRST}", {"counts": [{"handled": 1, "counter": place.counters[1]}]}
    )
    assert refused(answer) == (422, "unknown-counter")


def test_a_day_that_has_not_come_or_on_which_the_unit_was_not_is_refused(kiosk: Kiosk) -> None:
    system, unit = System(token_for(kiosk.unit)), kiosk.unit
    unit.ended = unit.today() - timedelta(days=2)
    unit.save()
    for day in (unit.today() + timedelta(days=1), unit.ended + timedelta(days=1), BEGINNING - timedelta(days=1)):
        answer = system.put(f"transactions/{unit.pk}/{day}", {"counts": [{"handled": 1}]})
        assert refused(answer) == (422, "day-outside")
        assert answer.json()["detail"]
    for day in (unit.ended, BEGINNING):
        assert system.put(f"transactions/{unit.pk}/{day}", {"counts": [{"handled": 1}]}).status_code == 200
    assert refused(system.put(f"transactions/{unit.pk}/20250303", {"counts": []})) == (400, "malformed")


def test_of_two_who_tell_a_day_at_once_the_whole_of_one_stands(kiosk: Kiosk) -> None:
    second = Counter.objects.create(unit=kiosk.unit, name="Quầy 2")
    sayings = [[Handled(kiosk.counter.pk, "", 1), Handled("", "", 2)], [Handled(second.pk, "", 3), Handled("", kiosk.officers[0].pk, 4)]]
    gate = Barrier(len(sayings))

    def say(rows: list[Handled]) -> None:
        try:
            gate.wait()
            tell(kiosk.unit, {FIRST: rows}, BY)
        finally:
            connection.close()

    for _ in range(5):
        with ThreadPoolExecutor(len(sayings)) as threads:
            for one in [threads.submit(say, rows) for rows in sayings]:
                one.result()
        assert set(told(kiosk.unit, FIRST, FIRST)[FIRST].rows) in [set(rows) for rows in sayings]


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"{", "application/json", (400, "malformed")),
        (b"\xff", "application/json", (400, "malformed")),
        (b"[" * 100_000, "application/json", (400, "malformed")),
        (b"{}", "text/plain", (415, "unsupported")),
        (b" " * 300_000, "application/json", (413, "too-large")),
    ],
)
def test_a_body_that_is_none_is_refused(kiosk: Kiosk, body: bytes, kind: str, problem: tuple[int, str]) -> None:
    client = kiosk.client
    headers = {"Authorization": f"Bearer {token_for(kiosk.unit)}"}
    answer = client.put(f"/api/v1/transactions/{kiosk.unit.pk}/{FIRST}", body, content_type=kind, headers=headers)
    assert refused(answer) == problem
