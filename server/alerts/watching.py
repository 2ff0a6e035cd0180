"""Looking at units: what holds there now becomes alerts, and ends them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from server.alerts import evidence
from server.alerts.causes import Cause, wanted
from server.alerts.life import Outcome, keep_causes
from server.alerts.models import Alert
from server.alerts.wishes import held_by
from server.intake.sql import Statement, on_postgresql, run
from server.places.models import Unit
from server.results.queries import serving

FEW_UNITS = 3  # at most so many are looked at while somebody waits for a page
CLOCK_WAS_WRONG = timedelta(hours=1)  # what began so far ahead of now says nothing of the order
_LOCK = 51_572_017  # one look at a time; any number that nobody else takes


def look(units: QuerySet[Unit], now: datetime) -> Outcome:
    """Let the alerts of the units be as things are there now. The queries do not grow with the units, only with their time zones and
    working calendars.
    """
    with transaction.atomic():
        if on_postgresql():
            run(Statement("SELECT pg_advisory_xact_lock(%b)", [_LOCK]))
        now = _after_all(now)
        known = Alert.objects.filter(unit_id__in=units.order_by().values("id"), gone_at=None).select_for_update(of=("self",))
        live = {(alert.unit_id, alert.about): alert for alert in known.order_by("unit_id", "id")}
        serving_now = [unit for unit in serving(units) if not unit.is_over()]
        outcome = keep_causes(live, _causes(serving_now, live.keys(), now), now)
        Alert.objects.filter(unit_id__in=units.order_by().values("id"), gone_at=None).update(seen_at=now)
    return outcome


def _after_all(now: datetime) -> datetime:
    """That instant, or just after the last alert began: who was told of all until then misses none that comes later."""
    last = Alert.objects.aggregate(last=Max("since"))["last"]
    return max(now, last + timedelta(microseconds=1)) if last and last < now + CLOCK_WAS_WRONG else now


def catch_up(units: QuerySet[Unit], now: datetime) -> None:
    """Look now, where there are few units; many are left to the timer."""
    there = Alert.objects.filter(unit_id=OuterRef("pk"), gone_at=None)
    first = list(units.filter(Exists(serving(Unit.objects.filter(pk=OuterRef("pk")))) | Exists(there)).order_by()[: FEW_UNITS + 1])
    if 0 < len(first) <= FEW_UNITS:
        look(Unit.objects.filter(pk__in=[unit.pk for unit in first]), now)


def _causes(units: Collection[Unit], live: Collection[tuple[str, str]], now: datetime) -> dict[tuple[str, str], Cause]:
    by_zone: dict[str, dict[str, Unit]] = defaultdict(dict)
    for unit in units:
        by_zone[unit.time_zone][unit.pk] = unit
    known: dict[str, set[str]] = defaultdict(set)
    for unit_id, about in live:
        known[unit_id].add(about)
    held = held_by(units)
    causes: dict[tuple[str, str], Cause] = {}
    for zone, there in by_zone.items():
        today = now.astimezone(ZoneInfo(zone)).date()
        mine = {pk: held[pk] for pk in there}
        parts = (
            evidence.of_votes(there, mine, today),
            evidence.of_cases(there, today),
            evidence.of_box(there, today),
            evidence.of_devices(there, mine, now),
        )
        for pk, unit in there.items():
            found = [cause for part in parts for cause in part.get(pk, ())]
            kept = wanted(found, held[pk].kinds, unit.shown, today, known[pk])
            causes |= {(pk, about): cause for about, cause in kept.items()}
    return causes
