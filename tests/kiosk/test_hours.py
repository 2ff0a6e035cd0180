"""Open or closed, and how that is said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.clocks import Moment
from kiosk.hours import LOCAL, is_open, local_time, opens_next
from kiosk.texts import translator
from kiosk.timetable import next_opening, today, week
from sync.shown import Hours, OtherDays, Span
from sync.wire import Genuine

VIETNAMESE, ENGLISH = translator("vi"), translator("en")
DAY = [Span("07:30", "11:30"), Span("13:30", "17:00")]
TET = OtherDays(first=date(2027, 2, 5), last=date(2027, 2, 10), words={"vi": "Nghỉ Tết Nguyên đán"})
MAKES_UP = OtherDays(first=date(2027, 2, 20), last=date(2027, 2, 20), spans=DAY)
HOURS = Hours(weekdays=[DAY, DAY, DAY, DAY, DAY, DAY[:1], []], others=[TET, MAKES_UP])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-25 07:29", False),
        ("2026-11-25 07:30", True),
        ("2026-11-25 11:29:59", True),
        ("2026-11-25 11:30", False),
        ("2026-11-25 14:00", True),
        ("2026-11-28 14:00", False),
        ("2026-11-29 08:00", False),
        ("2027-02-08 08:00", False),
        ("2027-02-20 14:00", True),
    ],
)
def test_open_is_what_the_weekday_says_unless_the_day_is_another(at: str, expected: bool) -> None:
    assert is_open(HOURS, local(at)) is expected


def test_without_hours_or_without_a_known_time_it_is_open() -> None:
    assert is_open(None, local("2026-11-25 03:00"))
    assert is_open(HOURS, None)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-25 06:00", "2026-11-25 07:30"),
        ("2026-11-25 07:30", "2026-11-25 13:30"),
        ("2026-11-28 12:00", "2026-11-30 07:30"),
        ("2027-02-04 17:00", "2027-02-11 07:30"),
        ("2027-02-19 17:00", "2027-02-20 07:30"),
    ],
)
def test_it_opens_next_on_the_first_day_that_has_hours(at: str, opens: str) -> None:
    assert opens_next(HOURS, local(at)) == local(opens)


def test_a_unit_that_is_never_open_does_not_open() -> None:
    assert opens_next(Hours(weekdays=[[]] * 7), local("2026-11-25 06:00")) is None


def test_the_time_is_the_servers_and_what_passed_since_whatever_the_wall_clock_says() -> None:
    genuine = Genuine(datetime(2026, 11, 25, 0, 30, tzinfo=UTC), 1000.0, "b")
    now = Moment(datetime(1970, 1, 1, tzinfo=UTC), 1000.0 + 3600, "b")
    assert local_time(genuine, now) == local("2026-11-25 08:30")


def test_after_a_new_start_of_the_tablet_and_before_the_server_was_heard_the_time_is_not_known() -> None:
    now = Moment(datetime(2026, 11, 25, tzinfo=UTC), 5.0, "another")
    assert local_time(Genuine(datetime(2026, 11, 25, tzinfo=UTC), 1000.0, "b"), now) is None
    assert local_time(None, now) is None


def test_today_is_told_with_its_hours_and_a_holiday_with_its_name() -> None:
    assert today(HOURS, local("2026-11-25 06:00"), "vi", VIETNAMESE) == (
        "Hôm nay, thứ Tư 25/11/2026",
        "07:30 – 11:30\n13:30 – 17:00",
    )
    assert today(HOURS, local("2027-02-08 06:00"), "en", ENGLISH) == ("Today, Monday 08/02/2027\nNghỉ Tết Nguyên đán", "Closed")


def test_the_week_has_one_line_for_following_days_with_the_same_hours() -> None:
    assert week(HOURS, VIETNAMESE) == [
        ("Thứ\u00a0Hai – Thứ\u00a0Sáu", "07:30 – 11:30\n13:30 – 17:00"),
        ("Thứ\u00a0Bảy", "07:30 – 11:30"),
        ("Chủ\u00a0nhật", "Nghỉ"),
    ]


def test_a_week_that_is_not_told_in_short_is_not_told() -> None:
    varied = [[Span("07:00", f"1{day}:00"), Span("18:00", "19:00")] for day in range(7)]
    assert week(Hours(weekdays=varied), VIETNAMESE) == []


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-25 06:00", "Opens again today at 07:30."),
        ("2026-11-25 17:00", "Opens again tomorrow at 07:30."),
        ("2026-11-28 12:00", "Opens again at 07:30 on Monday, 30/11/2026."),
    ],
)
def test_when_it_opens_next_is_told_as_people_say_it(at: str, said: str) -> None:
    assert next_opening(HOURS, local(at), ENGLISH) == said


def test_a_time_that_ran_on_over_midnight_is_the_next_day() -> None:
    genuine = Genuine(datetime(2026, 11, 25, 16, 59, tzinfo=UTC), 0.0, "b")
    then = local_time(genuine, Moment(datetime(1970, 1, 1, tzinfo=UTC), 120.0, "b"))
    assert then is not None
    assert then.date() == date(2026, 11, 26)
    assert then.utcoffset() == timedelta(hours=7)
