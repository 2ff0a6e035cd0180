"""Who may see what: the one place that narrows queries to a user."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from server.places.models import Unit


def units_for(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Unit]:
    """The units whose results the user may see: those of the memberships and those below them; a superuser sees all."""
    if not user.is_authenticated or not user.is_active:
        return Unit.objects.none()
    if getattr(user, "is_superuser", False):
        return Unit.objects.all()
    own = Unit.objects.filter(memberships__user_id=user.pk).values("id")
    return Unit.objects.filter(Q(id__in=own) | Q(parent__in=own))
