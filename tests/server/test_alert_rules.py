"""What causes an alert, and what becomes of it: the rules alone, and any sequence of causes and acts."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from server.alerts import causes, life, opening
from server.alerts.causes import Cause, Heard, Overdue, Unread, much_worse
from server.alerts.models import Alert, Happening
from server.results.counts import Count
from server.results.period import Kind, containing
from server.results.statistics import wilson
from tests.server.database import clear

pytestmark = pytest.mark.once

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THURSDAY = date(2026, 11, 26)
MONTH = containing(Kind.MONTH, THURSDAY)
MONDAYS_ONLY = msgspec.json.encode(
    {
        "hours": {
            "weekdays": [[{"opens": "07:30", "closes": "11:30"}], [], [], [], [], [], []],
            "others": [{"first": "2026-11-23", "last": "2026-11-23"}],
        }
    }
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


# causes


@given(st.integers(0, 400), st.integers(0, 400), st.integers(50, 99))
def test_a_share_is_low_only_where_its_whole_interval_is(satisfied: int, dissatisfied: int, threshold: int) -> None:
    found = causes.low_share(MONTH, Count(satisfied, dissatisfied), threshold)
    n = satisfied + dissatisfied
    assert bool(found) == (n >= 30 and wilson(satisfied, n)[1] < threshold / 100)


def test_a_share_below_the_threshold_by_chance_is_no_cause() -> None:
    assert causes.low_share(MONTH, Count(23, 7), 80) == []  # 76.7 %
    [cause] = causes.low_share(MONTH, Count(120, 80), 80)
    assert cause.about == "share_2026-11"


USUAL = [Count(19, 1)] * 20


def test_a_burst_is_measured_by_the_units_own_usual() -> None:
    assert causes.burst(THURSDAY, Count(12, 8), USUAL) != []
    assert causes.burst(THURSDAY, Count(12, 8), [Count(12, 8)] * 20) == []
    assert causes.burst(THURSDAY, Count(12, 4), USUAL) == []  # too few to speak of
    assert causes.burst(THURSDAY, Count(0, 8), [Count(19, 1)] * 4) == []  # nothing is known of what is usual
    assert causes.burst(THURSDAY, Count(190, 12), USUAL) == []  # a busy day


def test_honest_days_hardly_ever_look_like_bursts() -> None:
    import random

    dice, found = random.Random(5), 0
    for _ in range(2000):
        votes = [sum(dice.random() < 0.08 for _ in range(25)) for _ in range(21)]
        days = [Count(25 - bad, bad) for bad in votes]
        found += bool(causes.burst(THURSDAY, days[0], days[1:]))
    assert found <= 2


def test_a_case_is_late_from_the_day_after_its_date() -> None:
    case = Overdue("AB12-CD34", THURSDAY, "verified", False)
    assert causes.overdue(case, THURSDAY) == []
    [cause] = causes.overdue(case, THURSDAY + timedelta(days=3))
    assert (cause.about, cause.weight) == ("case_AB12-CD34", 3)


def test_comments_for_leaders_alone_are_another_matter() -> None:
    [cause] = causes.unread(Unread(2, THURSDAY, False))
    [secret] = causes.unread(Unread(2, THURSDAY, True))
    assert (cause.sensitive, secret.sensitive) == (False, True)
    assert cause.about != secret.about


def heard(last: datetime) -> Heard:
    return Heard("d-1", "c-1", last, False, "")


def test_a_kiosk_is_silent_by_opening_time_only() -> None:
    evening, friday = at(THURSDAY, 16, 25), THURSDAY + timedelta(days=1)
    assert causes.silent(heard(evening), "", at(friday, 8, 0), 120) == []  # the night does not count
    assert causes.silent(heard(evening), "", at(friday, 9, 50), 120) == []
    assert causes.silent(heard(evening), "", at(friday, 9, 55), 120) != []
    monday = friday + timedelta(days=3)
    assert causes.silent(heard(at(friday, 16, 30)), "", at(monday, 8, 0), 30) == []  # nor the weekend


def test_a_holiday_of_the_unit_is_no_working_day() -> None:
    shown = MONDAYS_ONLY.decode()
    assert opening.works(shown, date(2026, 11, 16))
    assert not opening.works(shown, date(2026, 11, 23))
    assert opening.working_day_before(shown, THURSDAY) == date(2026, 11, 16)
    assert opening.open_minutes(shown, at(date(2026, 11, 16), 7), at(THURSDAY, 9)) == 240


def test_on_a_closed_day_nothing_begins_and_what_is_known_goes_on() -> None:
    sunday, cause = date(2026, 11, 29), Cause(Alert.Kind.CASE, "AB12-CD34")
    every = frozenset(Alert.Kind.values)
    assert causes.wanted([cause], every, "", sunday, []) == {}
    assert causes.wanted([cause], every, "", sunday, [cause.about]) == {cause.about: cause}
    assert causes.wanted([cause], every, "", THURSDAY, []) == {cause.about: cause}
    assert causes.wanted([cause], {"share"}, "", THURSDAY, [cause.about]) == {}


def test_much_worse_is_twice_as_bad_and_by_five() -> None:
    assert [much_worse(weight, 1) for weight in (1, 2, 5, 6)] == [False, False, False, True]
    assert [much_worse(weight, 9) for weight in (14, 17, 18)] == [False, False, True]


# life

UNIT = "u-1"
ACTS = st.lists(st.one_of(st.none(), st.integers(1, 20), st.sampled_from(["acknowledge", "close", "comment"])), max_size=12)


def look(weight: int | None, now: datetime) -> None:
    with transaction.atomic():
        live = {(one.unit_id, one.about): one for one in Alert.objects.filter(gone_at=None)}
        found = {(UNIT, "case_1"): Cause(Alert.Kind.CASE, "1", weight, {"days": weight})} if weight else {}
        life.keep_causes(live, found, now)


def act(name: str, now: datetime) -> None:
    last = Alert.objects.order_by("-number").first()
    if last is None:
        return
    with suppress(life.NotWaitingError):
        if name == "acknowledge":
            life.acknowledge(last, "an", now)
        elif name == "close":
            life.close(last, "đã xong", "an", now)
        else:
            life.comment(last, "đang xem", "an", now)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_whatever_happens_an_alert_lives_as_long_as_its_cause_and_stays_closed(happens: list[int | str | None]) -> None:
    clear()
    now, weight = datetime(2026, 11, 26, 1, tzinfo=UTC), None
    for one in happens:
        now += timedelta(minutes=5)
        before = Alert.objects.filter(gone_at=None).first()
        if isinstance(one, str):
            act(one, now)
        else:
            weight = one
            look(weight, now)
        alerts = list(Alert.objects.order_by("number"))
        live = [alert for alert in alerts if alert.gone_at is None]
        assert len(live) == (0 if weight is None else 1)
        assert [alert.number for alert in alerts] == list(range(1, len(alerts) + 1))
        assert all(alert.figures == {"days": weight} for alert in live)
        if before and before.state == Alert.State.CLOSED and live:
            worse = isinstance(one, int) and much_worse(one, before.weight_then or 0)
            assert (live[0].id != before.id, live[0].state == Alert.State.OPEN) == (worse, worse)
        for alert in alerts:
            history = list(Happening.objects.filter(alert=alert.id).order_by("number"))
            assert [line.number for line in history] == list(range(1, len(history) + 1))
            assert history[0].what == "began"
            ends = [line.what for line in history if line.what in ("gone", "worse")]
            assert len(ends) == (alert.gone_at is not None)
            assert (alert.state == Alert.State.CLOSED) == any(line.what == "closed" for line in history)
            assert all(bool(line.sealed) == (line.what in ("commented", "closed")) for line in history)
