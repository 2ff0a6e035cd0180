"""The rules carried out: what is due tonight, what will be in the next days, and what leaders hold back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from server.personal.erasing import BY_RULE, carry_out, order
from server.personal.holding import Kept, Thing, kept_by, things_of, unit_ids
from server.personal.models import Ordered
from server.personal.rules import Rule
from server.places.models import Unit

AHEAD = timedelta(days=30)  # of what a page tells beforehand


class Due(NamedTuple):
    """Things of a unit that a rule lets go. rule: its id with the months, as the register names it: `noted-12m`; said: in words."""

    unit_id: str
    rule: str
    said: str
    things: list[Thing]


class Coming(NamedTuple):
    """How much a rule lets go within `AHEAD`, and how much there is of its kind at all."""

    rule: Rule
    months: int
    soon: int
    all: int


def due(unit_id: str, now: datetime) -> list[Due]:
    """What is to be erased in the unit, by rule. Things of a case that is held back are not."""
    unit = Unit.objects.select_related("parent__parent").filter(pk=unit_id).first()
    months, today = kept_by(unit).months, _today(unit, now)
    by_rule: dict[Rule, list[Thing]] = defaultdict(list)
    for one in things_of(unit_id, sensitive=True):
        if one.rule is not None and one.is_due(today):
            by_rule[one.rule].append(one)
    return [
        Due(unit_id, f"{rule}-{months[rule]}m", f"hết thời hạn lưu: {rule.label.lower()}, {months[rule]} tháng", by_rule[rule])
        for rule in Rule
        if by_rule[rule]
    ]


def all_due(now: datetime) -> list[Due]:
    """Of all units."""
    return [one for unit_id in unit_ids() for one in due(unit_id, now)]


def let_go(found: Iterable[Due], now: datetime) -> list[Ordered]:
    """Erase what is due. Raises as `carry_out`."""
    orders = [
        kept
        for one in found
        for kept in order(one.unit_id, one.things, who=BY_RULE, because=one.said, rule=one.rule, now=now)
    ]  # fmt: skip
    carry_out(orders, now)
    return orders


def coming(unit: Unit, kept: Kept, things: Iterable[Thing], now: datetime) -> list[Coming]:
    """What the rules will erase in the next days, of these things."""
    until, things = _today(unit, now) + AHEAD, list(things)
    found = []
    for rule in Rule:
        of_rule = [one for one in things if one.rule is rule]
        soon = [one for one in of_rule if one.is_due(until)]
        found.append(Coming(rule, kept.months[rule], len(soon), len(of_rule)))
    return found


def _today(unit: Unit | None, now: datetime) -> date:
    return timezone.localdate(now, ZoneInfo(unit.time_zone if unit else settings.TIME_ZONE))
