"""What officers see of themselves."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.intake.models import OfficerDay
from server.places.models import Officer, Unit
from server.results.blocks import FEWEST, closed, total
from server.results.models import Block
from tests.server.database import clear
from tests.server.people import Role, at, somebody

START = date(2026, 11, 2)


@pytest.fixture
def officer() -> Officer:
    return _officer()


def _officer() -> Officer:
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    return Officer.objects.create(unit=unit, name="Trần Quốc Bảo", title="Công chức")


def votes(officer: Officer, day: date, satisfied: int, dissatisfied: int = 0, counter: str = "c-1") -> None:
    """So many more votes on a day."""
    key = {"unit_id": officer.unit_id, "officer_id": officer.pk, "day": day, "counter_id": counter}
    row = OfficerDay.objects.filter(**key).first() or OfficerDay(**key, satisfied=0, dissatisfied=0)
    row.satisfied += satisfied
    row.dissatisfied += dissatisfied
    row.save()


def on(day: int) -> date:
    return START + timedelta(days=day)


def shown(officer: Officer, today: date) -> list[tuple[date, date, int, int]]:
    return [(block.first, block.last, block.satisfied, block.dissatisfied) for block in closed(officer, today)]


def test_a_day_with_five_votes_is_a_block_when_it_is_over(officer: Officer) -> None:
    votes(officer, on(0), 4, 1)
    assert shown(officer, on(0)) == []
    assert shown(officer, on(1)) == [(on(0), on(0), 4, 1)]


def test_days_with_fewer_votes_wait_for_more(officer: Officer) -> None:
    votes(officer, on(0), 2)
    votes(officer, on(1), 1, 1)
    assert shown(officer, on(2)) == []
    votes(officer, on(4), 1)
    assert shown(officer, on(5)) == [(on(0), on(4), 4, 1)]


def test_votes_that_come_late_are_in_the_next_block(officer: Officer) -> None:
    votes(officer, on(0), 5)
    assert shown(officer, on(1)) == [(on(0), on(0), 5, 0)]
    votes(officer, on(0), 0, 1)
    votes(officer, on(1), 4)
    assert shown(officer, on(2)) == [(on(0), on(0), 5, 0), (on(1), on(1), 4, 1)]


def test_a_change_that_comes_late_shows_no_block_below_none(officer: Officer) -> None:
    votes(officer, on(0), 5)
    closed(officer, on(1))
    votes(officer, on(0), -1, 1)
    votes(officer, on(1), 0, 5)
    assert shown(officer, on(2)) == [(on(0), on(0), 5, 0)]
    votes(officer, on(2), 1)
    assert shown(officer, on(3)) == [(on(0), on(0), 5, 0), (on(1), on(2), 0, 6)]


def test_counters_of_a_day_are_one(officer: Officer) -> None:
    votes(officer, on(0), 3, counter="c-1")
    votes(officer, on(0), 1, 1, counter="c-2")
    assert shown(officer, on(1)) == [(on(0), on(0), 4, 1)]


arrivals = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 12), st.booleans()),  # a vote of that day comes in, perhaps late
        st.just("night"),
        st.just("look"),
    ),
    max_size=120,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals)
def test_no_difference_of_two_visible_totals_isolates_fewer_than_five_votes(happening: list[tuple[int, bool] | str]) -> None:
    clear()
    officer, today = _officer(), 0
    seen: list[list[Block]] = []
    for what in happening:
        if what == "night":
            today += 1
        elif what == "look":
            seen.append(closed(officer, on(today)))
        elif isinstance(what, tuple) and what[0] <= today:
            votes(officer, on(what[0]), int(what[1]), int(not what[1]))
    seen.append(closed(officer, on(today)))
    assert all(min(block.satisfied, block.dissatisfied) >= 0 for block in seen[-1])
    totals = {
        (blocks[first].first, blocks[last].last, total(blocks[first : last + 1]).n)
        for blocks in seen
        for first in range(len(blocks))
        for last in range(first, len(blocks))
    }
    for begins, ends, n in totals:
        within = [other_n for other_begins, other_ends, other_n in totals if begins <= other_begins and other_ends <= ends]
        assert n >= FEWEST
        assert all(n == other or n - other >= FEWEST for other in within)
    tallied = sum(row.satisfied + row.dissatisfied for row in OfficerDay.objects.filter(day__lt=on(today)))
    assert total(seen[-1]).n <= tallied


def test_officers_see_their_own_blocks_and_nobody_elses(officer: Officer) -> None:
    other = Officer.objects.create(unit=officer.unit, name="Lê Hoàng Phúc", title="Công chức")
    day = officer.unit.today() - timedelta(days=3)
    votes(officer, day, 6)
    votes(other, day, 0, 7)
    client = somebody(Role.OFFICER, officer.unit, officer=officer)
    page = client.get("/cua-toi/").content.decode()
    assert 'data-own="6"' in page
    assert "Lê Hoàng Phúc" not in page
    assert client.get(f"/don-vi/{officer.unit_id}/").status_code == 404


def test_who_is_no_officer_has_no_such_page(officer: Officer) -> None:
    assert at().get("/cua-toi/").headers["Location"] == "/login/?next=/cua-toi/"
    assert somebody(Role.LEADER, officer.unit).get("/cua-toi/").status_code == 404
