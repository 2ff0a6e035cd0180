"""Devices and counters of an area: summed up by the units below, or one by one, with what is amiss."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from django.db.models import Case, CharField, Count, Exists, F, Model, OuterRef, Q, QuerySet, When

from server.devices.health import NEW, Finding, Versions, findings, needs_attention
from server.devices.ledgers import Stock, stocks
from server.devices.models import Device, in_service
from server.places.models import Counter, Unit

_Row = TypeVar("_Row", bound=Model)


class Sums(NamedTuple):
    """How many devices are in service, need attention and are new; how many counters there are, and have none."""

    devices: int = 0
    attention: int = 0
    new: int = 0
    counters: int = 0
    without: int = 0

    def __add__(self, other: tuple[int, ...]) -> "Sums":  # type: ignore[override]  # sums, not a longer tuple
        """Both together."""
        return Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class UnitRow(NamedTuple):
    """A unit, and the sums of all that is in it and below it."""

    unit: Unit
    sums: Sums


class DeviceRow(NamedTuple):
    """A device as the list shows it. new: enrolled lately."""

    device: Device
    findings: list[Finding]
    stock: Stock
    new: bool

    @property
    def alarming(self) -> bool:
        """Whether there is something to do about it."""
        return any(finding.advice for finding in self.findings)


def devices_of(units: Collection[Unit]) -> QuerySet[Device]:
    """The devices in the units and below them."""
    return Device.objects.filter(unit__in=area(units))


def counters_without(units: Collection[Unit]) -> QuerySet[Counter]:
    """The counters there that have no device in service, by unit and name."""
    return _bare().filter(unit__in=area(units)).select_related("unit").order_by("unit__name", "unit_id", "name", "id")


def summed(units: Collection[Unit], now: datetime, known: Versions) -> list[UnitRow]:
    """The sums of each of the units, all counted once: where one of them lies below another, with the lower one. Always three queries."""
    attention, new = Count("id", filter=needs_attention(now, known)), Count("id", filter=is_new(now))
    devices = {
        root: (number, alarming, lately)
        for root, number, alarming, lately in _by_root(in_service(Device.objects.all()), units)
        .annotate(number=Count("id"), alarming=attention, lately=new)
        .values_list("root", "number", "alarming", "lately")
    }
    counters, without = (
        dict(_by_root(query, units).annotate(number=Count("id")).values_list("root", "number"))
        for query in (Counter.objects.all(), _bare())
    )
    none = (0, 0, 0)
    return [UnitRow(one, Sums(*devices.get(one.pk, none), counters.get(one.pk, 0), without.get(one.pk, 0))) for one in units]


def is_new(now: datetime) -> Q:
    """Enrolled within `NEW`."""
    return Q(enrolled_at__gt=now - NEW)


def rows(devices: Iterable[Device], now: datetime, known: Versions) -> list[DeviceRow]:
    """The devices with what is to be known of each. One query, however many there are."""
    every = list(devices)
    stock = stocks(every)
    return [
        DeviceRow(
            device,
            findings(device, now, known) if device.revoked_at is None else [],
            stock[device.pk],
            device.revoked_at is None and device.enrolled_at > now - NEW,
        )
        for device in every
    ]


def area(units: Collection[Unit]) -> QuerySet[Unit]:
    """The units and those below them."""
    ids = [unit.pk for unit in units]
    paths = ("pk", "parent_id", "parent__parent_id")[: _levels(units)]
    return Unit.objects.filter(reduce(or_, (Q(**{f"{path}__in": ids}) for path in paths))).order_by()


def _by_root(query: QuerySet[_Row], units: Collection[Unit]) -> QuerySet[Any, dict[str, Any]]:
    """The query's rows, grouped by the nearest of the units that they are in or below."""
    ids = [unit.pk for unit in units]
    places = ("unit_id", "unit__parent_id", "unit__parent__parent_id")[: _levels(units)]
    root = Case(*(When(**{f"{place}__in": ids}, then=F(place)) for place in places), output_field=CharField())
    return query.filter(unit__in=area(units)).annotate(root=root).order_by().values("root")


def _levels(units: Collection[Unit]) -> int:
    """How many levels of units are to be looked at: who asks for a commune asks for no more than it."""
    return max((_LEVELS[Unit.Kind(unit.kind)] for unit in units), default=1)


def _bare() -> QuerySet[Counter]:
    """The counters that have no device in service."""
    return Counter.objects.filter(~Exists(in_service(Device.objects.filter(counter=OuterRef("pk")))))


_LEVELS = {Unit.Kind.COMMUNE: 1, Unit.Kind.PROVINCE: 2, Unit.Kind.COUNTRY: 3}
