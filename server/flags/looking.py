"""Looking at finished days and weeks, again and again: what is found twice is one flag, and late votes make it look once more."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from server.flags import evidence
from server.flags.detecting import in_day, in_week
from server.flags.findings import Finding
from server.flags.models import Flag, Look
from server.places.models import Unit
from server.results.models import UnitDay
from server.results.queries import serving
from server.results.tiers import refresh

_DAY = timedelta(days=1)
LOOKED_BACK = 92  # days: votes that come later still count, but raise no flag


class Span(NamedTuple):
    """A day, or a week from Monday to Sunday."""

    first: date
    last: date


class Seen(NamedTuple):
    """What was counted in a span when it was looked at."""

    satisfied: int
    dissatisfied: int
    handled: int


def due(units: QuerySet[Unit], spans: Iterable[Span]) -> list[tuple[Unit, Span]]:
    """Which of the units must be looked at for which of the spans, in their order: those that are over there, where something was
    counted, and that were not looked at since it was.
    """
    refresh()
    by_id = {unit.pk: unit for unit in serving(units)}
    found = []
    for span in spans:
        days = UnitDay.objects.filter(unit_id__in=serving(units).order_by().values("id"), day__range=span)
        sums = days.values_list("unit_id").annotate(Sum("satisfied"), Sum("dissatisfied"), Sum("handled"))
        looks = Look.objects.filter(first=span.first, last=span.last)
        looked = {unit_id: Seen(*seen) for unit_id, *seen in looks.values_list("unit_id", "satisfied", "dissatisfied", "handled")}
        changed = {unit_id for unit_id, *seen in sums if looked.get(unit_id) != Seen(*seen)}
        found += [(unit, span) for pk, unit in by_id.items() if pk in changed and span.last < unit.today()]
    return found


def spans_until(last: date, days: int = LOOKED_BACK) -> list[Span]:
    """The days up to `last`, the latest first, and the weeks that ended among them."""
    every = [last - timedelta(days=number) for number in range(days)]
    return [Span(day, day) for day in every] + [span for day in every if day.weekday() == 6 for span in [week(day)]]


def week(day: date) -> Span:
    """The week of a day."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def look(unit: Unit, span: Span) -> list[Flag]:
    """Look at a unit's finished span; the flags that it has now, new or known before. What was judged stays judged."""
    with transaction.atomic():
        now = timezone.now()
        sums = UnitDay.objects.filter(unit_id=unit.pk, day__range=span).aggregate(*map(Sum, Seen._fields))
        seen = {name: sums[f"{name}__sum"] or 0 for name in Seen._fields}
        kept = {"unit_id": unit.pk, "first": span.first, "last": span.last}
        Look.objects.bulk_create([Look(**kept, **seen, at=now)], ignore_conflicts=True)
        one = Look.objects.select_for_update().get(**kept)  # who looks at the same time waits here
        if span.first == span.last:
            one.heard = sorted(evidence.heard_on(unit, span.last) | set(one.heard))
            findings = in_day(evidence.of_day(unit, span.last, frozenset(one.heard)))
        else:
            findings = in_week(*evidence.of_week(unit, span.first))
        Look.objects.filter(**kept).update(**seen, heard=one.heard, at=now)
        return _keep(unit, span, findings)


def _keep(unit: Unit, span: Span, findings: Sequence[Finding]) -> list[Flag]:
    now = timezone.now()
    flags = {}
    for finding in findings:
        flag_id = _id(span, finding)
        said = {
            "kind": finding.kind,
            "counter_id": finding.counter_id,
            "officer_id": finding.officer_id,
            "rating": finding.rating or "",
            "since": span.first,
            "day": span.last,
            "half": _half(finding),
            "begins": finding.begins,
            "ends": finding.ends,
            "figures": dict(finding.figures),
            "p": finding.p,
            "gone": False,
        }
        flags[flag_id], _ = Flag.objects.update_or_create(
            unit_id=unit.pk, id=flag_id, defaults=said, create_defaults={**said, "found_at": now}
        )
    Flag.objects.filter(unit_id=unit.pk, since=span.first, day=span.last).exclude(id__in=list(flags)).update(gone=True)
    return list(flags.values())


def _id(span: Span, finding: Finding) -> str:
    """The same for the same matter. It stands in addresses, so it says no time."""
    about = [finding.counter_id, finding.officer_id, finding.rating or ""]
    return "_".join([span.last.isoformat(), finding.kind, *filter(None, about)])


def _half(finding: Finding) -> str:
    if finding.begins is None or finding.ends is None:
        return Flag.Half.NONE
    halves = {at.hour < 12 for at in (finding.begins, finding.ends)}
    if len(halves) == 2:
        return Flag.Half.NONE
    return Flag.Half.MORNING if halves.pop() else Flag.Half.AFTERNOON
