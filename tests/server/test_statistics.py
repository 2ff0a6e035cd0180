"""Shares, intervals, differences, ranks; against statsmodels, and by their own rules."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.results.counts import Count
from server.results.period import Kind, Period, containing
from server.results.statistics import MINIMUM_N, Share, difference, ranks, share, tenths, wilson

pytestmark = pytest.mark.once

counts = st.lists(st.integers(0, 10_000), min_size=1, max_size=9)


def test_wilson_agrees_with_statsmodels_in_10_000_random_cases() -> None:
    from statsmodels.stats.proportion import proportion_confint  # here, because it takes seconds of every test process

    chance = random.Random(5)
    for _ in range(10_000):
        n = chance.choice([chance.randint(1, 60), chance.randint(1, 10_000), chance.randint(1, 50_000_000)])
        hits = chance.choice([0, n, chance.randint(0, n)])
        assert wilson(hits, n) == pytest.approx(proportion_confint(hits, n, method="wilson"), rel=0, abs=1e-12)


def test_differences_agree_with_statsmodels() -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    chance = random.Random(6)
    for _ in range(1_000):
        n, other_n = chance.randint(MINIMUM_N, 5_000), chance.randint(MINIMUM_N, 5_000)
        hits, other = chance.randint(0, n), chance.randint(0, other_n)
        ours = difference(hits, n, other, other_n)
        assert ours is not None
        theirs = confint_proportions_2indep(hits, n, other, other_n, method="newcomb", compare="diff")
        assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-9)


def test_more_comparisons_at_once_need_more_to_be_real() -> None:
    one, many = difference(90, 100, 960, 1000), difference(90, 100, 960, 1000, comparisons=12)
    assert one is not None
    assert many is not None
    assert (one.real, many.real) == (True, False)


def test_nothing_is_said_of_fewer_than_30_votes() -> None:
    assert share(29, 29) is None
    assert difference(29, 29, 500, 1000) is None
    assert Count(20, 9).percents is None
    assert Count(20, 10).percents == (66.7, 33.3)


@given(counts)
def test_tenths_add_up_to_exactly_100_percent(numbers: Sequence[int]) -> None:
    parts = tenths(numbers)
    assert sum(parts) == (1000 if sum(numbers) else 0)
    for part, number in zip(parts, numbers, strict=True):
        assert not sum(numbers) or abs(part - 1000 * number / sum(numbers)) < 1


@given(counts)
def test_a_larger_count_never_gets_a_smaller_percentage(numbers: Sequence[int]) -> None:
    parts = tenths(numbers)
    for number, part in zip(numbers, parts, strict=True):
        assert all(part <= other_part for other, other_part in zip(numbers, parts, strict=True) if other > number)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=12))
def test_a_rank_lies_between_what_the_intervals_allow(pairs: list[tuple[int, int]]) -> None:
    shares: list[Share | None] = [share(good, good + bad) if good + bad else None for good, bad in pairs]
    there = sum(one is not None for one in shares)
    for one, rank in zip(shares, ranks(shares), strict=True):
        assert (one is None) == (rank is None)
        if rank is not None:
            assert 1 <= rank.best <= rank.place <= rank.worst <= there


def test_units_whose_intervals_overlap_may_change_places() -> None:
    assert ranks([share(96, 100), share(95, 100), share(50, 100)]) == [(1, 1, 2), (2, 1, 2), (3, 3, 3)]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SPAN])
@given(day=st.dates(date(2025, 1, 1), date(2040, 12, 31)))
def test_periods_of_a_kind_follow_each_other_without_gap(kind: Kind, day: date) -> None:
    period = containing(kind, day)
    assert period.first <= day <= period.last
    assert period.before.last == period.first - timedelta(days=1)
    assert period.after.first == period.last + timedelta(days=1)
    assert period.after.before == period


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.DAY, "ngày 23/11/2026"),
        (Kind.WEEK, "tuần từ 23/11 đến 29/11/2026"),
        (Kind.MONTH, "tháng 11/2026"),
        (Kind.QUARTER, "quý IV/2026"),
        (Kind.YEAR, "năm 2026"),
    ],
)
def test_periods_as_vietnamese_readers_call_them(kind: Kind, said: str) -> None:
    assert str(containing(kind, date(2026, 11, 23))) == said


def test_a_span_is_compared_with_as_many_days_before_it() -> None:
    span = Period(Kind.SPAN, date(2026, 11, 10), date(2026, 11, 19))
    assert span.before == Period(Kind.SPAN, date(2026, 10, 31), date(2026, 11, 9))
