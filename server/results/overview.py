"""Somebody who may see several units chooses from them: each with its votes of today and its share of the month, in two queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, Sum

from server.places.models import Unit
from server.results import queries
from server.results.counts import Count
from server.results.models import UnitDay
from server.results.period import Kind, containing
from server.results.tiers import refresh


class Glance(NamedTuple):
    """A unit, its votes of today and of the month."""

    unit: Unit
    today: Count
    month: Count


def glances(units: Sequence[Unit], now: datetime) -> list[Glance]:
    """What was counted in each unit and below it."""
    refresh()
    days: dict[date, list[str]] = defaultdict(list)
    for unit in units:
        days[queries.local(unit, now).date()].append(unit.pk)
    today, month = dict[str, Count](), dict[str, Count]()
    for day, keys in days.items():  # several only where units have other time zones
        present = containing(Kind.MONTH, day)
        rows: Any = UnitDay.objects.filter(unit_id__in=keys, day__range=(present.first, present.last)).values("unit_id")
        names = ("satisfied", "dissatisfied", "handled", "rated")
        sums = {f"{name}_month": Sum(name) for name in names}  # not called as the columns: the second sums are of those
        now_sums = {f"{name}_now": Sum(name, filter=Q(day=day), default=0) for name in names}
        for row in rows.annotate(**sums, **now_sums):
            month[row["unit_id"]] = Count(*(row[name] for name in sums))
            today[row["unit_id"]] = Count(*(row[name] for name in now_sums))
    return [Glance(unit, today.get(unit.pk, Count()), month.get(unit.pk, Count())) for unit in units]
