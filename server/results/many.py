"""What was counted in many units at once, each by itself: a query for three thousand communes, where a page asks for one."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db.models import QuerySet, Sum

from server.intake.models import OfficerDay
from server.results.counts import Count
from server.results.period import Period


def own_votes(units: Collection[str], period: Period) -> dict[str, Count]:
    """Votes of each of the units itself, not below it, in a period; without transactions."""
    rows = _of(units, period).values_list("unit_id").annotate(Sum("satisfied"), Sum("dissatisfied"))
    return {unit: Count(good, bad) for unit, good, bad in rows}


def own_votes_by_day(units: Collection[str], period: Period) -> dict[str, dict[date, Count]]:
    """The same for each day of the period on which there were any."""
    found: dict[str, dict[date, Count]] = defaultdict(dict)
    for unit, day, good, bad in _of(units, period).values_list("unit_id", "day").annotate(Sum("satisfied"), Sum("dissatisfied")):
        found[unit][day] = Count(good, bad)
    return found


def _of(units: Collection[str], period: Period) -> QuerySet[OfficerDay]:
    kept = OfficerDay.objects.using(settings.TALLIES_DATABASE)
    return kept.filter(unit_id__in=units, day__range=(period.first, period.last)).order_by()
