"""What holds for a unit's alerts: what it set itself, else what stands above it, else what is usual."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from server.alerts.models import Alert, Wishes
from server.places.models import Unit

FIELDS = ("threshold", "silent_minutes", "digest_at", "kinds")


@dataclass(frozen=True)
class Held:
    """threshold: percent; silent_minutes: of opening time; kinds: of `Alert.Kind`."""

    threshold: int = 80
    silent_minutes: int = 120
    digest_at: time = time(7, 30)
    kinds: frozenset[str] = frozenset(Alert.Kind.values)


def held(unit: Unit) -> Held:
    """For one unit."""
    return held_by([unit])[unit.pk]


def above(unit: Unit) -> Held:
    """What holds where the unit itself says nothing."""
    return held_by([unit.parent])[unit.parent.pk] if unit.parent else Held()


def held_by(units: Collection[Unit]) -> dict[str, Held]:
    """For each of the units, whose parents are known (`select_related("parent")`); one query."""
    paths = {unit.pk: _path(unit) for unit in units}
    said = Wishes.objects.in_bulk({key for path in paths.values() for key in path})
    return {pk: _over([said[key] for key in path if key in said]) for pk, path in paths.items()}


def _path(unit: Unit) -> list[str]:
    """From the country down."""
    return [key for key in (unit.parent.parent_id if unit.parent else None, unit.parent_id, unit.pk) if key]


def _over(said: Sequence[Wishes]) -> Held:
    found = Held()
    for wishes in said:
        found = replace(found, **_own(wishes))
    return found


def _own(wishes: Wishes) -> Mapping[str, Any]:
    own = {name: value for name in FIELDS if (value := getattr(wishes, name)) is not None}
    return own | {"kinds": frozenset(own["kinds"])} if "kinds" in own else own
