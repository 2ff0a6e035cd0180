"""How units are called and where they belong, by day: a merger or a renaming changes no result of the days before it.

`Unit.name` and `Unit.parent` say the same for today, for all who ask of today only; `take_effect` keeps them so, and is called when
the server starts and every night. Whoever changes a unit's parent lets its kiosks hear what holds under the new one.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from server.places.models import BEGINNING, Standing, Unit
from server.screens.publish import publish


def stand(unit: Unit, since: date, name: str, parent: Unit | None) -> None:
    """Keep that the unit is called and belongs so from a day on. What lies ahead takes effect on its day."""
    with transaction.atomic():
        Standing.objects.update_or_create(unit=unit, since=since, defaults={"name": name, "parent": parent})
        take_effect(Unit.objects.filter(pk=unit.pk))
    unit.refresh_from_db()


def forget(standing: Standing) -> None:
    """Take back a standing that was kept by mistake: what held before it goes on. The first one of a unit cannot be taken back."""
    with transaction.atomic():
        if standing.unit.standings.filter(since__lt=standing.since).exists():
            standing.delete()
            take_effect(Unit.objects.filter(pk=standing.unit_id))


def merge(units: Iterable[Unit], into: Unit, since: date) -> None:
    """End the units on the day before `since`; from then on their work is that of `into`. Their results stay theirs."""
    for unit in units:
        unit.ended, unit.successor = since - date.resolution, into
        unit.save(update_fields=["ended", "successor"])


def go_on(unit: Unit) -> None:
    """Take back that the unit ends."""
    unit.ended, unit.successor = None, None
    unit.save(update_fields=["ended", "successor"])


def take_effect(units: QuerySet[Unit] | None = None) -> int:
    """Let `Unit.name` and `Unit.parent` be those of today, of all units unless told; returns how many changed."""
    every = Unit.objects.all() if units is None else units
    now, changed = timezone.now(), 0
    for zone in set(every.order_by().values_list("time_zone", flat=True)):
        for unit in _behind(every.filter(time_zone=zone), now.astimezone(ZoneInfo(zone))):
            standing = Standing.objects.get(pk=getattr(unit, "standing"))  # noqa: B009 which `_behind` adds
            moved = unit.parent_id != standing.parent_id
            Unit.objects.filter(pk=unit.pk).update(name=standing.name, parent=standing.parent_id)
            if moved:
                publish(Unit.objects.get(pk=unit.pk))
            changed += 1
    return changed


def going_on(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of the units that have not ended."""
    return units.filter(Q(ended=None) | Q(ended__gte=timezone.localdate()))


def standing_on(unit: Unit, day: date) -> Standing | None:
    """How the unit was called and where it belonged on a day; on days before its first standing, as in that."""
    rows = list(unit.standings.select_related("parent").order_by("since"))
    return next((row for row in reversed(rows) if row.since <= day), rows[0] if rows else None)


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on a day."""
    row = standing_on(unit, day)
    return row.name if row else unit.name


class Event(NamedTuple):
    """One day in a unit's history. standing: the one that began then, if any; ahead: it has not come yet."""

    day: date
    words: list[str]
    standing: Standing | None
    ahead: bool


def timeline(unit: Unit) -> list[Event]:
    """All that happened to the unit and is going to, in the order of days, in words for people."""
    today = unit.today()
    words: dict[date, list[str]] = {}
    standings: dict[date, Standing] = {}
    before: Standing | None = None
    for standing in unit.standings.select_related("parent").order_by("since"):
        standings[standing.since] = standing
        words[standing.since] = _changed(before, standing)
        before = standing
    for predecessor in unit.predecessors.exclude(ended=None).order_by("name"):
        if predecessor.ended is not None:
            words.setdefault(predecessor.ended + date.resolution, []).append(f"Tiếp nhận {predecessor.name}")
    if unit.ended is not None:
        words.setdefault(unit.ended + date.resolution, []).append(f"Nhập vào {unit.successor}" if unit.successor else "Kết thúc")
    return [Event(day, words[day], standings.get(day), day > today) for day in sorted(words)]


def _behind(units: QuerySet[Unit], now: datetime) -> QuerySet[Unit]:
    """Those of the units that are not as their standing of the day says; `standing` is its key."""
    latest = Standing.objects.filter(unit=OuterRef("pk"), since__lte=now.date()).order_by("-since")
    held = units.annotate(
        standing=Subquery(latest.values("pk")[:1]),
        standing_name=Subquery(latest.values("name")[:1]),
        standing_parent=Subquery(latest.values("parent_id")[:1]),
    ).exclude(standing=None)
    same_parent = Q(parent_id=F("standing_parent")) | Q(parent_id=None, standing_parent=None)
    return held.exclude(Q(standing_name=F("name")) & same_parent)


def _changed(before: Standing | None, now: Standing) -> list[str]:
    if before is None:
        return [f"{now.name}, thuộc {now.parent}" if now.parent else now.name]
    words = [f"Đổi tên thành {now.name}"] if before.name != now.name else []
    if before.parent_id != now.parent_id:
        words.append(f"Chuyển về {now.parent}" if now.parent else "Không còn thuộc đơn vị nào")
    return words or ["Giữ nguyên tên và cấp trên"]


def begun(unit: Unit) -> date:
    """The first day of which the unit's work counts."""
    first = Standing.objects.filter(unit=unit).order_by("since").values_list("since", flat=True).first()
    return first or BEGINNING
