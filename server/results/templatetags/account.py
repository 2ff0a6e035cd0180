"""Who is logged in, for the bar."""

from django import template

from server.places.models import Membership
from server.places.scope import Somebody

register = template.Library()


@register.simple_tag
def role_of(user: Somebody) -> str:
    """The user's role and unit, of several the first and how many more: lãnh đạo, Phường Thái Hòa."""
    if not user or not user.is_authenticated:
        return ""
    if getattr(user, "is_superuser", False):
        return "quản trị hệ thống"
    memberships = list(Membership.objects.filter(user_id=user.pk).select_related("unit").order_by("unit__name", "role"))
    if not memberships:
        return "chưa được giao quyền"
    first, more = memberships[0], len(memberships) - 1
    return f"{first.get_role_display()}, {first.unit.name}" + (f" và {more} quyền khác" if more else "")
