"""The calls that say where a token is valid: its units, their counters and officers."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from server.places.history import begun
from server.places.models import Unit
from server.tokens.call import Asked, Calls, Grant, NoBody, NoQuery

CALLS = Calls("units")
_ANY = [*Grant]
PAGE = 100
LONGEST_PAGE = 500


class PageQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of many are wanted."""

    after: Annotated[
        Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{1,64}$")] | UnsetType, Meta(description="`next` of the answer before this one.")
    ] = UNSET
    limit: Annotated[int, Meta(ge=1, le=LONGEST_PAGE, description="How many at most.")] = PAGE


class UnitLine(Struct, frozen=True):
    """A unit as it is today. parent: where it belongs; ended: its last day, where it was merged into `successor`."""

    id: str
    name: str
    kind: Literal["country", "province", "commune"]
    parent: str | None
    time_zone: str
    ended: date | None
    successor: str | None


class UnitPage(Struct, frozen=True):
    """Units in the order of their ids. next: `after` of the next page, null on the last one."""

    units: list[UnitLine]
    next: str | None


class Named(Struct, frozen=True):
    """A counter or an officer."""

    id: str
    name: str


class UnitPlaces(UnitLine, frozen=True):
    """A unit with its counters, and the officers who work in it. begun: the first day that counts."""

    begun: date
    counters: list[Named]
    officers: list[Named]


@CALLS.get("units", UnitPage, grants=_ANY, query=PageQuery)
def units(asked: Asked[PageQuery, NoBody]) -> UnitPage:
    """The units where the token is valid, page by page."""
    rows = asked.units.order_by("id")
    if asked.query.after is not UNSET:
        rows = rows.filter(id__gt=asked.query.after)
    some = [_line(unit) for unit in rows[: asked.query.limit + 1]]
    more = len(some) > asked.query.limit
    some = some[: asked.query.limit]
    return UnitPage(some, some[-1].id if more else None)


@CALLS.get("units/{unit}", UnitPlaces, grants=_ANY)
def unit_places(asked: Asked[NoQuery, NoBody]) -> UnitPlaces:
    """One unit, its counters and its officers: the ids that transaction counts may name."""
    unit = asked.unit()
    line = _line(unit)
    counters = [Named(*row) for row in unit.counters.order_by("name", "id").values_list("id", "name")]
    officers = [Named(*row) for row in unit.officers.filter(active=True).order_by("name", "id").values_list("id", "name")]
    return UnitPlaces(
        line.id, line.name, line.kind, line.parent, line.time_zone, line.ended, line.successor, begun(unit), counters, officers
    )


def _line(unit: Unit) -> UnitLine:
    kind: dict[str, Literal["country", "province", "commune"]] = {
        Unit.Kind.COUNTRY: "country",
        Unit.Kind.PROVINCE: "province",
        Unit.Kind.COMMUNE: "commune",
    }
    return UnitLine(unit.pk, unit.name, kind[unit.kind], unit.parent_id, unit.time_zone, unit.ended, unit.successor_id)
