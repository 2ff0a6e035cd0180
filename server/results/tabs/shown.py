"""What a tab is asked to show, and what it gives back. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from server.places.models import Unit
from server.results.asked import Asked
from server.results.period import Period
from server.results.sections import Section


@dataclass(frozen=True)
class Shown:
    """A unit and the period asked about. parameters: all of the address. moments: whether a single vote's time may be seen."""

    unit: Unit
    asked: Asked
    parameters: Mapping[str, str] = field(default_factory=dict)
    moments: bool = False

    @property
    def period(self) -> Period:
        """The period."""
        return self.asked.period


@dataclass(frozen=True)
class Other:
    """The period that is compared with: itself, what the address calls it, other choices, and why it is not what was asked."""

    period: Period
    day: str
    choices: Sequence[tuple[str, str, bool]]
    fault: str


@dataclass(frozen=True)
class Content:
    """What a tab shows. says: of the whole, before any section."""

    sections: Sequence[Section]
    says: Sequence[str] = ()
    other: Other | None = None


class Tab(NamedTuple):
    """slug: in addresses. own: it is about what was counted in the unit itself; below: about the units below it.

    people: it shows figures of officers by name, and who looks at them is recorded.
    """

    slug: str
    label: str
    build: Callable[[Shown], Content]
    own: bool = False
    below: bool = False
    people: bool = False
