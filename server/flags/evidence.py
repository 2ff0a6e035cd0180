"""What detectors need of a unit's day, read from the database."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import F, Q, Sum

from server.devices.models import Device
from server.flags.closing import ALWAYS, SUNDAY
from server.flags.detecting import DAYS_BEFORE, WEEKS_BEFORE, Evidence
from server.flags.findings import Ballot, Opening, Span, Worked
from server.intake.models import OfficerDay, UnitHour, Vote
from server.places.models import Counter, Unit
from server.results.period import Kind, Period
from server.results.queries import facts
from sync.shown import Hours

_DAY = timedelta(days=1)
CLOCKS_DIFFER = timedelta(hours=12)  # by which a kiosk's clock may be wrong before its votes are read the long way
NIGHT = timedelta(hours=6)  # a kiosk that is heard so soon after midnight was on before


class _Shown(msgspec.Struct):
    hours: Hours | None = None


def of_day(unit: Unit, day: date, heard: frozenset[str]) -> Evidence:
    """A unit's day. heard: counters whose kiosk is known to have been on."""
    votes = ballots(unit, day)
    shown = dict(Counter.objects.filter(unit=unit).values_list("id", "shown"))
    before = _days(unit, day - DAYS_BEFORE, day - _DAY)
    hours = UnitHour.objects.filter(unit_id=unit.pk, day__range=(day - DAYS_BEFORE, day - _DAY)).values_list("hour")
    return Evidence(
        day,
        votes,
        _days(unit, day, day),
        before,
        dict(hours.annotate(votes=Sum(F("satisfied") + F("dissatisfied")))),
        {vote.counter_id: opening(shown.get(vote.counter_id) or unit.shown, day) for vote in votes},
        heard,
        len(shown),
    )


def of_week(unit: Unit, monday: date) -> tuple[list[Worked], list[Worked]]:
    """Rows of a unit's week, and of the weeks before."""
    rows = _days(unit, monday - WEEKS_BEFORE, monday + timedelta(days=6))
    return [row for row in rows if row.day >= monday], [row for row in rows if row.day < monday]


def ballots(unit: Unit, day: date) -> list[Ballot]:
    """All votes of a unit's day, in the order of time.

    There is no index by time: it would cost intake on every vote what is asked once a night. Ids are UUIDv7, so the key finds the
    votes whose kiosk's clock was right to `CLOCKS_DIFFER`; the tallies say how many the day has; and only where some are missing,
    because a tablet's clock said 1970, all votes of the unit are read.
    """
    wanted = OfficerDay.objects.filter(unit_id=unit.pk, day=day).aggregate(n=Sum(F("satisfied") + F("dissatisfied")))["n"] or 0
    if not wanted:
        return []
    begins, ends = bounds(unit, day)
    votes = Vote.objects.filter(unit_id=unit.pk, at__gte=begins, at__lt=ends)
    near = votes.filter(id__gte=_least_id(begins - CLOCKS_DIFFER), id__lt=_least_id(ends + CLOCKS_DIFFER))
    columns = ("at", "counter_id", "officer_id", "satisfied", "estimated")
    rows = list(near.values_list(*columns))
    if len(rows) != wanted:
        rows = list(votes.values_list(*columns))
    zone = ZoneInfo(unit.time_zone)
    return sorted(Ballot(at.astimezone(zone), *rest) for at, *rest in rows)


def opening(shown: str, day: date) -> Opening:
    """When a kiosk that is told this (`Unit.shown`, `Counter.shown`: what stands above included) finds its counter open on a day."""
    hours = msgspec.json.decode(shown, type=_Shown).hours if shown else None
    if hours is None:
        return SUNDAY if day.weekday() == 6 else ALWAYS
    other = next((other for other in hours.others if other.first <= day <= other.last), None)
    spans = hours.weekdays[day.weekday()] if other is None else other.spans
    return Opening([Span(time.fromisoformat(span.opens), time.fromisoformat(span.closes)) for span in spans], known=True)


def heard_on(unit: Unit, day: date) -> frozenset[str]:
    """Counters whose kiosk was certainly on that day: it took a vote, or was heard last on that day or in the night after."""
    begins, ends = bounds(unit, day)
    heard = Device.objects.filter(unit=unit, enrolled_at__lt=ends, last_heard__gte=begins, last_heard__lt=ends + NIGHT)
    rated = OfficerDay.objects.filter(Q(satisfied__gt=0) | Q(dissatisfied__gt=0), unit_id=unit.pk, day=day)
    return frozenset(heard.values_list("counter_id", flat=True)) | frozenset(rated.values_list("counter_id", flat=True))


def bounds(unit: Unit, day: date) -> tuple[datetime, datetime]:
    """When a unit's day begins, and when the next does."""
    zone = ZoneInfo(unit.time_zone)
    return datetime.combine(day, time(), zone), datetime.combine(day + _DAY, time(), zone)


def _days(unit: Unit, first: date, last: date) -> list[Worked]:
    return [Worked(*row) for row in facts(unit, Period(Kind.SPAN, first, last)).served]


def _least_id(at: datetime) -> UUID:
    """The lowest UUIDv7 of an instant (RFC 9562, section 5.7)."""
    return UUID(int=max(0, int(at.astimezone(UTC).timestamp() * 1000)) << 80)
