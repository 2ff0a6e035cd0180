"""Who may do what, and where: the one place that narrows queries to a user.

A page or a call asks `units_for` with the right that it needs; a unit outside is as absent as one that does not exist.
"""

from enum import Enum, auto

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from server.places.models import Membership, Officer, Unit

Somebody = AbstractBaseUser | AnonymousUser


class Right(Enum):
    """What somebody may do in a unit."""

    SEE_RESULTS = auto()  # of everybody in the unit, with a vote's time to the half-day
    SEE_MOMENTS = auto()  # a vote's exact time
    SEE_OWN = auto()  # an officer's closed blocks
    PUBLISH = auto()  # results on the public board
    COUNT_TRANSACTIONS = auto()  # how many were handled, which participation is of
    JUDGE = auto()  # flags of staging and neglect
    SEE_DEVICES = auto()
    RUN_DEVICES = auto()  # enrol, revoke, replace, provision
    DECIDE_QUARANTINE = auto()
    ARRANGE = auto()  # units, counters, officers, who may what, what kiosks show
    SEE_RECORD = auto()  # who looked at what, exported or changed something
    READ_COMMENTS = auto()  # what citizens wrote, and how to reach them
    SEE_SENSITIVE = auto()  # comments and cases about money that was asked for
    FOLLOW_CASES = auto()  # open them, and see to them
    ERASE = auto()  # what is held about a citizen, and say how long such things are kept


_KEPT = "_rights_anywhere"  # of a user: what `rights_of` found
PERSONAL = frozenset({Right.READ_COMMENTS, Right.SEE_SENSITIVE, Right.FOLLOW_CASES, Right.ERASE})  # nobody's who only runs the server
_ROLE = Membership.Role
ALLOWED: dict[str, frozenset[Right]] = {
    _ROLE.ADMINISTRATOR: frozenset(Right) - {Right.SEE_OWN, Right.SEE_MOMENTS} - PERSONAL,
    _ROLE.LEADER: frozenset({Right.SEE_RESULTS, Right.PUBLISH, Right.COUNT_TRANSACTIONS, Right.JUDGE, Right.SEE_DEVICES}) | PERSONAL,
    _ROLE.STAFF: frozenset(
        {Right.SEE_RESULTS, Right.COUNT_TRANSACTIONS, Right.JUDGE, Right.SEE_DEVICES, Right.READ_COMMENTS, Right.FOLLOW_CASES}
    ),
    _ROLE.OFFICER: frozenset({Right.SEE_OWN}),
    _ROLE.TECHNICIAN: frozenset({Right.SEE_DEVICES, Right.RUN_DEVICES}),
    _ROLE.AUDITOR: frozenset({Right.SEE_RESULTS, Right.SEE_MOMENTS, Right.SEE_DEVICES, Right.SEE_RECORD}),
}


def units_for(user: Somebody, right: Right) -> QuerySet[Unit]:
    """The units where the user has the right: those of the memberships and all below them; a superuser has every right everywhere,
    but those about what citizens wrote.
    """
    if not user.is_authenticated or not user.is_active:
        return Unit.objects.none()
    if getattr(user, "is_superuser", False) and right not in PERSONAL:
        return Unit.objects.all()
    roles = [role for role, rights in ALLOWED.items() if right in rights]
    return with_those_below(Unit.objects.filter(memberships__user_id=user.pk, memberships__role__in=roles))


def may_in(user: Somebody, right: Right, unit_id: str) -> bool:
    """Whether the user has the right in that unit."""
    return units_for(user, right).filter(pk=unit_id).exists()


def with_those_below(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units and all that stand below them today."""
    own = units.values("id")
    return Unit.objects.filter(Q(id__in=own) | Q(parent__in=own) | Q(parent__parent__in=own))


def topmost(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of the units that stand below none of the others, by name."""
    return units.exclude(parent__in=units.order_by().values("id")).select_related("parent").order_by("name", "id")


def officers_for(user: Somebody) -> QuerySet[Officer]:
    """The officers who the user is: whose own results they may see."""
    if not user.is_authenticated or not user.is_active:
        return Officer.objects.none()
    return Officer.objects.filter(memberships__user_id=user.pk, memberships__role=_ROLE.OFFICER)


def rights_of(user: Somebody) -> frozenset[Right]:
    """What the user may do anywhere: for what a page offers, never for what it answers. Looked up once for each request's user."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    kept: frozenset[Right] | None = getattr(user, _KEPT, None)
    if kept is None:
        roles = Membership.objects.filter(user_id=user.pk).values_list("role", flat=True)
        kept = frozenset().union(*(ALLOWED[role] for role in roles))
        if getattr(user, "is_superuser", False):
            kept |= frozenset(Right) - {Right.SEE_OWN} - PERSONAL
        setattr(user, _KEPT, kept)
    return kept


def may(user: Somebody, right: Right) -> bool:
    """Whether the user has the right anywhere."""
    return right in rights_of(user)
