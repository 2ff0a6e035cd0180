"""The way of a case: which step may follow which, and by when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cases.steps import Step, due, mondays

pytestmark = pytest.mark.once

days = st.dates(date(2020, 1, 1), date(2090, 1, 1))
steps = st.sampled_from(Step)


def reached(begin: Step) -> set[Step]:
    found, waiting = set[Step](), [begin]
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += step.following
    return found


def test_from_the_beginning_every_step_can_be_reached_and_from_every_step_an_end() -> None:
    assert reached(Step.OPENED) == set(Step)
    for step in Step:
        assert any(one.is_over for one in reached(step))
        assert step.is_over == (not step.following)


def test_whoever_wrote_it_may_withdraw_until_it_was_answered() -> None:
    assert {step for step in Step if Step.WITHDRAWN in step.following} == {
        Step.OPENED, Step.VERIFIED, Step.INVITED, Step.LISTED, Step.MET,
    }  # fmt: skip


@given(steps, days)
def test_what_is_awaited_is_due_on_a_working_day_within_a_month(step: Step, since: date) -> None:
    day = due(step, since)
    if day is None:
        assert step.is_over
    else:
        assert since < day <= since + timedelta(days=30)
        assert day.weekday() < 5


def test_who_comes_on_monday_is_awaited_until_the_day_after() -> None:
    assert due(Step.LISTED, date(2026, 11, 24), date(2026, 11, 30)) == date(2026, 12, 1)


@given(days, st.integers(1, 8))
def test_mondays_are_those_that_come(since: date, count: int) -> None:
    found = mondays(since, count)
    assert len(found) == count
    assert all(day.weekday() == 0 for day in found)
    assert found[0] - since <= timedelta(days=7)
    assert found[0] > since
