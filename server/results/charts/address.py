"""What stands in the address of a chart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from server.results.addressed import OTHER, parameters_of, read_period
from server.results.period import Period


class Chart(StrEnum):
    """Which chart: the value stands in its address."""

    DAYS = "ngay"
    HOURS = "gio"
    INTERVALS = "khoang"
    COMPARISON = "so-sanh"
    REASONS = "ly-do"
    PARTICIPATION = "tham-gia"


class By(StrEnum):
    """What the lines or bars of a chart are about: the value stands in its address."""

    OFFICER = "can-bo"
    COUNTER = "quay"
    UNIT = "don-vi"
    DAY = "ngay"
    DISSATISFIED = "khong-hai-long"
    SATISFIED = "hai-long"


_PEOPLE_AND_PLACES = (By.OFFICER, By.COUNTER, By.UNIT)
CHOICES: dict[Chart, tuple[By, ...]] = {
    Chart.DAYS: (),
    Chart.HOURS: (),
    Chart.INTERVALS: _PEOPLE_AND_PLACES,
    Chart.COMPARISON: _PEOPLE_AND_PLACES,
    Chart.REASONS: (By.DISSATISFIED, By.SATISFIED),
    Chart.PARTICIPATION: (By.DAY, *_PEOPLE_AND_PLACES),
}


@dataclass(frozen=True)
class Asked:
    """A chart of a period; by: of what, None where the chart has no choice; other: the period that it is compared with, or None."""

    chart: Chart
    period: Period
    by: By | None = None
    other: Period | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where the chart does not have this choice."""
        choices = CHOICES[self.chart]
        if (self.by in choices) != bool(choices) or (self.other is not None) != (self.chart is Chart.COMPARISON):
            raise ValueError(f"{self.chart}: {self.by}")

    @property
    def tells_hours(self) -> bool:
        """Whether it tells hours that only `Right.SEE_MOMENTS` may see."""
        if self.chart is Chart.HOURS:
            return not self.period.by_hour
        return self.chart is Chart.DAYS and self.period.days == 1

    def parameters(self, **more: object) -> str:
        """The part of the address after the question mark."""
        said: dict[str, object] = {**parameters_of(self.period)}
        if self.by:
            said["theo"] = self.by
        if self.other:
            said |= parameters_of(self.other, OTHER)
        return urlencode({**said, **more})


def read(chart: str, parameters: Mapping[str, str]) -> Asked:
    """What an address asks for. Raises ValueError where it makes no sense."""
    by, day = parameters.get("theo"), date.fromisoformat
    other = read_period(parameters, OTHER, day) if f"{OTHER}ky" in parameters else None
    return Asked(Chart(chart), read_period(parameters, day=day), By(by) if by else None, other)
