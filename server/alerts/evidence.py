"""What the rules need of many units, read from the database by a number of queries that does not grow with the units."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from server.alerts import causes
from server.alerts.causes import Cause, Heard, Overdue, Unread
from server.alerts.opening import working_day_before
from server.alerts.wishes import Held
from server.cases.box import SENSITIVE, UNREAD_FOR
from server.cases.models import Case as Matter
from server.cases.models import Reading
from server.cases.steps import Step
from server.comments.models import FormComment, SealedComment
from server.devices.models import Device
from server.intake.decisions import with_verdict
from server.intake.models import Comment, Quarantine, Reasons
from server.places.models import Unit
from server.results.counts import Count as Votes
from server.results.many import own_votes, own_votes_by_day
from server.results.period import Kind, Period, containing

_DAY = timedelta(days=1)
_OVER = [step.value for step in Step if step.is_over]

Found = dict[str, list[Cause]]


def of_votes(units: Mapping[str, Unit], held: Mapping[str, Held], today: date) -> Found:
    """From what was counted. today: of all the units. Three queries."""
    month = containing(Kind.MONTH, today)
    found: Found = defaultdict(list)
    for unit_id, votes in own_votes(units.keys(), month).items():
        found[unit_id] += causes.low_share(month, votes, held[unit_id].threshold)
    recent = own_votes_by_day(units.keys(), Period(Kind.SPAN, today - _DAY * (causes.BURST_DAYS - 1), today))
    many = {unit_id for unit_id, days in recent.items() if any(one.dissatisfied >= causes.FEWEST_DISSATISFIED for one in days.values())}
    first = today - _DAY * (causes.BURST_DAYS - 1 + causes.USUAL_DAYS)
    history = own_votes_by_day(many, Period(Kind.SPAN, first, today))
    for unit_id in many:
        for day, votes in recent[unit_id].items():
            before = [history[unit_id].get(day - _DAY * number, Votes()) for number in range(1, causes.USUAL_DAYS + 1)]
            found[unit_id] += causes.burst(day, votes, before)
    return found


def of_cases(units: Mapping[str, Unit], today: date) -> Found:
    """From cases past their date. One query."""
    found: Found = defaultdict(list)
    late = Matter.objects.filter(unit_id__in=units.keys(), due__lt=today).exclude(step__in=_OVER)
    for unit_id, case, due, step, sensitive in late.values_list("unit_id", "id", "due", "step", "sensitive"):
        if due is not None:
            found[unit_id] += causes.overdue(Overdue(case, due, step, sensitive), today)
    return found


def of_box(units: Mapping[str, Unit], today: date) -> Found:
    """From what citizens wrote and nobody read, as `server.cases.box` knows it. A query for each way and each working calendar."""
    by_cutoff: dict[datetime, list[str]] = defaultdict(list)
    for unit in units.values():
        day = working_day_before(unit.shown, today, causes.UNREAD_DAYS)  # what came before it had its days
        by_cutoff[datetime.combine(day, time(), ZoneInfo(unit.time_zone))].append(unit.pk)
    numbers: dict[tuple[str, bool], list[Unread]] = defaultdict(list)
    for cutoff, ids in by_cutoff.items():
        kiosk = Comment.objects.filter(unit_id__in=ids, arrived=True, at__lt=cutoff, at__gte=cutoff - UNREAD_FOR)
        form = FormComment.objects.filter(unit_id__in=ids, received_at__lt=cutoff, received_at__gte=cutoff - UNREAD_FOR)
        for came, at in ((_unread(kiosk), "at"), (_unread(form), "received_at")):
            for unit_id, sensitive, number, first in came.annotate(number=Count("vote"), first=Min(at)).values_list(
                "unit_id", "secret", "number", "first"
            ):
                local = first.astimezone(cutoff.tzinfo).date()
                numbers[unit_id, bool(sensitive)].append(Unread(number, local, bool(sensitive)))
    found: Found = defaultdict(list)
    for (unit_id, sensitive), parts in numbers.items():
        found[unit_id] += causes.unread(Unread(sum(one.number for one in parts), min(one.first for one in parts), sensitive))
    return found


def of_devices(units: Mapping[str, Unit], held: Mapping[str, Held], now: datetime) -> Found:
    """From the kiosks in service, and what they brought. Two queries."""
    found: Found = defaultdict(list)
    earliest = now - timedelta(minutes=min(one.silent_minutes for one in held.values())) if held else now
    silent = Q(last_heard__lt=earliest) | Q(last_heard=None, enrolled_at__lt=earliest)
    devices = Device.objects.filter(~Q(flag="") | silent, unit_id__in=units.keys(), revoked_at=None).order_by()
    for device, unit_id, counter, shown, last, enrolled, flag in devices.values_list(
        "id", "unit_id", "counter_id", "counter__shown", "last_heard", "enrolled_at", "flag"
    ):
        unit = units[unit_id]
        clock = ZoneInfo(unit.time_zone)
        kiosk = Heard(device, counter, (last or enrolled).astimezone(clock), last is None, flag)
        found[unit_id] += causes.silent(kiosk, shown or unit.shown, now.astimezone(clock), held[unit_id].silent_minutes)
        found[unit_id] += causes.flagged(kiosk)
    lines = with_verdict(Quarantine.objects.filter(unit_id__in=units.keys())).filter(verdict=None).order_by()
    for unit_id, number in lines.values_list("unit_id").annotate(number=Count("seq")):
        found[unit_id] += causes.put_aside(number)
    return found


def _unread(came: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Those comments that nobody read and that were not erased, by unit and whether they are for leaders alone (`secret`)."""
    read = Reading.objects.filter(unit_id=OuterRef("unit_id"), sealed=OuterRef("sealed"))
    there = SealedComment.objects.filter(unit_id=OuterRef("unit_id"), sha256=OuterRef("sealed"))
    why = Reasons.objects.annotate(text=Cast("reasons", TextField())).filter(unit_id=OuterRef("unit_id"), vote=OuterRef("vote"))
    secret = Case(When(Exists(why.filter(text__contains=f'"{SENSITIVE}"')), then=Value(True)), default=Value(False))
    found: QuerySet[Any, Any] = came.filter(~Exists(read), Exists(there)).annotate(secret=secret).order_by().values("unit_id", "secret")
    return found
