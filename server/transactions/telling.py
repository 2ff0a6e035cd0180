"""The one way in which transaction counts are written: a unit's days are told, each as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from server.intake import store
from server.intake.sql import run
from server.places.history import begun
from server.places.models import Counter, Officer, Unit
from server.problems import ProblemError
from server.record.keeping import Action, note_of
from server.results.models import TransactionCount

Source = TransactionCount.Source
MOST = 100_000  # of a counter and officer on a day
MOST_ROWS = 500  # of a day


class Handled(NamedTuple):
    """Transactions of a counter and an officer; ids are empty where that is not said."""

    counter_id: str
    officer_id: str
    handled: int


@dataclass(frozen=True)
class Teller:
    """Who tells. who: the user's or the token's name; address: from where."""

    who: str
    source: TransactionCount.Source
    address: str


@dataclass(frozen=True)
class Told:
    """What stands for a day: its rows, who told them how, and when."""

    rows: tuple[Handled, ...]
    who: str
    source: str
    at: datetime

    @property
    def handled(self) -> int:
        """All together."""
        return sum(row.handled for row in self.rows)

    @property
    def words(self) -> str:
        """How it came, in words."""
        return str(Source(self.source).label)


def told(unit: Unit, first: date, last: date) -> dict[date, Told]:
    """What was told for the days from one to another, in their order; a day that nobody told is not there."""
    found: dict[date, list[TransactionCount]] = {}
    rows = TransactionCount.objects.filter(unit_id=unit.pk, day__range=(first, last)).order_by("day", "counter_id", "officer_id")
    for row in rows:
        found.setdefault(row.day, []).append(row)
    return {day: _told(rows) for day, rows in found.items()}


def tell(unit: Unit, days: Mapping[date, Sequence[Handled]], teller: Teller) -> dict[date, Told | None]:
    """Let what was told for each day be exactly these rows; without rows the day is as if nobody ever told it.

    All days or none. Days for which the same stands already stay as they are, with who told them first. Returns the days that
    changed, and what stood for each before. What changes is in the record. Raises ProblemError as `check` does.
    """
    for day, rows in days.items():
        check(unit, day, rows)
    known = _Known(unit)
    for rows in days.values():
        known.check(rows)
    ordered = sorted(days)
    if not ordered:
        return {}
    with transaction.atomic():
        # The marks come first: who holds them writes alone, so that two tellings of a day cannot mix.
        run(store.mark_stale(unit.pk, ordered))
        before = told(unit, ordered[0], ordered[-1])
        changed = {day: before.get(day) for day in ordered if _set(days[day]) != _set(before[day].rows if day in before else ())}
        if changed:
            TransactionCount.objects.filter(unit_id=unit.pk, day__in=list(changed)).delete()
            TransactionCount.objects.bulk_create(_rows(unit, changed, days, teller))
            note_of(teller.who, teller.address, Action.CHANGE, unit.pk, "transactions", _detail(changed, days, teller))
    return changed


def check(unit: Unit, day: date, rows: Sequence[Handled]) -> None:
    """Raises `day-outside` for a day that has not come, and for one on which the unit was not yet or no more; `counted-twice`;
    `malformed` for impossible numbers.
    """
    if day > unit.today():
        raise ProblemError("day-outside", f"{day} has not come yet for the unit.")
    if (first := begun(unit)) > day:
        raise ProblemError("day-outside", f"The unit counts from {first} on.")
    if unit.ended is not None and day > unit.ended:
        raise ProblemError("day-outside", f"The unit ended with {unit.ended}.")
    if len(rows) > MOST_ROWS or not all(0 <= row.handled <= MOST for row in rows):
        raise ProblemError("malformed", f"At most {MOST_ROWS} counts, each from 0 to {MOST}.")
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if row[:2] in seen:
            raise ProblemError("counted-twice", f"counter {row.counter_id or '–'}, officer {row.officer_id or '–'}")
        seen.add(row[:2])


class _Known:
    """The counters and officers of a unit."""

    def __init__(self, unit: Unit) -> None:
        self.counters = {"", *Counter.objects.filter(unit=unit).values_list("id", flat=True)}
        self.officers = {"", *Officer.objects.filter(unit=unit).values_list("id", flat=True)}

    def check(self, rows: Iterable[Handled]) -> None:
        """Raises `unknown-counter`, `unknown-officer`."""
        for row in rows:
            if row.counter_id not in self.counters:
                raise ProblemError("unknown-counter", row.counter_id)
            if row.officer_id not in self.officers:
                raise ProblemError("unknown-officer", row.officer_id)


def _told(rows: Sequence[TransactionCount]) -> Told:
    first = rows[0]
    handled = tuple(Handled(row.counter_id, row.officer_id, row.handled) for row in rows)
    return Told(handled, first.who, first.source, first.at)


def _set(rows: Iterable[Handled]) -> frozenset[Handled]:
    return frozenset(rows)


def _rows(unit: Unit, changed: Iterable[date], days: Mapping[date, Sequence[Handled]], teller: Teller) -> list[TransactionCount]:
    now = timezone.now()
    said = {"unit_id": unit.pk, "source": teller.source, "who": teller.who, "at": now}
    return [TransactionCount(day=day, **said, **row._asdict()) for day in changed for row in days[day]]


def _detail(changed: Mapping[date, Told | None], days: Mapping[date, Sequence[Handled]], teller: Teller) -> str:
    """Each day, how many it had and has now: 2026-11-03 212→215."""

    def changes() -> Iterable[str]:
        for day, before in changed.items():
            now = str(sum(row.handled for row in days[day])) if days[day] else "–"
            yield f"{day} {before.handled if before else '–'}→{now}"

    return f"{teller.source.value}: {', '.join(changes())}"
