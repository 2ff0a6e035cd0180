"""The invented country: as `python -m server simulate` fills a database."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from server.intake.models import Batch, OfficerDay, ReasonDay, StaleDay, UnitHour, Vote
from server.places.models import Unit
from server.results import queries
from server.results.counts import Count
from server.results.models import TransactionCount
from server.results.period import Kind, Period
from server.simulation.days import busyness, is_holiday
from server.simulation.names import ALL_COMMUNES, PROVINCES, spread
from tests.server.kiosk import enrolled

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LAST = date(2026, 11, 25)
DAYS = 91
ALL = Period(Kind.SPAN, LAST - timedelta(days=DAYS - 1), LAST)


def simulate(votes: str = "5000", *options: str) -> str:
    warned = StringIO()
    words = ["--votes", votes, "--last", str(LAST), "--days", str(DAYS), "--communes", "3", *options]
    call_command("simulate", *words, stdout=StringIO(), stderr=warned)
    return warned.getvalue()


def digest() -> str:
    """Of all votes."""
    rows = Vote.objects.order_by("unit_id", "id").values_list(
        "unit_id", "id", "ledger", "seq", "counter_id", "officer_id", "satisfied", "at"
    )
    return hashlib.sha256("\n".join(map(repr, rows)).encode()).hexdigest()


def test_the_provinces_have_as_many_communes_as_the_country() -> None:
    assert (len(PROVINCES), ALL_COMMUNES) == (34, 3321)
    assert dict(spread(ALL_COMMUNES)) == {province.name: province.communes for province in PROVINCES}
    assert sum(count for _, count in spread(1000)) == 1000


def test_what_is_summed_up_is_what_a_naive_count_of_the_votes_gives() -> None:
    simulate()
    officers, hours, days = Counter[tuple[object, ...]](), Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for vote in Vote.objects.all():
        at = vote.at.astimezone(HANOI)
        officers[vote.unit_id, at.date(), vote.counter_id, vote.officer_id, vote.satisfied] += 1
        hours[vote.unit_id, at.date(), at.hour, vote.satisfied] += 1
        days[vote.unit_id, at.date(), vote.satisfied] += 1
    assert sum(officers.values()) == 5000
    assert officers == kept(OfficerDay.objects.values_list("unit_id", "day", "counter_id", "officer_id", "satisfied", "dissatisfied"))
    assert hours == kept(UnitHour.objects.values_list("unit_id", "day", "hour", "satisfied", "dissatisfied"))
    country = Unit.objects.get(kind=Unit.Kind.COUNTRY)
    handled = TransactionCount.objects.aggregate(all=Sum("handled"))["all"]
    told = set(TransactionCount.objects.filter(handled__gt=0).values_list("unit_id", "day"))
    rated = sum(count for (unit, day, _), count in days.items() if (unit, day) in told)
    satisfied = sum(count for (_, _, good), count in days.items() if good)
    assert queries.total(country, ALL) == Count(satisfied, 5000 - satisfied, handled, rated)
    assert sum((row.count for row in queries.by_unit(country, ALL)), Count()) == queries.total(country, ALL)
    assert sum(cell.votes.n for cell in queries.by_hour(country, ALL)) == 5000
    given = ReasonDay.objects.aggregate(all=Sum("times"))["all"]
    assert sum(reason.times for reason in queries.reasons(country, ALL)) == given
    assert not StaleDay.objects.exists()


def kept(rows: object) -> Counter[tuple[object, ...]]:
    found = Counter[tuple[object, ...]]()
    for *key, good, bad in rows:  # type: ignore[attr-defined]
        found[*key, True] += good
        found[*key, False] += bad
    return +found


def test_it_looks_like_offices_that_citizens_go_to() -> None:
    simulate("10k")
    votes = [(vote.at.astimezone(HANOI), vote.satisfied) for vote in Vote.objects.all()]
    assert 0.85 < sum(good for _, good in votes) / len(votes) < 0.98
    hours = Counter(at.hour for at, _ in votes)
    assert min(hours[8], hours[9]) > hours[11] > hours[12]
    assert hours[14] > hours[13] > hours[12]
    assert sum(hours[hour] for hour in range(7, 17)) > 0.99 * len(votes)
    weekdays = Counter(at.weekday() for at, _ in votes)
    assert weekdays[0] > weekdays[4] > weekdays[5] > weekdays[6] == 0
    assert not [at for at, _ in votes if is_holiday(at.date())]
    assert not [at for at, _ in votes if at.weekday() == 5 and at.hour in range(13, 17)][20:]
    handled = queries.total(Unit.objects.get(kind=Unit.Kind.COUNTRY), ALL)
    assert handled.participation is not None
    assert 0.3 < handled.participation < 1


def test_holidays_are_those_of_the_law() -> None:
    closed = [
        date(2026, 1, 1),
        date(2026, 2, 16),
        date(2026, 2, 20),
        date(2026, 4, 27),
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 9, 2),
    ]
    assert not any(busyness(day, saturdays=True) for day in closed)
    assert busyness(date(2026, 11, 25), saturdays=False)


def test_the_same_seed_gives_the_same_country_and_another_another() -> None:
    seen = []
    from tests.server.database import clear

    for seed in "7", "7", "8":
        clear()
        simulate("1000", "--seed", seed)
        seen.append(digest())
    assert seen[0] == seen[1] != seen[2]


def test_it_says_that_nothing_stands_behind_the_votes() -> None:
    assert "THESE VOTES ARE INVENTED" in simulate("100")
    assert not Batch.objects.exists()


def test_a_database_with_places_is_left_alone_unless_it_is_said() -> None:
    there = enrolled()
    with pytest.raises(CommandError, match="has places already"):
        simulate()
    assert not Vote.objects.exists()
    simulate("100", "--add")
    assert Vote.objects.count() == 100
    assert Unit.objects.filter(pk=there.unit.pk).exists()
    with pytest.raises(CommandError, match="another --seed"):
        simulate("100", "--add")


@pytest.mark.parametrize("votes", ["0", "-1", "5G", "1.5M", "M"])
def test_what_is_no_number_is_refused(votes: str) -> None:
    with pytest.raises(CommandError, match="expected a number such as"):
        simulate(votes)


def test_days_without_work_are_refused() -> None:
    with pytest.raises(CommandError, match="no working day"):
        call_command("simulate", "--last", "2026-01-01", "--days", "1", "--communes", "1", stderr=StringIO())
