"""What pages, letters and alerts ask about cases. Who may see a unit, and what is for leaders alone, is decided before."""

from collections.abc import Collection, Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse

from server.cases import box
from server.cases.models import Case, Event, Paper
from server.cases.steps import Step
from server.places.models import Membership, Unit
from server.places.scope import ALLOWED, Right
from server.results.attention import Notice

_OVER = [step.value for step in Step if step.is_over]


def visible(unit_ids: Collection[str] | QuerySet[Unit, str], *, sensitive: bool) -> QuerySet[Case]:
    """The cases of units that somebody may see."""
    cases = Case.objects.filter(unit_id__in=unit_ids)
    return cases if sensitive else cases.filter(sensitive=False)


def waiting(unit_ids: Collection[str] | QuerySet[Unit, str], *, sensitive: bool) -> QuerySet[Case]:
    """Those in which something is to be done, the most urgent first."""
    return visible(unit_ids, sensitive=sensitive).filter(due__isnull=False).order_by("due", "opened_at", "id")


def overdue(unit_ids: Collection[str] | QuerySet[Unit, str], today: date, *, sensitive: bool) -> QuerySet[Case]:
    """Those in which something should have been done before today, the longest overdue first."""
    return waiting(unit_ids, sensitive=sensitive).filter(due__lt=today)


def finished(unit_ids: Collection[str], *, sensitive: bool) -> QuerySet[Case]:
    """Those that are over, the latest first."""
    return visible(unit_ids, sensitive=sensitive).filter(step__in=_OVER).order_by("-stepped_at", "id")


def on_monday(unit: Unit, day: date, *, sensitive: bool) -> list[Case]:
    """Whom the unit receives on a day: those on the list, and those who were met that day."""
    there = visible([unit.pk], sensitive=sensitive).filter(reception=day)
    listed = there.filter(step=Step.LISTED)
    events = Event.objects.filter(unit_id=unit.pk, case__in=there.values("id"), step=Step.LISTED).values("case")
    later = there.exclude(step__in=[Step.OPENED, Step.VERIFIED, Step.INVITED, Step.LISTED, Step.WITHDRAWN]).filter(id__in=events)
    return sorted([*listed, *later], key=lambda case: (case.hour is None, case.hour, case.id))


def events_of(case: Case) -> list[Event]:
    """What was done in a case, the latest first."""
    return list(Event.objects.filter(unit_id=case.unit_id, case=case.id).order_by("-number"))


def papers_of(case: Case) -> list[Paper]:
    """What is sealed of a case, in the order in which it came."""
    return list(Paper.objects.filter(unit_id=case.unit_id, case=case.id).order_by("at", "sealed"))


def handlers(unit: Unit, *, sensitive: bool) -> list[User]:
    """Who may follow cases in the unit; sensitive: those that are for leaders alone."""
    wanted = {Right.FOLLOW_CASES, Right.SEE_SENSITIVE} if sensitive else {Right.FOLLOW_CASES}
    roles = [role for role, rights in ALLOWED.items() if wanted <= rights]
    parent = unit.parent
    above = [unit.pk, unit.parent_id, parent.parent_id if parent else None]
    members = Membership.objects.filter(unit_id__in=[key for key in above if key], role__in=roles).values("user_id")
    return list(User.objects.filter(pk__in=members, is_active=True).order_by("last_name", "first_name", "username"))


def called(logins: Collection[str]) -> dict[str, str]:
    """What the people are called who have the logins."""
    users = User.objects.filter(username__in=set(logins))
    return {user.get_username(): user.get_full_name() or user.get_username() for user in users}


def sentences(unit: Unit, today: date, *, reads: bool, follows: bool, sensitive: bool) -> list[Notice]:
    """What the page of today says of the unit's box and cases to somebody who reads comments, and who follows cases.

    Of an area, only how many cases are overdue in the units below it.
    """
    said = []
    if unit.kind == Unit.Kind.COMMUNE:
        new = len(box.unread(unit, today, sensitive=sensitive)) if reads else 0
        if new:
            said.append(Notice(f"{new} góp ý chưa đọc.", "", reverse("unit-box", args=[unit.pk])))
        late = overdue([unit.pk], today, sensitive=sensitive).count() if follows else 0
        if late:
            said.append(Notice(f"{late} vụ việc quá hạn.", "", reverse("unit-cases", args=[unit.pk])))
    elif follows:
        below = Unit.objects.filter(Q(parent=unit) | Q(parent__parent=unit)).order_by().values_list("id", flat=True)
        late_below = overdue(below, today, sensitive=sensitive).order_by().values_list("unit_id", flat=True)
        places: Sequence[str] = list(late_below)
        if places:
            head = f"{len(places)} vụ việc quá hạn ở {len(set(places))} đơn vị trực thuộc."
            said.append(Notice(head, "", reverse("cases")))
    return said
