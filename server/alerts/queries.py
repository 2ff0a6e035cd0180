"""What the pages of alerts ask the database. What a user may see, `audience` decides."""

from collections import Counter as Multiset
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from server.alerts.audience import visible
from server.alerts.models import Alert, Happening
from server.alerts.wording import Told, tell
from server.cases.queries import called
from server.comments.opening import open_sealed
from server.devices.overview import area
from server.places.models import Counter, Unit
from server.places.scope import Somebody
from server.results.attention import Notice
from server.results.templatetags.vietnamese import number
from sync.entries import Malformed

WAITING = Q(state__in=(Alert.State.OPEN, Alert.State.ACKNOWLEDGED))
_FIRST = {Alert.State.OPEN: 0, Alert.State.ACKNOWLEDGED: 1}


class Item(NamedTuple):
    """An alert and its words. place: the page on which something can be done about it; place_name: what it is called."""

    alert: Alert
    told: Told
    address: str
    place: str
    place_name: str


class Waiting(NamedTuple):
    """A unit, and how many alerts there and below nobody has seen to, or finished with."""

    unit: Unit
    open: int
    acknowledged: int


class Line(NamedTuple):
    """A line of an alert's history. who: by name, empty for the system; words: what somebody wrote; erased: there was something.
    hidden: the user may not read it.
    """

    happening: Happening
    who: str
    words: str
    hidden: bool = False
    erased: bool = False


def of_unit(user: Somebody, unit: Unit) -> QuerySet[Alert]:
    """The unit's own alerts that the user may see: those that wait first, then the latest."""
    order = Case(*(When(state=state, then=Value(place)) for state, place in _FIRST.items()), default=2, output_field=IntegerField())
    return visible(user).filter(unit_id=unit.pk).alias(order=order).order_by("order", "-since", "id")


def items(alerts: Iterable[Alert]) -> list[Item]:
    """Alerts with their words, in the same order. One query."""
    alerts = list(alerts)
    wanted = {alert.figures["counter"] for alert in alerts if "counter" in alert.figures}
    counters = dict(Counter.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}
    return [
        Item(
            alert,
            tell(alert, counters.get(alert.figures.get("counter", ""), "")),
            reverse("alert", args=[alert.unit_id, alert.id]),
            *_place(alert),
        )
        for alert in alerts
    ]


def by_unit(user: Somebody, units: Sequence[Unit]) -> list[Waiting]:
    """Those of the units where alerts wait, there or below, with the most first."""
    keys = [unit.pk for unit in units]
    there = area(units)
    parents = dict(there.values_list("id", "parent_id"))
    opened, acknowledged, named = Multiset[str](), Multiset[str](), set(keys)
    alerts = visible(user).filter(WAITING, unit_id__in=there.values("id")).order_by()
    for unit_id, state, count in alerts.values_list("unit_id", "state").annotate(count=Count("id")):
        key: str | None = unit_id
        while key is not None and key not in named:
            key = parents.get(key)
        if key is not None:
            (opened if state == Alert.State.OPEN else acknowledged)[key] += count
    found = [Waiting(unit, opened[unit.pk], acknowledged[unit.pk]) for unit in units if opened[unit.pk] + acknowledged[unit.pk]]
    return sorted(found, key=lambda one: (-one.open, -one.acknowledged, one.unit.name, one.unit.pk))


def waiting_in(user: Somebody, unit: Unit) -> Multiset[str]:
    """How many alerts wait in the unit and below it, by state, of those that the user may see."""
    alerts = visible(user).filter(WAITING, unit_id__in=area([unit]).values("id")).order_by()
    return Multiset(dict(alerts.values_list("state").annotate(count=Count("id"))))


def waiting_sentences(user: Somebody, unit: Unit) -> list[Notice]:
    """What the page of today says of the alerts that wait: one sentence, or none."""
    waiting = waiting_in(user, unit)
    total = waiting.total()
    if not total:
        return []
    fresh = waiting[Alert.State.OPEN]
    said = f"{number(total)} cảnh báo đang mở."
    rest = "Đều đã có người nhận xử lý." if not fresh else f"{number(fresh)} cảnh báo chưa ai nhận." if fresh < total else "Chưa ai nhận."
    return [Notice(said, rest, reverse("unit-alerts", args=[unit.pk]))]


def history(alert: Alert, *, reads: bool) -> list[Line]:
    """What happened to an alert, the first first. reads: whether the user may read what was written."""
    lines = []
    happened = list(Happening.objects.filter(unit_id=alert.unit_id, alert=alert.id).order_by("number"))
    names = called({one.who for one in happened if one.who})
    for one in happened:
        who = names.get(one.who, one.who)
        if not one.sealed or not reads:
            lines.append(Line(one, who, "", hidden=bool(one.sealed)))
            continue
        try:
            lines.append(Line(one, who, open_sealed(one.sealed).text))
        except (LookupError, Malformed):
            lines.append(Line(one, who, "", erased=True))
    return lines


def _place(alert: Alert) -> tuple[str, str]:
    match alert.kind:
        case Alert.Kind.SHARE | Alert.Kind.BURST:
            return reverse("unit-tab", args=[alert.unit_id, "ly-do"]), "Xem các lý do"
        case Alert.Kind.CASE:
            return reverse("case", args=[alert.unit_id, alert.subject]), "Xem vụ việc"
        case Alert.Kind.UNREAD:
            return reverse("unit-box", args=[alert.unit_id]), "Mở hòm thư góp ý"
        case Alert.Kind.QUARANTINE:
            return reverse("quarantine"), "Xem dữ liệu cách ly"
        case _:
            return reverse("device", args=[alert.subject.partition("_")[0]]), "Xem thiết bị"
