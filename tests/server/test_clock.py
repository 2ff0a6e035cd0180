"""When an entry happened."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.intake.clock import BEGINNING, Moment, day_and_hour, instant, milliseconds, moments
from sync.entries import Started
from sync.wire import Clock

RECEIVED = milliseconds(datetime(2026, 11, 23, 9, 52, tzinfo=UTC))
NOW = Clock(datetime(1970, 1, 1, tzinfo=UTC), 1000.0, "now")


def entry(up: float = 0.0, *, boot: str = "now", at: int = 0) -> Started:
    return Started(id=UUID(int=1), at=instant(at), up=up, boot=boot, version="1")


def before(seconds: float) -> int:
    return RECEIVED - round(seconds * 1000)


def test_in_the_boot_that_sent_the_uptime_decides_whatever_the_wall_clock_says() -> None:
    assert moments([entry(400.5), entry(1000)], NOW, RECEIVED, None) == [Moment(before(599.5), False), Moment(RECEIVED, False)]


def test_never_after_the_receipt() -> None:
    assert moments([entry(5000)], NOW, RECEIVED, None) == [Moment(RECEIVED, False)]


def test_never_before_the_entry_before() -> None:
    assert moments([entry(400)], NOW, RECEIVED, before(300)) == [Moment(before(300), False)]


def test_from_another_boot_a_plausible_wall_time_counts() -> None:
    entries = [entry(boot="old", at=before(3000)), entry(500)]
    assert moments(entries, NOW, RECEIVED, before(4000)) == [Moment(before(3000), False), Moment(before(500), False)]


def test_an_implausible_wall_time_is_placed_between_the_neighbours_and_says_so() -> None:
    for wall in (0, BEGINNING - 1, before(5000), before(400), RECEIVED + 1):
        entries = [entry(boot="old", at=wall), entry(boot="old", at=wall), entry(400)]
        placed = moments(entries, NOW, RECEIVED, before(3600))
        assert placed == [Moment(before(2600), True), Moment(before(1600), True), Moment(before(600), False)]


def test_an_implausible_wall_time_with_nothing_known_before_is_that_of_what_follows() -> None:
    assert moments([entry(boot="old"), entry(400)], NOW, RECEIVED, None) == [Moment(before(600), True), Moment(before(600), False)]


def test_at_the_end_it_lies_between_the_last_known_and_the_receipt() -> None:
    assert moments([entry(boot="old")], NOW, RECEIVED, before(100)) == [Moment(before(50), True)]


def test_a_server_clock_that_went_back_puts_nothing_into_its_future() -> None:
    assert moments([entry(900)], NOW, RECEIVED, RECEIVED + 10_000) == [Moment(RECEIVED, False)]


entries = st.builds(
    entry,
    st.floats(0, 4e9),
    boot=st.sampled_from(["now", "old", "older"]),
    at=st.integers(-10_000_000, RECEIVED + 10_000_000_000),
)


@given(st.lists(entries, max_size=30), st.floats(0, 4e9), st.none() | st.integers(BEGINNING, RECEIVED + 10**9))
def test_times_follow_the_order_of_the_ledger_and_never_the_receipt(batch: list[Started], up: float, since: int | None) -> None:
    placed = moments(batch, Clock(NOW.at, up, "now"), RECEIVED, since)
    times = [moment.at for moment in placed]
    assert len(times) == len(batch)
    assert times == sorted(times)
    assert all(time <= RECEIVED for time in times)
    if since is not None:
        assert all(time >= min(since, RECEIVED) for time in times)


def test_the_first_and_last_instants_of_the_calendar_are_no_error() -> None:
    for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        strange = Started(id=UUID(int=1), at=at, up=0.0, boot="old", version="1")
        assert moments([strange], NOW, RECEIVED, None) == [Moment(RECEIVED, True)]


@given(st.integers(BEGINNING, RECEIVED * 2), st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Kathmandu", "Europe/Berlin"]))
def test_day_and_hour_are_those_of_the_time_zone(at: int, zone: str) -> None:
    local = instant(at).astimezone(ZoneInfo(zone))
    assert day_and_hour(ZoneInfo(zone), at) == (local.date(), local.hour)


def test_midnight_in_vietnam() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    midnight = milliseconds(datetime(2026, 11, 22, 17, tzinfo=UTC))
    assert day_and_hour(zone, midnight - 1) == (date(2026, 11, 22), 23)
    assert day_and_hour(zone, midnight) == (date(2026, 11, 23), 0)
