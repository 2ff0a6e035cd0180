"""How long to wait."""

from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import Backoff, honour


def longest(low: float, high: float) -> float:
    assert low <= high
    return high


def test_the_bound_doubles_from_5_s_to_15_min_and_stays() -> None:
    backoff, bounds = Backoff(), []
    for _ in range(12):
        backoff = backoff.after_failure()
        bounds.append(backoff.seconds(longest))
    assert bounds == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]


def test_the_jitter_is_full() -> None:
    assert Backoff(5).seconds(lambda low, high: low) == 0


@given(st.integers(0, 10**9))
def test_it_never_gives_up(failures: int) -> None:
    assert 0 < Backoff(failures).seconds(longest) <= 900


@given(st.floats(allow_nan=False))
def test_a_retry_after_is_kept_within_1_s_and_6_h_plus_a_fifth(asked: float) -> None:
    assert 1 <= honour(asked, lambda low, high: low) <= honour(asked, longest) <= 6 * 3600 * 1.2
