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
from server.cases.models import PaperSlip, Reading
from server.cases.steps import Step
from server.comments.models import FormComment, SealedComment
from server.devices.models import Device, in_service
from server.intake.decisions import with_verdict
from server.intake.models import Comment, Quarantine, Reasons, Vote
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
    """From what citizens wrote and nobody read: the rules of `server.cases.box`, for many units at once. A query for each of the three
    ways and each working calendar.
    """
    by_cutoff: dict[datetime, list[str]] = defaultdict(list)
    for unit in units.values():
        day = working_day_before(unit.shown, today, causes.UNREAD_DAYS)  # what came before it had its days
        by_cutoff[datetime.combine(day, time(), ZoneInfo(unit.time_zone))].append(unit.pk)
    numbers: dict[tuple[str, bool], list[Unread]] = defaultdict(list)
    for cutoff, ids in by_cutoff.items():
        here = {"unit_id__in": ids}
        kiosk = Comment.objects.filter(**here, arrived=True, at__lt=cutoff, at__gte=cutoff - UNREAD_FOR)
        form = FormComment.objects.filter(**here, received_at__lt=cutoff, received_at__gte=cutoff - UNREAD_FOR)
        paper = PaperSlip.objects.filter(**here, day__lt=cutoff.date(), day__gte=cutoff.date() - UNREAD_FOR)
        ways = ((kiosk, "at", _told_secret()), (form, "received_at", _told_secret() | ~_settled()), (paper, "day", _says_secret()))
        for came, at, secret in ways:
            for unit_id, sensitive, number, first in _unread(came, at, secret):
                day = first.astimezone(cutoff.tzinfo).date() if isinstance(first, datetime) else first
                numbers[unit_id, sensitive].append(Unread(number, day, sensitive))
    found: Found = defaultdict(list)
    for (unit_id, sensitive), parts in numbers.items():
        found[unit_id] += causes.unread(Unread(sum(one.number for one in parts), min(one.first for one in parts), sensitive))
    return found


def of_devices(units: Mapping[str, Unit], held: Mapping[str, Held], now: datetime) -> Found:
    """From the kiosks in service, and what they brought. Two queries."""
    found: Found = defaultdict(list)
    earliest = now - timedelta(minutes=min(one.silent_minutes for one in held.values())) if held else now
    silent = Q(last_heard__lt=earliest) | Q(last_heard=None, enrolled_at__lt=earliest)
    devices = in_service(Device.objects.filter(~Q(flag="") | silent, unit_id__in=units.keys())).order_by()
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


def _unread(came: QuerySet[Any], at: str, secret: Q) -> list[tuple[str, bool, int, datetime | date]]:
    """Those that nobody read and that were not erased, by unit and whether they are for leaders alone (`secret`): how many, and when the
    first came (`at`).
    """
    read = Reading.objects.filter(unit_id=OuterRef("unit_id"), sealed=OuterRef("sealed"))
    there = SealedComment.objects.filter(unit_id=OuterRef("unit_id"), sha256=OuterRef("sealed"))
    waiting = came.filter(~Exists(read), Exists(there)).annotate(secret=Case(When(secret, then=Value(True)), default=Value(False)))
    sums = waiting.order_by().values("unit_id", "secret").annotate(number=Count("sealed"), first=Min(at))
    return [(unit_id, bool(sensitive), *rest) for unit_id, sensitive, *rest in sums.values_list("unit_id", "secret", "number", "first")]


def _told_secret() -> Q:
    """The vote's reasons say so."""
    why = _says(Reasons.objects.filter(unit_id=OuterRef("unit_id"), vote=OuterRef("vote")))
    return Q(Exists(why))


def _says_secret() -> Q:
    """The slip's own reasons do."""
    return Q(Exists(_says(PaperSlip.objects.filter(unit_id=OuterRef("unit_id"), sealed=OuterRef("sealed")))))


def _says(rows: QuerySet[Any]) -> QuerySet[Any]:
    said: QuerySet[Any] = rows.annotate(text=Cast("reasons", TextField())).filter(text__contains=f'"{SENSITIVE}"')
    return said


def _settled() -> Q:
    """Why the citizen voted so is known, or never will be: the kiosk has sent another vote since."""
    later = Vote.objects.filter(unit_id=OuterRef("unit_id"), ledger=OuterRef("ledger"), seq__gt=OuterRef("seq"))
    vote = Vote.objects.filter(Exists(later), unit_id=OuterRef("unit_id"), id=OuterRef("vote"))
    return Q(Exists(Reasons.objects.filter(unit_id=OuterRef("unit_id"), vote=OuterRef("vote")))) | Q(Exists(vote))
