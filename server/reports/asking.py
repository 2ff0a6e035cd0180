"""Which report an address means, and where to go from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from server.places.models import Unit
from server.reports.content import KINDS
from server.results.addressed import UnclearError, read_day
from server.results.asked import LABELS, Asked
from server.results.period import Kind, Period, containing


@dataclass(frozen=True)
class Step:
    """A report to go to."""

    label: str
    address: str
    current: bool = False


@dataclass(frozen=True)
class Around:
    """The reports around one: that of the time before and after, if there are, and the others of the same time."""

    before: Step | None
    after: Step | None
    kinds: Sequence[Step]


def asked_for(kind: str, day: str, today: date) -> Asked:
    """The period of a report. Raises UnclearError for an address that means none, or one that has not begun."""
    if kind not in set(KINDS):
        raise UnclearError("Không có loại báo cáo này.")
    period = containing(Kind(kind), read_day(day))
    if period.first > today:
        raise UnclearError("Kỳ này chưa bắt đầu.")
    return Asked(period, today)


def address_of(unit: Unit, period: Period) -> str:
    """The page of a report."""
    return reverse("report", args=[unit.pk, period.kind.value, f"{period.first}"])


def around(unit: Unit, asked: Asked) -> Around:
    """Where the page leads."""
    period = asked.period
    day = min(asked.today, period.last)

    def step(to: Period, label: str = "") -> Step:
        return Step(label or str(to), address_of(unit, to), to == period)

    return Around(
        step(period.before) if asked.before else None,
        step(period.after) if asked.after else None,
        [step(containing(kind, day), LABELS[kind]) for kind in KINDS],
    )
