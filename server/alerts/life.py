"""What becomes of an alert: of its cause, and of what people do. Each change with its line of history, in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Max

from server.alerts.causes import Cause, much_worse
from server.alerts.models import Alert, Happening
from server.comments.by_office import keep
from sync.sealing import Written

_State, _What = Alert.State, Happening.What
AT_ONCE = 500


class Change(Enum):
    """What a look makes of the alert about a matter."""

    NOTHING = auto()
    BEGINS = auto()  # a new one
    GOES_ON = auto()
    ENDS = auto()
    BEGINS_ANEW = auto()  # the closed one ends, and a new one begins


class NotWaitingError(Exception):
    """The alert was finished with meanwhile, or its cause is gone."""


class Outcome(NamedTuple):
    """Of a look: alerts that began, and that ended by themselves."""

    began: int
    ended: int


def change(alert: Alert | None, cause: Cause | None) -> Change:
    """What becomes of the alert that there is about a matter, now that its cause is this. Pure."""
    if alert is None:
        return Change.BEGINS if cause else Change.NOTHING
    if cause is None:
        return Change.ENDS
    if alert.state == _State.CLOSED and much_worse(cause.weight, alert.weight if alert.weight_then is None else alert.weight_then):
        return Change.BEGINS_ANEW
    return Change.GOES_ON


def keep_causes(live: Mapping[tuple[str, str], Alert], causes: Mapping[tuple[str, str], Cause], now: datetime) -> Outcome:
    """Let the alerts be as their causes are. live: those whose cause lasted until now; both by unit and matter. In the caller's
    transaction, in which nobody else looks.
    """
    ending, beginning, changed = [], [], []
    for key in live.keys() | causes.keys():
        alert, cause = live.get(key), causes.get(key)
        what = change(alert, cause)
        if alert is not None and what in (Change.ENDS, Change.BEGINS_ANEW):
            ending.append((alert, _What.GONE if what is Change.ENDS else _What.WORSE))
        if cause is not None and what in (Change.BEGINS, Change.BEGINS_ANEW):
            beginning.append((key, cause))
        if alert is not None and cause is not None and what is Change.GOES_ON and _differs(alert, cause):
            alert.figures, alert.weight, alert.sensitive = dict(cause.figures), cause.weight, cause.sensitive
            changed.append(alert)
    _end(ending, now)
    _begin(beginning, now)
    Alert.objects.bulk_update(changed, ["figures", "weight", "sensitive"], batch_size=AT_ONCE)
    return Outcome(len(beginning), len(ending))


def acknowledge(alert: Alert, who: str, now: datetime) -> None:
    """Somebody sees to it. Raises `NotWaitingError`."""
    with transaction.atomic():
        kept = _locked(alert)
        if kept.state != _State.OPEN:
            raise NotWaitingError
        Alert.objects.filter(unit_id=alert.unit_id, id=alert.id).update(state=_State.ACKNOWLEDGED)
        _tell(alert, who, now, _What.ACKNOWLEDGED)


def comment(alert: Alert, words: str, who: str, now: datetime) -> None:
    """Somebody says something of it, whatever its state. The words are sealed. Raises `Malformed` for too many."""
    with transaction.atomic():
        _locked(alert)
        _tell(alert, who, now, _What.COMMENTED, keep(alert.unit_id, Written(text=words), who, now))


def close(alert: Alert, words: str, who: str, now: datetime) -> None:
    """Somebody has finished with it, and says how. Raises `NotWaitingError`; `Malformed` for too many words."""
    with transaction.atomic():
        kept = _locked(alert)
        if not kept.waits:
            raise NotWaitingError
        Alert.objects.filter(unit_id=alert.unit_id, id=alert.id).update(state=_State.CLOSED, weight_then=kept.weight)
        _tell(alert, who, now, _What.CLOSED, keep(alert.unit_id, Written(text=words), who, now))


def _locked(alert: Alert) -> Alert:
    return Alert.objects.select_for_update().get(unit_id=alert.unit_id, id=alert.id)


def _tell(alert: Alert, who: str, now: datetime, what: Happening.What, sealed: str = "") -> None:
    there = Happening.objects.filter(unit_id=alert.unit_id, alert=alert.id)
    number = (there.aggregate(last=Max("number"))["last"] or 0) + 1
    Happening.objects.create(unit_id=alert.unit_id, alert=alert.id, number=number, at=now, who=who, what=what, sealed=sealed)


def _differs(alert: Alert, cause: Cause) -> bool:
    return alert.figures != dict(cause.figures) or alert.weight != cause.weight or alert.sensitive != cause.sensitive


def _end(ending: Iterable[tuple[Alert, Happening.What]], now: datetime) -> None:
    """A closed one stays closed."""
    ended = []
    for alert, what in ending:
        alert.gone_at = now
        alert.state = _State.CLOSED if alert.state == _State.CLOSED else _State.GONE
        ended.append((alert, what))
    if not ended:
        return
    alerts = [alert for alert, _ in ended]
    Alert.objects.bulk_update(alerts, ["gone_at", "state"], batch_size=AT_ONCE)
    there = Happening.objects.filter(unit_id__in={alert.unit_id for alert in alerts}, alert__in={alert.id for alert in alerts})
    numbers = {(unit, alert): number for unit, alert, number in there.values_list("unit_id", "alert").annotate(lines=Count("number"))}
    lines = [
        Happening(unit_id=alert.unit_id, alert=alert.id, number=numbers.get((alert.unit_id, alert.id), 0) + 1, at=now, what=what)
        for alert, what in ended
    ]
    Happening.objects.bulk_create(lines, batch_size=AT_ONCE)


def _begin(beginning: Iterable[tuple[tuple[str, str], Cause]], now: datetime) -> None:
    every = list(beginning)
    if not every:
        return
    before = Alert.objects.filter(unit_id__in={unit for (unit, _), _ in every}, about__in={about for (_, about), _ in every})
    numbers = {(unit, about): number for unit, about, number in before.values_list("unit_id", "about").annotate(last=Max("number"))}
    alerts, lines = [], []
    for (unit, about), cause in every:
        number = numbers.get((unit, about), 0) + 1
        alert = Alert(
            unit_id=unit,
            id=f"{about}_{number}",
            about=about,
            number=number,
            kind=cause.kind,
            subject=cause.subject,
            figures=dict(cause.figures),
            weight=cause.weight,
            sensitive=cause.sensitive,
            since=now,
            seen_at=now,
        )
        alerts.append(alert)
        lines.append(Happening(unit_id=unit, alert=alert.id, number=1, at=now, what=_What.BEGAN))
    Alert.objects.bulk_create(alerts, batch_size=AT_ONCE)
    Happening.objects.bulk_create(lines, batch_size=AT_ONCE)
