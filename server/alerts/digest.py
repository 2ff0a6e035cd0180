"""What an e-mail says: the digest of a unit's day, and a bundle of grave alerts. Figures only, the same as on the pages.

Nothing personal, no comment's words, and nothing of what is for leaders alone, whoever gets it: an e-mail goes through other hands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.urls import reverse

from server.alerts.audience import GRAVE, of_leaders_alone, visible
from server.alerts.links import whole_address
from server.alerts.models import Alert, Mail, Subscription
from server.alerts.opening import working_day_before
from server.alerts.queries import WAITING, Item, items
from server.alerts.wording import without_number
from server.cases.box import Report, report
from server.cases.models import Case
from server.cases.steps import Step
from server.devices.overview import area
from server.places.models import Unit
from server.places.scope import Right, Somebody, may_in, with_those_below
from server.results import queries
from server.results.counts import Count
from server.results.period import Kind, Period, containing

SHOWN = 10
_OVER = [step.value for step in Step if step.is_over]


@dataclass(frozen=True)
class Votes:
    """What was counted in a period."""

    period: Period
    count: Count


@dataclass(frozen=True)
class Cases:
    """How many are to be done today, and should have been before."""

    today: int
    overdue: int


@dataclass(frozen=True)
class Digest:
    """A unit's morning, as far as its reader may know it; None for what they may not. day: the working day before; alerts: the gravest
    that wait; silent: kiosks not heard.
    """

    unit: Unit
    today: date
    day: date
    votes: Sequence[Votes] | None
    box: Report | None
    cases: Cases | None
    alerts: Sequence[Item]
    waiting: int
    silent: int | None

    @property
    def more(self) -> int:
        """Alerts that wait and are not shown."""
        return self.waiting - len(self.alerts)

    @property
    def address(self) -> str:
        """Of the page of today."""
        return whole_address(reverse("unit", args=[self.unit.pk]))

    @property
    def alerts_address(self) -> str:
        """Of the unit's alerts."""
        return whole_address(reverse("unit-alerts", args=[self.unit.pk]))


@dataclass(frozen=True)
class Noticed:
    """A grave alert in a bundle."""

    item: Item
    unit: Unit

    @property
    def address(self) -> str:
        """Of its page."""
        return whole_address(self.item.address)


def digest(user: Somebody, unit: Unit, today: date) -> Digest | None:
    """The unit's digest of the day for this reader; None where they may see nothing of it any more."""
    there = area([unit]).values("id")
    results, cases = may_in(user, Right.SEE_RESULTS, unit.pk), may_in(user, Right.FOLLOW_CASES, unit.pk)
    devices, reads = may_in(user, Right.SEE_DEVICES, unit.pk), may_in(user, Right.READ_COMMENTS, unit.pk)
    if not (results or devices):
        return None
    day = working_day_before(unit.shown, today)
    seen = visible(user).filter(unit_id__in=there).exclude(of_leaders_alone())
    waiting = seen.filter(WAITING)
    silent = seen.filter(kind=Alert.Kind.SILENT, gone_at=None).values("subject").distinct().count()
    return Digest(
        unit,
        today,
        day,
        _votes(unit, day) if results else None,
        report(unit, day, sensitive=False) if reads and not queries.is_area(unit) else None,
        _cases(unit, today) if cases else None,
        _mailed(sorted(waiting.order_by("-since", "id"), key=lambda alert: alert.kind not in GRAVE)[:SHOWN]),
        waiting.count(),
        silent if devices else None,
    )


def bundle(user: User, after: datetime | None, until: datetime) -> list[Noticed]:
    """The grave alerts that came in that time where the user wants to be told at once, and that nobody has seen to since."""
    wanted = Unit.objects.filter(pk__in=Subscription.objects.filter(user_id=user.pk, urgent=True).values("unit_id"))
    alerts = visible(user).filter(kind__in=GRAVE, state=Alert.State.OPEN, since__lte=until).exclude(of_leaders_alone())
    if after is not None:
        alerts = alerts.filter(since__gt=after)
    alerts = alerts.filter(unit_id__in=with_those_below(wanted).order_by().values("id")).order_by("unit_id", "id")
    found = _mailed(alerts)
    units = Unit.objects.in_bulk({item.alert.unit_id for item in found})
    return [Noticed(item, units[item.alert.unit_id]) for item in found]


def what_of(mail: Mail) -> Digest | list[Noticed] | None:
    """What a message says now; None or nothing where there is nothing to say."""
    if mail.unit is not None:
        return digest(mail.user, mail.unit, mail.day)
    return bundle(mail.user, mail.after, mail.until)


def _mailed(alerts: Iterable[Alert]) -> list[Item]:
    """Alerts as an e-mail tells them. The address of one about a case would name the case, so that is the unit's."""
    return [
        item._replace(
            told=without_number(item.alert, item.told),
            address=reverse("unit-alerts", args=[item.alert.unit_id]) if item.alert.kind == Alert.Kind.CASE else item.address,
        )
        for item in items(alerts)
    ]


def _votes(unit: Unit, day: date) -> list[Votes]:
    periods = (containing(Kind.DAY, day), containing(Kind.MONTH, day))
    return [Votes(period, queries.total(unit, period)) for period in periods]


def _cases(unit: Unit, today: date) -> Cases:
    open_ones = Case.objects.filter(unit_id__in=area([unit]).values("id"), sensitive=False).exclude(step__in=_OVER)
    return Cases(open_ones.filter(due=today).count(), open_ones.filter(due__lt=today).count())
