"""What the pages, tables and calls of results ask the database: a unit, a period, and out come rows of counts.

Who may see a unit is decided before, by `server.places.scope`. A commune is counted from the first tier, so a vote is there as
soon as it was taken in; an area from the second, after `server.results.tiers.refresh`. All that a commune's page says of a period
comes from one `Facts`, so its tables add up to its total.
"""

from collections import Counter as Multiset
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count as CountOf
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractIsoWeekDay

from server.devices.models import Device, in_service
from server.intake.models import OfficerDay, ReasonDay, UnitHour
from server.places.history import going_on
from server.places.models import Counter, Officer, Unit
from server.results.counts import Count, Row
from server.results.models import AreaHour, AreaReason, TransactionCount, UnitDay
from server.results.period import Period
from server.results.tiers import refresh
from server.screens.models import OwnReason
from sync.choices import DEFAULT_REASONS

NOBODY = "Chưa phân công"
WHOLE_UNIT = "Không theo quầy"
OWN_REASONS = "Lý do riêng của các đơn vị"
_STANDARD = {reason.id: reason for reason in DEFAULT_REASONS}
_OWN_OF_UNITS = {AreaReason.OWN_DISSATISFIED: "dissatisfied", AreaReason.OWN_SATISFIED: "satisfied"}


class Served(NamedTuple):
    """An officer's votes at a counter on a day, or transactions told for them; ids are empty where nobody was named."""

    day: date
    counter_id: str
    officer_id: str
    satisfied: int
    dissatisfied: int
    handled: int


class Cell(NamedTuple):
    """Votes in an hour (0 to 23) of a weekday (0: Monday)."""

    weekday: int
    hour: int
    votes: Count


class Reason(NamedTuple):
    """How often a reason was given. id: empty for all together that units thought of. rating: after which answer it is offered, empty where
    nobody knows.
    """

    id: str
    words: str
    rating: str
    times: int


class Heard(NamedTuple):
    """Devices in service, and how many of them were heard on the day."""

    devices: int
    heard: int

    @property
    def silent(self) -> int:
        """Those not heard."""
        return self.devices - self.heard


@dataclass(frozen=True)
class Facts:
    """Everything that was counted in one unit itself, not below it, in a period."""

    unit: Unit
    period: Period
    served: Sequence[Served]

    @property
    def total(self) -> Count:
        """All together."""
        return _by(self.served, lambda one: "").get("", Count())

    def by_officer(self) -> list[Row]:
        """By name: who works in the unit, and who got votes; at the end those for nobody.

        Transactions that were told for a counter only are those of the officer who alone was rated there on that day.
        """
        counts = _by(self.served, lambda one: one.officer_id)
        wanted = Q(unit=self.unit, active=True) | Q(id__in=list(counts))
        officers = Officer.objects.filter(wanted).prefetch_related("counters").order_by("name", "id")
        at = _counters_of(self.served, self.counters())
        rows = []
        for officer in officers:
            assigned = ", ".join(counter.name for counter in officer.counters.all())
            rows.append(Row(officer.id, officer.name, counts.pop(officer.id, Count()), at.get(officer.id) or assigned))
        return rows + [Row(key, key or NOBODY, count, at.get(key, "")) for key, count in sorted(counts.items(), reverse=True)]

    def by_counter(self) -> list[Row]:
        """By name: all counters of the unit; at the end what was told for no counter."""
        counts = _by(self.served, lambda one: one.counter_id)
        names = self.counters()
        rows = [Row(key, name, counts.get(key, Count())) for key, name in names.items()]
        others = _by([one for one in self.served if one.counter_id not in names], lambda one: "")
        return [*rows, Row("", WHOLE_UNIT, others[""])] if others else rows

    def by_day(self) -> dict[date, Count]:
        """Days on which anything was counted, in their order."""
        return _by(self.served, lambda one: one.day)

    def counters(self) -> dict[str, str]:
        """Names of the unit's counters by id, in the order of names."""
        return dict(Counter.objects.filter(unit=self.unit).order_by("name", "id").values_list("id", "name"))


def facts(unit: Unit, period: Period) -> Facts:
    """Everything that was counted in the unit itself in the period."""
    here = {"unit_id": unit.pk, "day__range": (period.first, period.last)}
    votes = _kept(OfficerDay).filter(**here).values_list("day", "counter_id", "officer_id", "satisfied", "dissatisfied")
    told = _kept(TransactionCount).filter(**here).values_list("day", "counter_id", "officer_id", "handled")
    return Facts(unit, period, _served(votes, told))


def total(unit: Unit, period: Period) -> Count:
    """All votes of the unit and of those below it."""
    if not is_area(unit):
        return facts(unit, period).total
    refresh()
    return _count(_kept(UnitDay).filter(unit_id=unit.pk, day__range=(period.first, period.last)).aggregate(**_SUMS))


def by_day(unit: Unit, period: Period) -> dict[date, Count]:
    """Days on which anything was counted in the unit or below it, in their order."""
    if not is_area(unit):
        return facts(unit, period).by_day()
    refresh()
    days = _kept(UnitDay).filter(unit_id=unit.pk, day__range=(period.first, period.last)).order_by("day")
    return {row["day"]: _count(row) for row in days.values("day", *_SUMS)}


def by_unit(area: Unit, period: Period) -> list[Row]:
    """By name: the units that stood directly below the area, each for the days on which it did, and what was counted in the area
    itself. Together they are the area's total.
    """
    refresh()
    days = _kept(UnitDay).filter(parent_id=area.pk, day__range=(period.first, period.last))
    rows = {row["unit_id"]: _count(row) for row in days.values("unit_id").annotate(**_SUMS)}
    there = Unit.objects.filter(Q(id__in=list(rows)) | Q(id__in=going_on(area.below.all()))).order_by("name", "id")
    below = [Row(unit.pk, unit.name, rows.get(unit.pk, Count())) for unit in there]
    own = facts(area, period).total
    return [*below, Row(area.pk, area.name, own, note="tại chỗ")] if own != Count() else below


