"""Parts of a page of results: what is said, a picture, the table behind it, and how to read it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.results.period import Period
from server.results.queries import Facts
from server.results.tables import Table


@dataclass(frozen=True)
class Picture:
    """A chart as `server.results.templatetags.charts` draws it. by: of whom; other: the period beside it; facts: those at hand."""

    name: str
    period: Period
    by: str | None = None
    other: Period | None = None
    facts: Facts | None = None
    wide: bool = True


@dataclass(frozen=True)
class Section:
    """A part of a page. says: sentences before the table; notes: how to read it."""

    title: str
    table: Table
    says: Sequence[str] = ()
    picture: Picture | None = None
    notes: Sequence[str] = ()
