"""When an entry happened."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.intake.clock import BEGINNING, QUARTER, Moment, day_and_hour, instant, milliseconds, moments
from server.intake.sql import text_time
from sync.entries import Started
from sync.stick import NO_BOOT
from sync.wire import Clock, Genuine

RECEIVED = milliseconds(datetime(2026, 11, 23, 9, 52, tzinfo=UTC))
NOW = Clock(datetime(1970, 1, 1, tzinfo=UTC), 1000.0, "now")


def entry(up: float = 0.0, *, boot: str = "now", at: int = 0) -> Started:
    return Started(id=UUID(int=1), at=instant(at), up=up, boot=boot, version="1")


def before(seconds: float) -> int:
    return RECEIVED - round(seconds * 1000)


def test_in_the_boot_that_sent_the_uptime_decides_whatever_the_wall_clock_says() -> None:
    assert moments([entry(400.5), entry(1000)], NOW, None, RECEIVED, None) == [Moment(before(599.5), False), Moment(RECEIVED, False)]


def test_never_after_the_receipt() -> None:
    assert moments([entry(5000)], NOW, None, RECEIVED, None) == [Moment(RECEIVED, False)]


def test_never_before_the_entry_before() -> None:
    assert moments([entry(400)], NOW, None, RECEIVED, before(300)) == [Moment(before(300), False)]


def test_from_another_boot_a_plausible_wall_time_counts() -> None:
    entries = [entry(boot="old", at=before(3000)), entry(500)]
    assert moments(entries, NOW, None, RECEIVED, before(4000)) == [Moment(before(3000), False), Moment(before(500), False)]


def test_an_implausible_wall_time_is_placed_between_the_neighbours_and_says_so() -> None:
    for wall in (0, BEGINNING - 1, before(5000), before(400), RECEIVED + 1):
        entries = [entry(boot="old", at=wall), entry(boot="old", at=wall), entry(400)]
        placed = moments(entries, NOW, None, RECEIVED, before(3600))
        assert placed == [Moment(before(2600), True), Moment(before(1600), True), Moment(before(600), False)]


def test_an_implausible_wall_time_with_nothing_known_before_is_that_of_what_follows() -> None:
    assert moments([entry(boot="old"), entry(400)], NOW, None, RECEIVED, None) == [Moment(before(600), True), Moment(before(600), False)]


def test_in_a_boot_that_heard_a_genuine_time_that_and_the_uptime_decide() -> None:
    heard = Genuine(instant(before(5000)), 2000.0, "old")
    entries = [entry(1990, boot="old"), entry(2100.5, boot="old"), entry(1, boot="older"), entry(400)]
    assert moments(entries, NOW, heard, RECEIVED, None) == [
        Moment(before(5010), False),
        Moment(before(4899.5), False),
        Moment((before(4899.5) + before(600)) // 2, True),
        Moment(before(600), False),
    ]


def test_a_genuine_time_from_before_all_kiosks_is_not_believed() -> None:
    heard = Genuine(datetime(1, 1, 1, tzinfo=UTC), 4e9, "old")
    assert moments([entry(boot="old")], NOW, heard, RECEIVED, before(5000)) == [Moment((before(5000) + RECEIVED) // 2, True)]


def test_the_boot_that_sends_goes_by_the_receipt_even_where_it_heard_a_genuine_time() -> None:
    heard = Genuine(instant(before(9000)), 900.0, "now")
    assert moments([entry(990)], NOW, heard, RECEIVED, None) == [Moment(before(10), False)]


def test_of_a_carried_batch_the_time_of_arrival_says_nothing() -> None:
    carried = Clock(NOW.at, 1000.0, NO_BOOT)
    heard = Genuine(instant(before(86_400)), 900.0, "now")
    assert moments([entry(990)], carried, heard, RECEIVED, None) == [Moment(before(86_310), False)]
    assert moments([entry(990, at=before(4000))], carried, None, RECEIVED, before(5000)) == [Moment(before(4000), False)]
    assert moments([entry(990)], carried, None, RECEIVED, before(5000)) == [Moment(before(2500), True)]


def test_at_the_end_it_lies_between_the_last_known_and_the_receipt() -> None:
    assert moments([entry(boot="old")], NOW, None, RECEIVED, before(100)) == [Moment(before(50), True)]


def test_a_server_clock_that_went_back_puts_nothing_into_its_future() -> None:
    assert moments([entry(900)], NOW, None, RECEIVED, RECEIVED + 10_000) == [Moment(RECEIVED, False)]


entries = st.builds(
    entry,
    st.floats(0, 4e9),
    boot=st.sampled_from(["now", "old", "older"]),
    at=st.integers(-10_000_000, RECEIVED + 10_000_000_000),
)


heard = st.none() | st.builds(
    Genuine,
    st.integers(-10_000_000, RECEIVED + 10_000_000_000).map(instant),
    st.floats(0, 4e9),
    st.sampled_from(["now", "old"]),
)


@given(st.lists(entries, max_size=30), st.floats(0, 4e9), heard, st.none() | st.integers(BEGINNING, RECEIVED + 10**9))
def test_times_follow_the_order_of_the_ledger_and_never_the_receipt(
    batch: list[Started], up: float, genuine: Genuine | None, since: int | None
) -> None:
    placed = moments(batch, Clock(NOW.at, up, "now"), genuine, RECEIVED, since)
    times = [moment.at for moment in placed]
    assert len(times) == len(batch)
    assert times == sorted(times)
    assert all(time <= RECEIVED for time in times)
    if since is not None:
        assert all(time >= min(since, RECEIVED) for time in times)


def test_the_first_and_last_instants_of_the_calendar_are_no_error() -> None:
    for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        strange = Started(id=UUID(int=1), at=at, up=0.0, boot="old", version="1")
        assert moments([strange], NOW, None, RECEIVED, None) == [Moment(RECEIVED, True)]


@given(st.integers(BEGINNING, RECEIVED * 2), st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Kathmandu", "Europe/Berlin"]))
def test_day_and_hour_are_those_of_the_time_zone(at: int, zone: str) -> None:
    local = instant(at).astimezone(ZoneInfo(zone))
    assert day_and_hour(ZoneInfo(zone), at // QUARTER) == (local.date(), local.hour)


def test_midnight_in_vietnam() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    midnight = milliseconds(datetime(2026, 11, 22, 17, tzinfo=UTC))
    assert day_and_hour(zone, (midnight - 1) // QUARTER) == (date(2026, 11, 22), 23)
    assert day_and_hour(zone, midnight // QUARTER) == (date(2026, 11, 23), 0)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001 as Django keeps it: UTC, without saying so
def test_sqlite_keeps_an_instant_as_django_would(at: datetime) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert text_time(milliseconds(at.replace(tzinfo=UTC))) == f"{at.isoformat(' ', 'microseconds')}"
