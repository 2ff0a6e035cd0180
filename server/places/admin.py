"""Units, counters, officers and memberships in the administration. What results refer to cannot be deleted there."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from server.places.models import Counter, Membership, Officer, Unit

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin


class KeptAdmin(ModelAdmin):
    """Rows that are never deleted: results name them by their id."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Counters and officers stay in their unit: their results do."""
        return ["unit"] if isinstance(obj, Counter | Officer) else []


@admin.register(Unit)
class UnitAdmin(KeptAdmin):
    """Units by name."""

    list_display = ["name", "kind", "parent", "id"]
    list_filter = ["kind"]
    search_fields = ["name", "id"]


@admin.register(Officer)
class OfficerAdmin(KeptAdmin):
    """Officers by name."""

    list_display = ["name", "title", "unit", "active", "id"]
    list_filter = ["active", "unit"]
    search_fields = ["name", "id"]


@admin.register(Counter)
class CounterAdmin(KeptAdmin):
    """Counters, and who is on duty there."""

    list_display = ["name", "unit", "on_duty", "id"]
    list_filter = ["unit"]
    search_fields = ["name", "id"]
    list_select_related = ["unit", "on_duty"]


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    """Who sees which unit's results."""

    list_display = ["user", "unit"]
    list_filter = ["unit"]