def by_hour(unit: Unit, period: Period) -> list[Cell]:
    """Votes by weekday and hour, those cells that have any."""
    if is_area(unit):
        refresh()
    table = AreaHour if is_area(unit) else UnitHour
    hours = _kept(table).filter(unit_id=unit.pk, day__range=(period.first, period.last))
    rows = hours.values(weekday=ExtractIsoWeekDay("day"), at=F("hour")).annotate(good=Sum("satisfied"), bad=Sum("dissatisfied"))
    cells = [Cell(row["weekday"] - 1, row["at"], Count(row["good"], row["bad"])) for row in rows]
    return sorted(cell for cell in cells if cell.votes.n)


def reasons(unit: Unit, period: Period) -> list[Reason]:
    """How often each reason was given, the most frequent first."""
    if is_area(unit):
        refresh()
    table = AreaReason if is_area(unit) else ReasonDay
    days = _kept(table).filter(unit_id=unit.pk, day__range=(period.first, period.last))
    times = {row["reason"]: row["all"] for row in days.values("reason").annotate(all=Sum("times"))}
    own = {row.name: row for row in OwnReason.objects.filter(name__in=list(times.keys() - _STANDARD))}
    found = []
    for name, count in times.items():
        if name in _STANDARD:
            found.append(Reason(name, _STANDARD[name].words["vi"], _STANDARD[name].rating, count))
        elif name in own:
            found.append(Reason(name, own[name].vietnamese, own[name].rating, count))
        elif name in _OWN_OF_UNITS:
            found.append(Reason("", OWN_REASONS, _OWN_OF_UNITS[name], count))
        else:
            found.append(Reason(name, name or OWN_REASONS, "", count))
    return sorted(found, key=lambda reason: (-reason.times, reason.words))


def is_area(unit: Unit) -> bool:
    """Whether units may stand below it."""
    return unit.kind != Unit.Kind.COMMUNE


def local(unit: Unit, now: datetime) -> datetime:
    """The instant on the clocks of the unit."""
    return now.astimezone(ZoneInfo(unit.time_zone))


def heard(unit: Unit, now: datetime) -> Heard:
    """How many devices, of the unit and of those below it, have been heard on its current day."""
    midnight = local(unit, now).replace(hour=0, minute=0, second=0, microsecond=0)
    here = Unit.objects.filter(Q(pk=unit.pk) | Q(parent=unit) | Q(parent__parent=unit)) if is_area(unit) else [unit]
    counts = in_service(Device.objects.filter(unit__in=here)).aggregate(
        devices=CountOf("id"), heard=CountOf("id", filter=Q(last_heard__gte=midnight))
    )
    return Heard(counts["devices"], counts["heard"])


def serving(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of the units that have counters, by name."""
    there = Exists(Counter.objects.filter(unit=OuterRef("pk")))
    return units.filter(there).select_related("parent").order_by("name", "id")


_Table = TypeVar("_Table", bound=Model)


def _kept(table: type[_Table]) -> QuerySet[_Table]:
    """Rows of tallies, from where they are read: the replica, if there is one, lags a moment behind what was just told."""
    return table._default_manager.using(settings.TALLIES_DATABASE)


_SUMS = {name: Sum(name) for name in ("satisfied", "dissatisfied", "handled", "rated")}
_Key = TypeVar("_Key")


def _count(sums: Mapping[str, Any]) -> Count:
    return Count(*(sums[name] or 0 for name in _SUMS))


def _served(votes: Iterable[tuple[date, str, str, int, int]], told: Iterable[tuple[date, str, str, int]]) -> list[Served]:
    """Votes beside the transactions that they are part of, in the order of days."""
    rated = {(day, counter, officer): (good, bad) for day, counter, officer, good, bad in votes}
    rated_there: dict[tuple[date, str], list[str]] = defaultdict(list)
    for (day, counter, officer), pair in rated.items():
        if any(pair):
            rated_there[day, counter].append(officer)
    handled = Multiset[tuple[date, str, str]]()
    for day, counter, officer, count in told:
        there = rated_there.get((day, counter), [])
        handled[day, counter, there[0] if counter and not officer and len(there) == 1 else officer] += count
    return [Served(*key, *rated.get(key, (0, 0)), handled[key]) for key in sorted(rated.keys() | handled.keys())]


def _by(served: Iterable[Served], key: Callable[[Served], _Key]) -> dict[_Key, Count]:
    """Counts by a key, in the order in which the keys come; rated are the votes of days with transactions of the same key."""
    days: dict[_Key, dict[date, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for one in served:
        sums = days[key(one)][one.day]
        sums[0] += one.satisfied
        sums[1] += one.dissatisfied
        sums[2] += one.handled
    counts = {}
    for name, of_key in days.items():
        good, bad, handled = (sum(sums[place] for sums in of_key.values()) for place in range(3))
        counts[name] = Count(good, bad, handled, sum(sums[0] + sums[1] for sums in of_key.values() if sums[2]))
    return counts


def _counters_of(served: Iterable[Served], names: Mapping[str, str]) -> dict[str, str]:
    """At which counters each officer was rated, in words."""
    places: dict[str, set[str]] = defaultdict(set)
    for one in served:
        if one.satisfied or one.dissatisfied:
            places[one.officer_id].add(one.counter_id)
    return {officer: ", ".join(name for key, name in names.items() if key in there) for officer, there in places.items()}
