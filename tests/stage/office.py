"""A province with its history, for the pages of leaders: `python -m tests.stage.office`, in the environment of a server, fills its
database and prints the logins as JSON. Everybody in it is invented; the same seed makes the same votes, up to yesterday.

Its story: in Phường Thái Hòa, Lê Hoàng Phúc is rated below the others, and the intervals say so; Quầy 4 is hardly rated; yesterday at
closing time somebody tapped fourteen times within three minutes at Quầy 2; one tablet is silent. Citizens wrote: `tests.stage.letterbox`.
"""

import json
import os
import random
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from server.intake.fold import NewVote
    from server.intake.tally import Given
    from server.places.models import Counter, Officer, Unit

DAYS = 75
PASSWORD = "mot hai ba bon nam"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = (7, 8, 8, 8, 9, 9, 9, 10, 10, 13, 13, 14, 14, 14, 15, 15, 16)
REASONS = ("waiting", "waiting", "waiting", "explanation", "explanation", "more-papers", "late", "procedure", "attitude", "other-bad")
GOOD = ("friendly", "friendly", "clear", "clear", "on-time", "devoted")
TOWN = "Phường Thái Hòa"
ROLES = {  # name of the login → role, and where
    "quantri": ("administrator", "Tỉnh Nghệ An"),
    "lanhdao": ("leader", TOWN),
    "vanphong": ("staff", TOWN),
    "canbo": ("officer", TOWN),
    "kythuat": ("technician", TOWN),
    "kiemtra": ("auditor", "Tỉnh Nghệ An"),
    "bo": ("leader", "Cả nước"),
}
PEOPLE = {"lanhdao": "Hoàng Đình Trung", "vanphong": "Võ Thị Kim Liên"}


@dataclass(frozen=True)
class Post:
    """An officer at a counter: how many votes on a usual day, how satisfied, of how many transactions."""

    name: str
    title: str
    votes: float
    satisfied: float
    handled: int


TOWN_POSTS = {
    "Quầy 1": Post("Trần Quốc Bảo", "Công chức Địa chính – Xây dựng", 9, 0.955, 16),
    "Quầy 2": Post("Lê Hoàng Phúc", "Công chức Văn phòng – Thống kê", 7, 0.80, 15),
    "Quầy 3": Post("Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch", 11, 0.975, 17),
    "Quầy 4": Post("Phạm Thu Thảo", "Công chức Văn hóa – Xã hội", 0.4, 0.95, 10),
}
OTHERS = {
    "Tỉnh Nghệ An": ["Phường Vinh Hưng", "Xã Anh Sơn", "Xã Con Cuông", "Xã Quỳ Hợp", "Xã Yên Thành", "Xã Mới"],
    "Tỉnh Hà Tĩnh": ["Phường Thành Sen", "Xã Cẩm Xuyên"],
}


