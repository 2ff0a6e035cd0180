"""Choosing one of many units by its name: what `places/choose.html` shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest

from server.places.models import Unit
from server.places.names import holds

LISTED = 60  # at once; whoever does not find theirs among so many seeks it
FEW = 10  # are seen at a glance, and need no search


class Listed(NamedTuple):
    """A unit of which the list says no more than its name."""

    unit: Unit


@dataclass(frozen=True)
class Choice:
    """What is to be chosen from. units: the first of them; rows: what is told of each, in any order, each with its `unit`; wanted: the
    words that their names hold, or empty; more: there are others beside.
    """

    units: Sequence[Unit]
    rows: Sequence[object]
    wanted: str
    more: bool

    @property
    def listed(self) -> int:
        """How many are shown at once."""
        return LISTED

    @property
    def seeks(self) -> bool:
        """Whether a field is offered in which to seek by name."""
        return bool(self.wanted) or len(self.units) > FEW


def choose(units: QuerySet[Unit], request: HttpRequest) -> Choice:
    """Of the units, in their order, those whose name holds what the request seeks (`?tim=thai hoa`), or the first."""
    wanted = request.GET.get("tim", "").strip()[:200]
    found = units
    if wanted:
        names = units.values_list("pk", "name")
        found = units.filter(pk__in=[pk for pk, name in names if holds(name, wanted)][: LISTED + 1])
    some = list(found[: LISTED + 1])
    return Choice(some[:LISTED], [Listed(unit) for unit in some[:LISTED]], wanted, len(some) > LISTED)
