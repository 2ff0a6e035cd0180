"""Who sees which alerts, who acts on them, and who reads what was written of them: the one place that says so."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from server.alerts.models import Alert
from server.cases.models import Case as Matter
from server.places.models import Unit
from server.places.scope import Right, Somebody, may_in, units_for

_Kind = Alert.Kind
SEEN_BY: Mapping[Right, tuple[Alert.Kind, ...]] = {
    Right.SEE_RESULTS: (_Kind.SHARE, _Kind.BURST),
    Right.FOLLOW_CASES: (_Kind.CASE,),
    Right.READ_COMMENTS: (_Kind.UNREAD,),
    Right.SEE_DEVICES: (_Kind.SILENT, _Kind.FLAGGED, _Kind.QUARANTINE),
}
_DEVICES = frozenset(SEEN_BY[Right.SEE_DEVICES])
_PEOPLE = frozenset({_Kind.CASE, _Kind.UNREAD})
GRAVE = frozenset({_Kind.BURST, _Kind.CASE, _Kind.FLAGGED})  # are told at once, to whoever wants that
SETS = Right.PUBLISH  # what a unit's alerts are: leaders and administrators


def units_of(user: Somebody) -> QuerySet[Unit]:
    """The units of which the user sees alerts of any kind."""
    return units_for(user, Right.SEE_RESULTS) | units_for(user, Right.SEE_DEVICES)


def visible(user: Somebody) -> QuerySet[Alert]:
    """The alerts that the user may see."""
    allowed = Q()
    for right, kinds in SEEN_BY.items():
        allowed |= Q(kind__in=kinds, unit_id__in=units_for(user, right).order_by().values("id"))
    secret = units_for(user, Right.SEE_SENSITIVE).order_by().values("id")
    return Alert.objects.filter(allowed).filter(~of_leaders_alone() | Q(unit_id__in=secret))


def of_leaders_alone() -> Q:
    """Alerts that only `Right.SEE_SENSITIVE` sees; of a case, by what is known of it now, however old the alert is."""
    secret = Matter.objects.filter(unit_id=OuterRef("unit_id"), id=OuterRef("subject"), sensitive=True)
    return Q(sensitive=True) | Q(Exists(secret), kind=_Kind.CASE)


def acts(user: Somebody, alert: Alert) -> bool:
    """Whether the user may acknowledge, comment and close an alert that they see."""
    if alert.kind in _PEOPLE:
        return may_in(user, Right.FOLLOW_CASES, alert.unit_id)
    if alert.kind in _DEVICES and may_in(user, Right.RUN_DEVICES, alert.unit_id):
        return True
    return may_in(user, Right.JUDGE, alert.unit_id)


def reads_comments(user: Somebody, alert: Alert) -> bool:
    """Whether the user may read what was written of an alert that they see: it may hold a citizen's words, so nobody who only runs the
    server reads it; but of a device, whoever looks after it.
    """
    if may_in(user, Right.READ_COMMENTS, alert.unit_id):
        return True
    return alert.kind in _DEVICES and may_in(user, Right.RUN_DEVICES, alert.unit_id)