def main() -> None:
    """Fill the database and print it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    import django

    django.setup()
    json.dump(fill(random.Random(7)), sys.stdout)


def fill(chance: random.Random) -> dict[str, object]:
    """Make everything; returns ids by name, and the logins with their password."""
    from django.db import transaction

    from server.results.tiers import refresh
    from tests.stage import letterbox

    with transaction.atomic():  # one transaction: the disk is asked once
        units = _country(chance)
    refresh()
    town = units[TOWN]
    logins = _logins(units)
    with transaction.atomic():
        cases = letterbox.fill(town)
    return {
        "units": {name: unit.pk for name, unit in units.items()},
        "officers": {officer.name: officer.pk for officer in town.officers.all()},
        "counters": {counter.name: counter.pk for counter in town.counters.all()},
        "logins": logins,
        "cases": cases,
        "password": PASSWORD,
    }


def _country(chance: random.Random) -> "dict[str, Unit]":
    from server.places.models import Unit

    country = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    units = {"Cả nước": country}
    for province, communes in OTHERS.items():
        units[province] = Unit.objects.create(name=province, kind=Unit.Kind.PROVINCE, parent=country)
        for name in [TOWN, *communes] if province == "Tỉnh Nghệ An" else communes:
            units[name] = Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=units[province])
    _history(units[TOWN], TOWN_POSTS, chance, burst=True)
    for place, name in enumerate(name for names in OTHERS.values() for name in names):
        if name != "Xã Mới":
            post = Post(f"Cán bộ {name}", "Công chức", 3 + place, 0.86 + 0.016 * place, 14)
            _history(units[name], {"Quầy 1": post}, chance)
    _tablets(units[TOWN])
    return units


def _history(unit: "Unit", posts: dict[str, Post], chance: random.Random, *, burst: bool = False) -> None:
    """Votes of `DAYS` days up to yesterday, tallied as intake does, with reasons and transactions."""
    from server.places.models import Counter, Officer

    counters, officers = {}, {}
    for name, post in posts.items():
        officers[name] = Officer.objects.create(unit=unit, name=post.name, title=post.title)
        counters[name] = Counter.objects.create(unit=unit, name=name, on_duty=officers[name])
    today = datetime.now(ZONE).date()
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() < 5:
            for name, post in posts.items():
                _day(unit, counters[name], officers[name], post, day, chance, burst=burst and back <= 3 and name == "Quầy 2")
            _told(unit, day, {counters[name]: max(1, round(chance.gauss(post.handled, 2))) for name, post in posts.items()})


def _day(unit: "Unit", counter: "Counter", officer: "Officer", post: Post, day: date, chance: random.Random, *, burst: bool) -> None:
    from server.intake.clock import milliseconds
    from server.intake.fold import NewVote
    from server.intake.tally import Given
    from sync.entries import uuid7

    def vote(at: datetime, seq: int, *, satisfied: bool) -> NewVote:
        return NewVote(uuid7(), seq, officer.pk, satisfied, milliseconds(at), False)

    count = min(30, max(0, round(chance.gauss(post.votes, post.votes**0.5))))
    times = [datetime.combine(day, time(chance.choice(HOURS), chance.randrange(60), chance.randrange(60)), ZONE) for _ in range(count)]
    votes = [vote(at, seq, satisfied=chance.random() < post.satisfied) for seq, at in enumerate(sorted(times), 2)]
    if burst:
        begins = datetime.combine(day, time(16, 52), ZONE)
        votes += [vote(begins + timedelta(seconds=13 * place), 100 + place, satisfied=True) for place in range(14)]
    given = [Given(one.at, [chance.choice(GOOD if one.satisfied else REASONS)]) for one in votes if chance.random() < 0.6]
    if votes:
        _take_in(unit, counter, votes, given, f"l-{counter.pk}-{day}")


def _take_in(unit: "Unit", counter: "Counter", votes: "list[NewVote]", given: "list[Given]", ledger: str) -> None:
    """Count votes as intake does."""
    from django.db import transaction

    from server.intake import store
    from server.intake.sql import run
    from server.intake.tally import cells

    changed = cells(votes, ZONE, counter.pk, given=given)
    with transaction.atomic():
        run(
            store.insert_votes(unit.pk, ledger, counter.pk, votes),
            store.add_officer_days(unit.pk, changed.officer_days),
            store.add_unit_hours(unit.pk, changed.unit_hours),
            *([store.add_reason_days(unit.pk, changed.reason_days)] if changed.reason_days else []),
            store.mark_stale(unit.pk, changed.days),
        )


def _told(unit: "Unit", day: date, handled: "dict[Counter, int]") -> None:
    from django.db import transaction
    from django.utils import timezone

    from server.intake import store
    from server.intake.sql import run
    from server.results.models import TransactionCount

    common = {"unit_id": unit.pk, "day": day, "officer_id": "", "source": "api", "who": "Hệ thống một cửa", "at": timezone.now()}
    with transaction.atomic():
        TransactionCount.objects.bulk_create(TransactionCount(**common, counter_id=one.pk, handled=n) for one, n in handled.items())
        run(store.mark_stale(unit.pk, [day]))


def _tablets(unit: "Unit") -> None:
    """One tablet at each counter; the last has not been heard for two days."""
    from django.utils import timezone
    from nacl.signing import SigningKey

    from server.devices.models import Device

    now = timezone.now()
    for place, counter in enumerate(unit.counters.order_by("name")):
        key = SigningKey(bytes([place + 1] * 32)).verify_key.encode().hex()
        heard = now - (timedelta(days=2) if place == 3 else timedelta(minutes=3 + place))
        Device.objects.create(
            unit=unit, counter=counter, public_key=key, enrolled_at=now - timedelta(days=90 - 25 * place), last_heard=heard,
            waiting=0, disk_free=21_000_000_000, version="0.1.0",
        )  # fmt: skip


def _logins(units: "dict[str, Unit]") -> list[str]:
    from django.contrib.auth.models import User

    from server.places.models import Membership

    for name, (role, where) in ROLES.items():
        user = User.objects.create_user(name, password=PASSWORD, first_name=PEOPLE.get(name, ""))  # one field: no order to get wrong
        officer = units[TOWN].officers.get(name="Nguyễn Thị Minh Hạnh") if role == "officer" else None
        Membership.objects.create(user=user, unit=units[where], role=role, officer=officer)
    User.objects.create_superuser("root", password=PASSWORD)
    return [*ROLES, "root"]


if __name__ == "__main__":
    main()
