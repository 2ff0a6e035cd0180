"""The call by which the one-stop system tells how many transactions a unit handled on a day."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from server.places.models import Unit
from server.problems import ProblemError
from server.tokens.call import Asked, Calls, Grant, NoBody, NoQuery
from server.transactions.telling import MOST, MOST_ROWS, Handled, Source, Teller, tell, told

CALLS = Calls("transactions")
_TELL = [Grant.TELLS_TRANSACTIONS]
ToldSource = Literal["typed", "workbook", "api"]
_Id = Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{1,64}$")]


class HandledRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Transactions handled. counter, officer: their ids, null where that is not known."""

    handled: Annotated[int, Meta(ge=0, le=MOST)]
    counter: _Id | None = None
    officer: _Id | None = None


class HandledDay(Struct, frozen=True, forbid_unknown_fields=True):
    """A day as a whole, in one count or in several; the unit's is their sum. No counts: as if nobody ever told the day."""

    counts: Annotated[list[HandledRow], Meta(max_length=MOST_ROWS)]


class ToldDay(Struct, frozen=True):
    """What stands for a day. handled: the sum; source: how it came. Both are null where nobody told the day."""

    unit: str
    day: date
    handled: Annotated[int, Meta(ge=0)] | None
    counts: list[HandledRow]
    source: ToldSource | None
    at: datetime | None


@CALLS.get("transactions/{unit}/{day}", ToldDay, grants=_TELL)
def transactions_of_day(asked: Asked[NoQuery, NoBody]) -> ToldDay:
    """What was told for a unit's day, however it was."""
    return _answer(asked.unit(), _day(asked.path["day"]))


@CALLS.put(
    "transactions/{unit}/{day}",
    ToldDay,
    grants=_TELL,
    body=HandledDay,
    problems=["day-outside", "unknown-counter", "unknown-officer", "counted-twice"],
)
def tell_transactions_of_day(asked: Asked[NoQuery, HandledDay]) -> ToldDay:
    """Tell a unit's day as a whole. It replaces what stood for it; the same again changes nothing."""
    unit = asked.unit()
    rows = [Handled(row.counter or "", row.officer or "", row.handled) for row in asked.body.counts]
    day = _day(asked.path["day"])
    tell(unit, {day: rows}, Teller(str(asked.token), Source.API, asked.address))
    return _answer(unit, day)


def _day(text: str) -> date:
    try:
        return msgspec.convert(text, date)
    except msgspec.ValidationError as error:
        raise ProblemError("malformed", "The day is written as 2026-11-23.") from error


def _answer(unit: Unit, day: date) -> ToldDay:
    stands = told(unit, day, day).get(day)
    if stands is None:
        return ToldDay(unit.pk, day, None, [], None, None)
    counts = [HandledRow(handled=row.handled, counter=row.counter_id or None, officer=row.officer_id or None) for row in stands.rows]
    return ToldDay(unit.pk, day, stands.handled, counts, msgspec.convert(stands.source, ToldSource), stands.at)
