"""What each detector flags, and what never. By hand-made days, and by hypothesis; chances agree with scipy."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from server.flags import chances
from server.flags.bursts import FEWEST, bursts
from server.flags.chances import Beta
from server.flags.closing import ALWAYS, SHORTEST_RUN, outside, streaks
from server.flags.detecting import Evidence, in_day, in_week
from server.flags.findings import Ballot, Finding, Opening, Span, Usual, Worked, usual
from server.flags.history import unlike
from server.flags.neglect import FEWEST_HANDLED, hardly, silent

pytestmark = pytest.mark.once

DAY = date(2026, 11, 25)  # a Wednesday
HOURS = Opening((Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17))), known=True)
OPEN = {"c1": HOURS, "c2": HOURS}
SLOW = {"c1": Usual([4.0] * 24, [0.5] * 24), "c2": Usual([4.0] * 24, [0.5] * 24)}
HEARD = frozenset({"c1", "c2"})
_T = TypeVar("_T")
some = settings(max_examples=40, deadline=None)


def at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock))


def votes(count: int, begins: str, minutes: float, *, satisfied: bool = True, counter: str = "c1") -> list[Ballot]:
    """So many, evenly from a time on."""
    return [
        Ballot(at(begins) + timedelta(minutes=minutes * n / count), counter, counter.replace("c", "o"), satisfied) for n in range(count)
    ]


def days(satisfied: int, dissatisfied: int = 0, handled: int = 0, *, counter: str = "c1", count: int = 20) -> list[Worked]:
    """So many working days before, all alike."""
    officer = counter.replace("c", "o")
    return [Worked(DAY - timedelta(days=1 + number), counter, officer, satisfied, dissatisfied, handled) for number in range(count)]


def weeks(satisfied: int, dissatisfied: int, *, count: int = 12) -> list[Worked]:
    return [Worked(DAY - timedelta(weeks=1 + number), "c1", "o1", satisfied, dissatisfied, 0) for number in range(count)]


def chance(found: Sequence[Finding]) -> float:
    return min((finding.p for finding in found), default=1.0)


# bursts


def test_fourteen_votes_in_three_minutes_are_a_burst_and_it_says_so_in_counts() -> None:
    [found] = bursts(votes(14, "16:52", 3), SLOW)
    assert (found.kind, found.counter_id, found.rating) == ("burst", "c1", "satisfied")
    assert found.figures == {"votes": 14, "minutes": 3, "usual": pytest.approx(4.5)}
    assert (found.begins, found.p < 1e-9) == (at("16:52"), True)


def test_a_family_of_five_is_no_burst() -> None:
    assert not bursts(votes(5, "09:00", 0.1), SLOW)


def test_citizens_at_the_counters_pace_are_no_burst_even_where_it_is_hardly_ever_visited() -> None:
    assert not bursts(votes(80, "07:30", 240), SLOW)


def test_votes_at_two_counters_are_no_burst_together() -> None:
    assert not bursts(votes(5, "09:00", 3) + votes(5, "09:00", 3, counter="c2"), SLOW)


def test_votes_of_two_ratings_are_no_burst_together() -> None:
    assert not bursts(votes(5, "09:00", 3) + votes(5, "09:00", 3, satisfied=False), SLOW)


def test_votes_whose_time_was_estimated_are_no_burst() -> None:
    assert not bursts([vote._replace(estimated=True) for vote in votes(50, "09:00", 1)], SLOW)


def test_what_is_a_burst_at_an_idle_counter_is_none_at_a_busy_one() -> None:
    eight = votes(8, "09:00", 3)
    assert bursts(eight, SLOW)
    assert not bursts(eight, {"c1": Usual([60.0] * 24, [1.0] * 24)})


def test_a_counter_of_which_little_is_known_needs_a_stronger_burst() -> None:
    assert chance(bursts(votes(9, "09:00", 3), SLOW)) < chance(bursts(votes(9, "09:00", 3), {"c1": Usual()}))


@some
@given(st.lists(st.floats(0, 600), max_size=FEWEST[0] - 1))
def test_fewer_votes_than_a_family_never_are_a_burst(minutes: list[float]) -> None:
    assert not bursts([Ballot(at("07:30") + timedelta(minutes=minute), "c1", "o1", True) for minute in minutes], SLOW)


@some
@given(st.integers(1, 30), st.integers(1, 10), st.floats(0.5, 12))
def test_more_votes_in_the_same_time_never_lower_the_alarm(count: int, more: int, span: float) -> None:
    assert chance(bursts(votes(count + more, "09:00", span), SLOW)) <= chance(bursts(votes(count, "09:00", span), SLOW)) * (1 + 1e-9)


# outside hours


def test_votes_at_night_are_outside_and_those_half_an_hour_late_are_not() -> None:
    [found] = outside(votes(5, "21:00", 20), OPEN, counters=2)
    assert (found.kind, found.counter_id, found.figures["votes"]) == ("outside", "c1", 5)
    assert not outside(votes(5, "17:05", 20), OPEN, counters=2)


def test_votes_in_the_lunch_break_are_outside() -> None:
    assert outside(votes(5, "12:10", 20), OPEN, counters=2)


def test_on_a_day_that_is_closed_every_vote_is_outside() -> None:
    closed = Opening((), known=True)
    assert outside(votes(5, "09:00", 60), {"c1": closed}, counters=1)


def test_a_whole_unit_that_works_on_a_saturday_is_one_flag() -> None:
    closed = Opening((), known=True)
    both = votes(20, "09:00", 60) + votes(20, "09:00", 60, counter="c2")
    [found] = outside(both, {"c1": closed, "c2": closed}, counters=2)
    assert (found.counter_id, found.figures["counters"], found.figures["votes"]) == ("", 2, 40)


def test_without_hours_it_is_six_to_eight_and_said_to_be_unknown() -> None:
    assert not outside(votes(9, "19:00", 60), {"c1": ALWAYS}, counters=1)
    [found] = outside(votes(9, "21:00", 60), {"c1": ALWAYS}, counters=1)
    assert found.figures["known"] == 0


def test_a_counter_with_hours_of_its_own_is_held_to_these() -> None:
    own = {"c1": HOURS, "c2": Opening((Span(time(7), time(21)),), known=True)}
    assert outside(votes(5, "20:00", 20), own, counters=2)
    assert not outside(votes(5, "20:00", 20, counter="c2"), own, counters=2)


@some
@given(st.integers(0, 2), st.integers(1, 12))
def test_one_or_two_stray_votes_are_nothing_and_more_never_lower_the_alarm(count: int, counters: int) -> None:
    assert count <= 1 or counters == 1 or not outside(votes(count, "21:00", 1), OPEN, counters)
    alarms = [chance(outside(votes(n, "21:00", 9), OPEN, counters)) for n in range(1, 15)]
    assert alarms == sorted(alarms, reverse=True)


# streaks


def test_a_long_streak_in_the_last_hour_is_flagged() -> None:
    [found] = streaks(votes(30, "16:00", 55), OPEN, SLOW, days(9, 1))
    assert (found.kind, found.officer_id, found.figures["run"]) == ("streak", "o1", 30)


def test_the_same_streak_in_the_morning_is_not() -> None:
    assert not streaks(votes(30, "09:00", 55), OPEN, SLOW, days(9, 1))


def test_a_streak_that_a_dissatisfied_vote_breaks_is_two_short_ones() -> None:
    broken = votes(30, "16:00", 55)
    broken[15] = broken[15]._replace(satisfied=False)
    assert chance(streaks(broken, OPEN, SLOW, days(9, 1))) > chance(streaks(votes(30, "16:00", 55), OPEN, SLOW, days(9, 1)))


def test_who_always_satisfies_may_have_a_streak_as_long_as_the_hour_is_busy() -> None:
    busy = {"c1": Usual([25.0] * 24, [0.5] * 24)}
    assert not streaks(votes(30, "16:00", 55), OPEN, busy, days(99, 1))


def test_an_officer_without_history_has_no_streak() -> None:
    assert not streaks(votes(30, "16:00", 55), OPEN, SLOW, days(2, 0, count=5))


@some
@given(st.integers(0, SHORTEST_RUN - 1))
def test_a_short_streak_is_never_flagged(count: int) -> None:
    assert not streaks(votes(count, "16:00", 55), OPEN, SLOW, days(5, 5))


def test_a_longer_streak_never_lowers_the_alarm() -> None:
    alarms = [chance(streaks(votes(n, "16:00", 55), OPEN, SLOW, days(8, 2))) for n in range(1, 50)]
    assert alarms == sorted(alarms, reverse=True)


# neglect


def today(given_votes: int, handled: int, counter: str = "c1") -> list[Worked]:
    return [Worked(DAY, counter, counter.replace("c", "o"), given_votes, 0, handled)]


def test_a_kiosk_that_is_on_with_transactions_and_no_votes_is_flagged() -> None:
    [found] = silent(today(0, 60), days(20, 0, 50), HEARD)
    assert (found.kind, found.counter_id) == ("silent", "c1")
    assert found.figures == {"votes": 0, "handled": 60, "before_votes": 400, "before_handled": 1000}


def test_a_kiosk_that_was_off_is_not() -> None:
    assert not silent(today(0, 60), days(20, 0, 50), frozenset({"c2"}))


def test_a_counter_that_was_never_rated_much_is_not_flagged_every_day() -> None:
    assert not silent(today(0, 60), days(1, 0, 50), HEARD)


def test_a_counter_without_history_is_compared_with_the_unit() -> None:
    assert silent(today(0, 60), days(20, 0, 50, counter="c2"), HEARD)


def test_transactions_told_for_the_unit_only_are_compared_as_the_units() -> None:
    whole = [Worked(row.day, "", "", 0, 0, 100) for row in days(0)]
    [found] = silent([Worked(DAY, "", "", 0, 0, 100), *today(1, 0)], days(20) + days(20, counter="c2") + whole, HEARD)
    assert (found.counter_id, found.officer_id, found.figures["before_votes"]) == ("", "", 800)


def test_transactions_told_by_officer_are_compared_as_the_officers() -> None:
    told = [Worked(row.day, "", "o1", 0, 0, 50) for row in days(0)]
    [found] = silent([Worked(DAY, "", "o1", 0, 0, 60)], days(20) + told, HEARD)
    assert (found.counter_id, found.officer_id) == ("", "o1")


@some
@given(st.integers(0, FEWEST_HANDLED - 1), st.integers(1, 50))
def test_with_few_transactions_nothing_is_neglected(handled: int, usual_votes: int) -> None:
    assert not silent(today(0, handled), days(usual_votes, 0, 50), HEARD)
    assert not hardly(today(0, handled) + days(usual_votes, 0, 50, counter="c2"))


@some
@given(st.integers(0, 60), st.integers(20, 60))
def test_fewer_votes_never_lower_the_alarm(count: int, handled: int) -> None:
    count = min(count, handled)
    fewer = max(0, count - 1)
    assert chance(silent(today(fewer, handled), days(20, 0, 50), HEARD)) <= chance(silent(today(count, handled), days(20, 0, 50), HEARD))
    others = days(20, 0, 50, counter="c2")
    assert chance(hardly(today(fewer, 2 * handled) + others)) <= chance(hardly(today(count, 2 * handled) + others))


def test_a_counter_that_is_rated_far_more_rarely_than_the_others_is_flagged_and_a_bit_more_rarely_is_not() -> None:
    others = [row for counter in ("c2", "c3", "c4") for row in days(25, 0, 50, counter=counter, count=5)]
    [found] = hardly(days(1, 0, 50, count=5) + others)
    assert (found.kind, found.counter_id, found.figures["handled"]) == ("hardly", "c1", 250)
    assert not hardly(days(15, 0, 50, count=5) + others)


# an officer's own history


def test_a_week_far_below_ones_own_is_flagged_and_one_that_is_as_always_is_not() -> None:
    [found] = unlike([Worked(DAY, "c1", "o1", 30, 30, 0)], weeks(57, 3))
    assert (found.kind, found.officer_id) == ("unlike", "o1")
    assert found.figures == {"satisfied": 30, "votes": 60, "before_satisfied": 684, "before": 720, "weeks": 12}
    assert not unlike([Worked(DAY, "c1", "o1", 55, 5, 0)], weeks(57, 3))


def test_a_week_far_above_ones_own_is_flagged_too() -> None:
    assert unlike([Worked(DAY, "c1", "o1", 80, 0, 0)], weeks(50, 30))


def test_where_weeks_always_differed_one_more_that_does_is_nothing() -> None:
    wild = weeks(60, 0, count=6) + [row._replace(day=row.day - timedelta(weeks=6)) for row in weeks(30, 30, count=6)]
    assert not unlike([Worked(DAY, "c1", "o1", 35, 25, 0)], wild)
    assert unlike([Worked(DAY, "c1", "o1", 35, 25, 0)], weeks(57, 3))


@some
@given(st.integers(0, 29), st.integers(0, 3))
def test_below_thirty_votes_or_four_weeks_nothing_is_said_of_an_officer(n: int, before: int) -> None:
    assert not unlike([Worked(DAY, "c1", "o1", 0, n, 0)], weeks(57, 3))
    assert not unlike([Worked(DAY, "c1", "o1", 0, 60, 0)], weeks(100, 3, count=before))


def test_votes_for_nobody_say_nothing_of_an_officer() -> None:
    rows = [row._replace(officer_id="") for row in [Worked(DAY, "c1", "o1", 0, 60, 0), *weeks(57, 3)]]
    assert not unlike(rows[:1], rows[1:])


def test_the_further_from_ones_own_the_stronger_the_alarm() -> None:
    alarms = [chance(unlike([Worked(DAY, "c1", "o1", 60 - bad, bad, 0)], weeks(54, 6))) for bad in range(6, 61)]
    assert alarms == sorted(alarms, reverse=True)


# all of them


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(luck: random.Random) -> None:
    ballots = votes(14, "09:00", 3) + votes(30, "16:00", 50) + votes(5, "21:00", 5) + votes(6, "09:01", 3, satisfied=False)
    rows, before = today(0, 60, "c2") + today(49, 90), days(20, 1, 50) + days(20, 2, 50, counter="c2")
    by_hour = {8: 50, 9: 70, 14: 60, 16: 20}
    whole = Evidence(DAY, ballots, rows, before, by_hour, OPEN, HEARD, 2)
    shuffled = replace(
        whole,
        ballots=mixed(luck, ballots),
        rows=mixed(luck, rows),
        history=mixed(luck, before),
        by_hour=dict(mixed(luck, [*by_hour.items()])),
    )
    assert {one.kind for one in in_day(whole)} == {"burst", "outside", "streak", "silent"}
    assert in_day(shuffled) == in_day(whole)
    week, past = days(1, 30, 50, count=2) + days(40, 1, 80, counter="c2", count=4), weeks(57, 3)
    assert {one.kind for one in in_week(week, past)} >= {"unlike"}
    assert in_week(mixed(luck, week), mixed(luck, past)) == in_week(week, past)


def mixed(luck: random.Random, items: Sequence[_T]) -> list[_T]:
    return luck.sample(list(items), len(items))


def test_an_empty_day_has_no_flags() -> None:
    assert in_day(Evidence(DAY, [], [], [], {}, {}, HEARD, 2)) == []
    assert in_week([], []) == []


def test_no_figure_is_an_instant() -> None:
    whole = Evidence(DAY, votes(14, "16:52", 3) + votes(9, "21:00", 5), today(0, 60), days(20, 1, 50), {9: 9}, OPEN, HEARD, 2)
    for found in in_day(whole):
        assert all(isinstance(value, int | float) for value in found.figures.values())


def test_what_is_usual_is_a_counters_own_votes_spread_as_the_units() -> None:
    found = usual("c1", days(20, 4) + days(60, counter="c2"), {9: 300, 15: 100})
    assert (found.satisfied, found.dissatisfied) != (None, None)
    assert found.told(at("09:00"), at("10:00")) == {"usual": pytest.approx(18)}
    assert found.rates("dissatisfied")[9] == pytest.approx(3)
    assert usual("c1", days(20, count=4), {9: 1}) == Usual()


# chances


@some
@given(st.integers(0, 60), st.floats(0.01, 30), st.floats(0.5, 50))
def test_tails_agree_with_scipy(least: int, mean: float, shape: float) -> None:
    expected = stats.nbinom.sf(least - 1, shape, shape / (shape + mean))
    assert chances.negative_binomial_tail(least, mean, shape) == pytest.approx(expected, rel=1e-6, abs=1e-13)
    assert chances.poisson_tail(least, mean) == pytest.approx(stats.poisson.sf(least - 1, mean), rel=1e-6, abs=1e-13)


@some
@given(st.integers(0, 80), st.integers(0, 80), st.floats(0.1, 200), st.floats(0.1, 200))
def test_beta_binomial_agrees_with_scipy(hits: int, n: int, a: float, b: float) -> None:
    assert chances.beta_binomial_at_most(hits, n, Beta(a, b)) == pytest.approx(stats.betabinom.cdf(hits, n, a, b), abs=1e-9)
    assert chances.beta_binomial_at_least(hits, n, Beta(a, b)) == pytest.approx(stats.betabinom.sf(hits - 1, n, a, b), abs=1e-9)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_the_longest_run_agrees_with_counting_every_sequence(share: float) -> None:
    for n, least in product(range(1, 11), range(1, 11)):
        exact = math.fsum(
            math.prod(share if hit else 1 - share for hit in answers)
            for answers in product((True, False), repeat=n)
            if "1" * least in "".join("1" if hit else "0" for hit in answers)
        )
        assert chances.longest_run_tail(least, n, share) == pytest.approx(exact, abs=1e-12)


def test_a_run_among_a_random_number_of_answers_is_the_mean_over_that_number() -> None:
    expected = sum(stats.nbinom.pmf(n, 6, 6 / 14) * chances.longest_run_tail(7, n, 0.9) for n in range(300))
    assert chances.longest_run_tail_of_some(7, 8, 6, 0.9) == pytest.approx(expected, rel=1e-6)


def test_groups_that_are_alike_have_the_least_spread_and_others_more() -> None:
    alike, apart = [(9, 10)] * 8, [(10, 10), (2, 10)] * 4
    assert [chances.spread(groups, 0.01) for groups in (alike, [(10, 10)] * 5, [])] == [0.01] * 3
    assert chances.spread(apart, 0.01) > 0.3
