"""What the calls of results answer. Every number is one of `server.results.counts.Count`, as the pages show it."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from server.places.models import Unit
from server.results import counts, queries
from server.results.api.asking import NAMES, Name
from server.results.period import Period
from server.results.statistics import MINIMUM_N, Rank

Whole = Annotated[int, Meta(ge=0)]
Part = Annotated[float, Meta(ge=0, le=1)]
Percent = Annotated[float, Meta(ge=0, le=100)]


class UnitName(Struct, frozen=True):
    """A unit, as it is called today."""

    id: str
    name: str


class Days(Struct, frozen=True):
    """A period of whole days, both ends included, on the unit's clocks."""

    period: Name
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")


class Share(Struct, frozen=True):
    """The share of the satisfied, from 0 to 1, with its 95 % interval (Wilson)."""

    value: Part
    low: Part
    high: Part


class Percents(Struct, frozen=True):
    """The same in percent with one decimal, together 100.0 (largest remainder): what pages show."""

    satisfied: Percent
    dissatisfied: Percent


class Votes(Struct, frozen=True):
    """Votes of citizens; n is all of them. Where n is too small to say anything, share and percents are null."""

    satisfied: Whole
    dissatisfied: Whole
    n: Whole
    share: Share | None
    percents: Percents | None
    withheld: Annotated[
        Literal["below-minimum-n"] | None, Meta(description=f"Why there is no share: n is below {MINIMUM_N}. Null where there is one.")
    ]


class Count(Votes, frozen=True):
    """Votes, beside the transactions that were handled."""

    handled: Annotated[Whole, Meta(description="Transactions, of those who told them for those days.")]
    rated: Annotated[Whole, Meta(description="Votes of the days for which transactions were told.")]
    participation: Annotated[
        Annotated[float, Meta(ge=0)] | None,
        Meta(description="rated over handled; above 1 where more voted. Null where no transactions were told."),
    ]


class Row(Struct, frozen=True):
    """A line of a table. id: null for what is nobody's. note: what pages say beside the name."""

    id: str | None
    name: str
    note: str
    count: Count


class Place(Struct, frozen=True):
    """A place among others, 1 is the highest share, and the best and the worst that the intervals allow."""

    place: Annotated[int, Meta(ge=1)]
    best: Annotated[int, Meta(ge=1)]
    worst: Annotated[int, Meta(ge=1)]


class UnitRow(Row, frozen=True):
    """A unit's line. rank: among the lines that have a share, else null."""

    rank: Place | None


class DayRow(Struct, frozen=True):
    """A day's count."""

    day: date
    count: Count


class HourRow(Struct, frozen=True):
    """Votes in an hour of a weekday, over the whole period. weekday: 1 is Monday (ISO 8601)."""

    weekday: Annotated[int, Meta(ge=1, le=7)]
    hour: Annotated[int, Meta(ge=0, le=23)]
    votes: Votes


class ReasonRow(Struct, frozen=True):
    """How often a reason was given. rating: after which answer kiosks offer it, or null where that is not known."""

    id: str | None
    words: str
    rating: Literal["satisfied", "dissatisfied"] | None
    times: Whole


class ParticipationRow(Struct, frozen=True):
    """How many of the transactions were rated, of a part of the unit."""

    id: str | None
    name: str
    handled: Whole
    rated: Whole
    participation: Annotated[float, Meta(ge=0)] | None


class Total(Struct, frozen=True):
    """All votes of the unit and of those below it."""

    unit: UnitName
    period: Days
    total: Count


class Officers(Struct, frozen=True):
    """By officer: who works in the unit itself, not below it, and who got votes there."""

    unit: UnitName
    period: Days
    total: Count
    officers: list[Row]


class Counters(Struct, frozen=True):
    """By counter of the unit itself, not below it."""

    unit: UnitName
    period: Days
    total: Count
    counters: list[Row]


class ByDay(Struct, frozen=True):
    """Days on which anything was counted, in their order."""

    unit: UnitName
    period: Days
    total: Count
    days: list[DayRow]


class Hours(Struct, frozen=True):
    """Hours of weekdays that have any votes, in their order."""

    unit: UnitName
    period: Days
    hours: list[HourRow]


class Reasons(Struct, frozen=True):
    """Reasons, the most frequent first."""

    unit: UnitName
    period: Days
    reasons: list[ReasonRow]


class Units(Struct, frozen=True):
    """The units directly below, by name, each for the days on which it belonged there; together they are the total."""

    unit: UnitName
    period: Days
    total: Count
    units: list[UnitRow]


class Participation(Struct, frozen=True):
    """Votes over transactions: of the unit, and of its counters or of the units below it."""

    unit: UnitName
    period: Days
    handled: Whole
    rated: Whole
    participation: Annotated[float, Meta(ge=0)] | None
    parts: list[ParticipationRow]


def unit_name(unit: Unit) -> UnitName:
    """The unit in an answer."""
    return UnitName(unit.pk, unit.name)


def days(period: Period) -> Days:
    """The period in an answer."""
    return Days(NAMES[period.kind], period.first, period.last)


def votes(count: counts.Count) -> Votes:
    """Votes in an answer."""
    return Votes(count.satisfied, count.dissatisfied, count.n, *_said(count))


def count(count: counts.Count) -> Count:
    """A count in an answer."""
    told = (count.handled, count.rated, count.participation)
    return Count(count.satisfied, count.dissatisfied, count.n, *_said(count), *told)


def row(row: counts.Row) -> Row:
    """A line in an answer."""
    return Row(row.key or None, row.name, row.note, count(row.count))


def unit_row(row: counts.Row, rank: Rank | None) -> UnitRow:
    """A unit's line in an answer."""
    return UnitRow(row.key, row.name, row.note, count(row.count), Place(*rank) if rank else None)


def participation_row(row: counts.Row) -> ParticipationRow:
    """A line about participation in an answer."""
    return ParticipationRow(row.key or None, row.name, row.count.handled, row.count.rated, row.count.participation)


def reason_row(reason: queries.Reason) -> ReasonRow:
    """A reason in an answer."""
    rating = msgspec.convert(reason.rating or None, Literal["satisfied", "dissatisfied"] | None)
    return ReasonRow(reason.id or None, reason.words, rating, reason.times)


def _said(count: counts.Count) -> tuple[Share | None, Percents | None, Literal["below-minimum-n"] | None]:
    if count.share is None or count.percents is None:
        return None, None, "below-minimum-n"
    return Share(count.share.value, count.share.low, count.share.high), Percents(*count.percents), None
