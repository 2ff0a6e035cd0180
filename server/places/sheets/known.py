"""What is there already, of the units that somebody may arrange in: to be exported, or to be compared with what they sent.

Everything is read at once, because a country has thousands of units; a name is looked up in memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db.models import QuerySet

from server.places.history import going_on, take_effect
from server.places.models import Counter, Officer, Unit
from server.spreadsheets.cells import folded


class UnknownError(Exception):
    """A name or an id that means nothing here; the message says so in Vietnamese."""


class AmbiguousError(UnknownError):
    """A name that means several."""


_Placed = TypeVar("_Placed", Counter, Officer)


class Known:
    """Units, counters and officers by id and by name. everything: whoever asks may arrange everywhere."""

    def __init__(self, units: QuerySet[Unit], *, everything: bool) -> None:
        """Reads the database."""
        take_effect(units)
        self.everything = everything
        self.units = {unit.pk: unit for unit in units.select_related("parent").order_by("name", "id")}
        for unit in self.units.values():
            unit.parent = self.units.get(unit.parent_id or "", unit.parent)
        self.alive = set(going_on(units).values_list("pk", flat=True))
        self._names: dict[str, list[Unit]] = defaultdict(list)
        self._other_names: dict[str, list[Unit]] = defaultdict(list)
        self._above: dict[str, set[str]] = defaultdict(set)
        for unit in self.units.values():
            if unit.pk in self.alive:
                self._names[folded(unit.name)].append(unit)
        self.counters = {row.pk: row for row in Counter.objects.filter(unit__in=units).select_related("on_duty").order_by("name", "id")}
        self.officers = {row.pk: row for row in Officer.objects.filter(unit__in=units).order_by("name", "id")}
        self.counters_of = _by_unit_and_name(self.counters.values())
        self.officers_of = _by_unit_and_name(self.officers.values())
        self.on_duty: dict[str, list[Counter]] = defaultdict(list)
        for counter in self.counters.values():
            if counter.on_duty_id:
                self.on_duty[counter.on_duty_id].append(counter)

    def add(self, unit: Unit) -> None:
        """A unit that is to be made."""
        self.units[unit.pk] = unit
        self.alive.add(unit.pk)
        self._names[folded(unit.name)].append(unit)

    def rename(self, unit: Unit, name: str) -> None:
        """A unit that is to be called otherwise; its former name means it as long as nothing else has it."""
        self._names[folded(unit.name)].remove(unit)
        self._other_names[folded(name)] = [one for one in self._other_names[folded(name)] if one is not unit]
        self._other_names[folded(unit.name)].append(unit)
        unit.name = name
        self._names[folded(name)].append(unit)

    def also(self, unit: Unit, name: str, parent: Unit | None) -> None:
        """Another name and parent by which the file may speak of it, beside those of today."""
        if folded(name) != folded(unit.name):
            self._other_names[folded(name)].append(unit)
        for above in (unit.parent, parent):
            if above is not None:
                self._above[unit.pk] |= {above.pk, folded(above.name)}

    def named(self, name: str, above: str = "") -> list[Unit]:
        """The units that go on and are called so, below one that is called, or has the id, `above`, if that is given."""
        found = self._names.get(folded(name)) or self._other_names.get(folded(name)) or []
        if not above:
            return list(found)
        return [unit for unit in found if self._is_below(unit, above)]

    def _is_below(self, unit: Unit, above: str) -> bool:
        if {above, folded(above)} & self._above.get(unit.pk, set()):
            return True
        return unit.parent is not None and (unit.parent_id == above or folded(unit.parent.name) == folded(above))

    def unit(self, text: str, above: str = "") -> Unit:
        """The unit of an id or a name. Raises UnknownError."""
        if text in self.units:
            if text not in self.alive:
                raise UnknownError(f"Đơn vị {self.units[text]} đã kết thúc")
            return self.units[text]
        found = self.named(text, above)
        if len(found) > 1:
            raise AmbiguousError(f"Có {len(found)} đơn vị tên “{text}”")
        if not found:
            where = f" thuộc “{above}”" if above else ""
            raise UnknownError(f"Không có đơn vị “{text}”{where} trong phần ông/bà quản lý")
        return found[0]

    def words_for(self, unit: Unit) -> tuple[str, str]:
        """How a unit is referred to so that `unit` finds it again: its name and that of the one above, else its id."""
        above = unit.parent.name if unit.parent else ""
        alone = unit.name not in self.units and len(self.named(unit.name, above)) == 1
        return (unit.name if alone else unit.pk, above)

    def words_for_parent(self, unit: Unit) -> str:
        """The same for a unit above others: by its name alone, among those of its level."""
        same = [one for one in self.named(unit.name) if one.kind == unit.kind]
        return unit.name if unit.name not in self.units and len(same) <= 1 else unit.pk

    def words_for_counter(self, counter: Counter) -> str:
        """How a counter is referred to within its unit."""
        alone = len(self.counters_of[counter.unit_id, folded(counter.name)]) == 1 and counter.name not in self.counters
        return counter.name if alone else counter.pk


def _by_unit_and_name(rows: Iterable[_Placed]) -> Mapping[tuple[str, str], list[_Placed]]:
    found: dict[tuple[str, str], list[_Placed]] = defaultdict(list)
    for row in rows:
        found[row.unit_id, folded(row.name)].append(row)
    return found
