"""Devices and counters of an area: summed up by the units below, or one by one, with what is amiss."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from django.db.models import Case, CharField, Count, Exists, F, Model, OuterRef, Q, QuerySet, When

from server.devices.health import NEW, Finding, Versions, findings, needs_attention
from server.devices.ledgers import Stock, stocks
from server.devices.models import Device
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
    return within(Device.objects.all(), units)


def counters_without(units: Collection[Unit]) -> QuerySet[Counter]:
    """The counters there that have no device in service, by unit and name."""
    return within(Counter.objects.all(), units).filter(~_equipped()).select_related("unit").order_by("unit__name", "unit_id", "name", "id")


def summed(units: Collection[Unit], now: datetime, known: Versions) -> list[UnitRow]:
    """The sums of each of the units; none of them lies below another. Two queries, however many there are."""
    in_service = Device.objects.filter(revoked_at=None)
    attention, new = Count("id", filter=needs_attention(now, known)), Count("id", filter=is_new(now))
    devices = {
        root: (number, alarming, lately)
        for root, number, alarming, lately in _by_root(in_service, units)
        .annotate(number=Count("id"), alarming=attention, lately=new)
        .values_list("root", "number", "alarming", "lately")
    }
    counters = {
        root: (number, without)
        for root, number, without in _by_root(Counter.objects.all(), units)
        .annotate(number=Count("id"), without=Count("id", filter=~_equipped()))
        .values_list("root", "number", "without")
    }
    return [UnitRow(unit, Sums(*devices.get(unit.pk, (0, 0, 0)), *counters.get(unit.pk, (0, 0)))) for unit in units]


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


def within(query: QuerySet[_Row], units: Collection[Unit], path: str = "unit__") -> QuerySet[_Row]:
    """What is in the units or below them. path: how the query's rows lead to their unit; empty where they are units."""
    ids = [unit.pk for unit in units]
    places = (f"{path}pk__in", f"{path}parent_id__in", f"{path}parent__parent_id__in")
    return query.filter(reduce(or_, (Q(**{place: ids}) for place in places)))


def _by_root(query: QuerySet[_Row], units: Collection[Unit]) -> QuerySet[Any, dict[str, Any]]:
    """The query's rows, grouped by which of the units they are in or below."""
    ids = [unit.pk for unit in units]
    places = ("unit_id", "unit__parent_id", "unit__parent__parent_id")
    root = Case(*(When(**{f"{place}__in": ids}, then=F(place)) for place in places), output_field=CharField())
    return within(query, units).annotate(root=root).order_by().values("root")


def _equipped() -> Exists:
    return Exists(Device.objects.filter(counter=OuterRef("pk"), revoked_at=None))
