"""Which units a row is about: in whose record it stands what was done to it."""

from django.contrib.auth.models import User
from django.db.models import Model

from server.places.models import Membership, Unit


def units_of(obj: Model) -> list[str]:
    """The ids of the units that the row belongs to; of a user, those of their memberships. Of none: one empty id."""
    if isinstance(obj, Unit):
        return [obj.pk]
    if isinstance(obj, User):
        return sorted(set(Membership.objects.filter(user_id=obj.pk).values_list("unit_id", flat=True))) or [""]
    return [str(getattr(obj, "unit_id", None) or getattr(getattr(obj, "counter", None), "unit_id", ""))]
