"""How units are called and where they belong, by day: a merger or a renaming changes no result of the days before it.

`Unit.name` and `Unit.parent` say the same for today, for all who ask of today only; `take_effect` keeps them so.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from server.places.models import BEGINNING, Standing, Unit


def stand(unit: Unit, since: date, name: str, parent: Unit | None) -> None:
    """Keep that the unit is called and belongs so from a day on. What lies ahead takes effect on its day."""
    with transaction.atomic():
        Standing.objects.update_or_create(unit=unit, since=since, defaults={"name": name, "parent": parent})
        take_effect([unit])


def merge(units: Iterable[Unit], into: Unit, since: date) -> None:
    """End the units on the day before `since`; from then on their work is that of `into`. Their results stay theirs."""
    for unit in units:
        unit.ended, unit.successor = since - date.resolution, into
        unit.save(update_fields=["ended", "successor"])


def take_effect(units: Iterable[Unit]) -> int:
    """Let `Unit.name` and `Unit.parent` be those of today; returns how many changed."""
    changed = 0
    for unit in units:
        standing = Standing.objects.filter(unit=unit, since__lte=unit.today()).order_by("-since").first()
        if standing is not None and (unit.name, unit.parent_id) != (standing.name, standing.parent_id):
            unit.name, unit.parent_id = standing.name, standing.parent_id
            Unit.objects.filter(pk=unit.pk).update(name=unit.name, parent=unit.parent_id)
            changed += 1
    return changed


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on a day."""
    row = Standing.objects.filter(unit=unit, since__lte=day).order_by("-since").first()
    return row.name if row else unit.name


def begun(unit: Unit) -> date:
    """The first day of which the unit's work counts."""
    first = Standing.objects.filter(unit=unit).order_by("since").values_list("since", flat=True).first()
    return first or BEGINNING
