"""What the pages of results ask the database. Who may see a unit is decided before, by `server.places.scope`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum

from server.devices.models import Device
from server.intake.models import OfficerDay
from server.places.models import Officer, Unit
from server.results.statistics import Share, share


@dataclass(frozen=True)
class Tally:
    """Votes of an officer, or of all. officer_id is empty where nobody was on duty."""

    officer_id: str
    name: str
    counters: str
    satisfied: int
    dissatisfied: int

    @property
    def n(self) -> int:
        """All votes."""
        return self.satisfied + self.dissatisfied

    @property
    def share(self) -> Share | None:
        """Of the satisfied, or None where there are too few votes to say."""
        return share(self.satisfied, self.n)


class Heard(NamedTuple):
    """Devices in service, and how many of them were heard on the day."""

    devices: int
    heard: int

    @property
    def silent(self) -> int:
        """Those not heard."""
        return self.devices - self.heard


class UnitDay(NamedTuple):
    """A unit and its votes on its current day."""

    unit: Unit
    n: int


def local(unit: Unit, now: datetime) -> datetime:
    """The instant on the clocks of the unit."""
    return now.astimezone(ZoneInfo(unit.time_zone))


def tallies(unit: Unit, day: date) -> list[Tally]:
    """The day's votes by officer, by name: everyone who works in the unit, or got votes; at the end those for nobody."""
    kept = {row.officer_id: row for row in OfficerDay.objects.filter(unit_id=unit.id, day=day)}
    officers = Officer.objects.filter(Q(unit=unit, active=True) | Q(id__in=list(kept))).prefetch_related("counters").order_by("name", "id")
    named = [(officer.id, officer.name, ", ".join(counter.name for counter in officer.counters.all())) for officer in officers]
    if "" in kept:
        named.append(("", "Chưa phân công", ""))
    rows = []
    for officer_id, name, counters in named:
        row = kept.get(officer_id)
        rows.append(Tally(officer_id, name, counters, row.satisfied if row else 0, row.dissatisfied if row else 0))
    return rows


def total(rows: Sequence[Tally]) -> Tally:
    """All rows added up."""
    return Tally("total", "Tổng cộng", "", sum(row.satisfied for row in rows), sum(row.dissatisfied for row in rows))


def heard(unit: Unit, now: datetime) -> Heard:
    """How many of the unit's devices have been heard on its current day."""
    midnight = local(unit, now).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = Device.objects.filter(unit=unit, revoked_at=None).aggregate(
        devices=Count("id"), heard=Count("id", filter=Q(last_heard__gte=midnight))
    )
    return Heard(counts["devices"], counts["heard"])


def serving(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of the units that have counters, by name."""
    return units.filter(counters__isnull=False).distinct().select_related("parent").order_by("name", "id")


def unit_days(units: Sequence[Unit], now: datetime) -> list[UnitDay]:
    """Each unit with its votes of today, by its own clocks."""
    days = {unit.id: local(unit, now).date() for unit in units}
    rows = OfficerDay.objects.filter(unit_id__in=list(days), day__in=set(days.values())).values_list("unit_id", "day")
    sums = {(unit_id, day): n for unit_id, day, n in rows.annotate(n=Sum(F("satisfied") + F("dissatisfied")))}
    return [UnitDay(unit, sums.get((unit.id, days[unit.id]), 0)) for unit in units]
