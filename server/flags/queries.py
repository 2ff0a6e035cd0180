"""What the pages of flags ask the database. Who may see a unit is decided before, by `server.places.scope`."""

from collections import Counter as Multiset
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from server.flags.evidence import ballots
from server.flags.looking import Span, due, look, week
from server.flags.models import Flag, Judgement
from server.flags.wording import Told, tell
from server.places.models import Counter, Officer, Unit
from server.results.attention import Notice
from server.results.period import Kind, Period
from server.results.queries import Served, facts

_DAY = timedelta(days=1)
SHOWN_FOR = timedelta(days=14)  # on the page of today; the list keeps them all
_UNJUDGED = Q(verdict="", gone=False)
AROUND = timedelta(minutes=30)
FEW_UNITS = 3  # at most so many are looked at while somebody waits for a page


class Item(NamedTuple):
    """A flag and its words."""

    flag: Flag
    told: Told
    address: str


class Open(NamedTuple):
    """A unit, how many flags nobody judged there and below, and of which day the latest is."""

    unit: Unit
    open: int
    all: int
    latest: date


class Line(NamedTuple):
    """A line of the small table beside a flag."""

    label: str
    satisfied: int
    dissatisfied: int
    handled: int | None = None

    @property
    def n(self) -> int:
        """All votes."""
        return self.satisfied + self.dissatisfied


class Exact(NamedTuple):
    """A vote with its time, for those who may see it. meant: the flag is about it."""

    at: datetime
    counter: str
    satisfied: bool
    meant: bool


def catch_up(units: QuerySet[Unit], now: datetime) -> None:
    """Look at yesterday where the night did not; nothing where there are many units, who must leave it to the night."""
    first = list(units.filter(counters__isnull=False).distinct()[: FEW_UNITS + 1])
    if 0 < len(first) <= FEW_UNITS:
        yesterday = timezone.localtime(now, ZoneInfo(first[0].time_zone)).date() - _DAY
        for unit, span in due(Unit.objects.filter(pk__in=[unit.pk for unit in first]), [Span(yesterday, yesterday), week(yesterday)]):
            look(unit, span)


def of_unit(unit: Unit, *, verdict: str | None, kind: str | None) -> QuerySet[Flag]:
    """A unit's own flags, those that nobody judged first, then the latest. verdict, kind: only these."""
    flags = Flag.objects.filter(unit_id=unit.pk)
    if verdict == Flag.Verdict.OPEN:
        flags = flags.filter(_UNJUDGED)
    elif verdict:
        flags = flags.filter(verdict=verdict)
    if kind:
        flags = flags.filter(kind=kind)
    return flags.alias(done=Q(gone=True) | ~Q(verdict="")).order_by("done", "-day", "p", "id")


def items(flags: Iterable[Flag]) -> list[Item]:
    """Flags with their words, in the same order."""
    flags = list(flags)
    counters = dict(Counter.objects.filter(id__in={flag.counter_id for flag in flags}).values_list("id", "name"))
    officers = dict(Officer.objects.filter(id__in={flag.officer_id for flag in flags}).values_list("id", "name"))
    return [
        Item(
            flag,
            tell(flag, counters.get(flag.counter_id, flag.counter_id), officers.get(flag.officer_id, flag.officer_id)),
            reverse("flag", args=[flag.unit_id, flag.id]),
        )
        for flag in flags
    ]


def below(area: Unit) -> list[Unit]:
    """The units directly below an area."""
    return list(Unit.objects.filter(parent=area).select_related("parent"))


def by_unit(units: Sequence[Unit]) -> list[Open]:
    """Those of the units that have flags, there or below, with the most that nobody judged first."""
    keys = [unit.pk for unit in units]
    there = Unit.objects.filter(Q(pk__in=keys) | Q(parent__in=keys) | Q(parent__parent__in=keys))
    parents = dict(there.values_list("id", "parent_id"))
    unjudged, every, latest = Multiset[str](), Multiset[str](), dict.fromkeys(keys, date.min)
    flags = Flag.objects.filter(unit_id__in=there.order_by().values("id")).values_list("unit_id")
    for unit_id, waiting, flagged, day in flags.annotate(waiting=Count("id", filter=_UNJUDGED), flagged=Count("id"), latest=Max("day")):
        key: str | None = unit_id
        while key is not None and key not in latest:
            key = parents.get(key)
        if key is not None:
            unjudged[key] += waiting
            every[key] += flagged
            latest[key] = max(latest[key], day)
    found = [Open(unit, unjudged[unit.pk], every[unit.pk], latest[unit.pk]) for unit in units if every[unit.pk]]
    return sorted(found, key=lambda one: (-one.open, one.unit.name, one.unit.pk))


def sentences(unit: Unit, today: date) -> list[Notice]:
    """What the page of today says under “Cần chú ý”: the flags of the unit's last days that nobody judged, the least likely first; of
    an area, how many there are and where to see them.
    """
    fresh = Flag.objects.filter(_UNJUDGED, day__gt=today - SHOWN_FOR, day__lt=today)
    own = [Notice(item.told.head, item.told.rest, item.address) for item in items(fresh.filter(unit_id=unit.pk).order_by("p", "id"))]
    if unit.kind == Unit.Kind.COMMUNE:
        return own
    inside = Unit.objects.filter(Q(parent=unit) | Q(parent__parent=unit)).order_by().values("id")
    there = fresh.filter(unit_id__in=inside).aggregate(flags=Count("id"), units=Count("unit_id", distinct=True))
    if there["flags"]:
        head = f"{there['flags']} điều chưa xem xét ở {there['units']} đơn vị trực thuộc."
        own.append(Notice(head, "Xem xét ở từng đơn vị.", reverse("unit-flags", args=[unit.pk])))
    return own


def judge(flag: Flag, verdict: str, note: str, who: str) -> Judgement:
    """Keep what a person said of a flag, beside all that was said before."""
    with transaction.atomic():
        judgement = Judgement.objects.create(
            unit_id=flag.unit_id, flag_id=flag.id, verdict=verdict, note=note, figures=flag.figures, who=who, at=timezone.now()
        )
        Flag.objects.filter(unit_id=flag.unit_id, id=flag.id).update(verdict=verdict)
    return judgement


def judgements(flag: Flag) -> list[Judgement]:
    """What people said of a flag, the latest first."""
    return list(Judgement.objects.filter(unit_id=flag.unit_id, flag_id=flag.id).order_by("-id"))


def around(flag: Flag, unit: Unit) -> list[Line]:
    """What was counted around a flag: halves of its day, or days of its week."""
    counters = dict(Counter.objects.filter(unit=unit).values_list("id", "name"))
    if flag.since != flag.day:
        return _week(flag, facts(unit, Period(Kind.SPAN, flag.since, flag.day)).served)
    votes = [vote for vote in ballots(unit, flag.day) if flag.counter_id in ("", vote.counter_id)]
    lines = []
    for counter in [flag.counter_id] if flag.counter_id else [key for key in counters if any(vote.counter_id == key for vote in votes)]:
        for label, morning in (("Sáng", True), ("Chiều", False)):
            half = [vote.satisfied for vote in votes if vote.counter_id == counter and (vote.at.hour < 12) == morning]
            name = label if flag.counter_id else f"{counters[counter]}, {label.lower()}"
            lines.append(Line(name, half.count(True), half.count(False)))
    return lines


def exactly(flag: Flag, unit: Unit) -> list[Exact]:
    """The votes around a flag of a day, with their times: for `Right.SEE_MOMENTS` only."""
    if flag.begins is None or flag.ends is None:
        return []
    counters = dict(Counter.objects.filter(unit=unit).values_list("id", "name"))
    return [
        Exact(vote.at, counters.get(vote.counter_id, vote.counter_id), vote.satisfied, flag.begins <= vote.at <= flag.ends)
        for vote in ballots(unit, flag.day)
        if flag.begins - AROUND <= vote.at <= flag.ends + AROUND and flag.counter_id in ("", vote.counter_id)
    ]


def _week(flag: Flag, served: Sequence[Served]) -> list[Line]:
    rows = [one for one in served if flag.counter_id in ("", one.counter_id) and flag.officer_id in ("", one.officer_id)]
    days = sorted({one.day for one in rows})
    return [
        Line(
            f"{day:%d/%m}",
            sum(one.satisfied for one in rows if one.day == day),
            sum(one.dissatisfied for one in rows if one.day == day),
            sum(one.handled for one in rows if one.day == day),
        )
        for day in days
    ]
