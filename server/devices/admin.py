"""Devices in the administration: read, revoke, clear a warning. Devices come by enrolment only."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from server.administration.scoped import OfProvince, Scoped
from server.devices.models import Device
from server.devices.rotation import revoke


class Flagged(admin.SimpleListFilter):
    """Those with a warning, or without."""

    title = "cảnh báo"
    parameter_name = "canh-bao"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """The choices."""
        return [("co", "có"), ("khong", "không")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Device]) -> QuerySet[Device]:
        """The rows of the choice."""
        match self.value():
            case "co":
                return queryset.exclude(flag="")
            case "khong":
                return queryset.filter(flag="")
            case _:
                return queryset


@admin.register(Device)
class DeviceAdmin(Scoped):
    """Devices with their health."""

    list_display = ["id", "counter", "last_heard", "waiting", "version", "flag", "revoked_at"]
    list_filter = [Flagged, OfProvince]
    list_select_related = ["counter__unit"]
    search_fields = ["id", "public_key", "counter__name", "unit__name"]
    actions = ["revoke", "clear_flag"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: a device enrols itself."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """All of them."""
        return [field.name for field in Device._meta.fields]

    @admin.action(description="Thu hồi các thiết bị đã chọn", permissions=["change"])
    def revoke(self, request: HttpRequest, devices: QuerySet[Device]) -> None:
        """What the devices send from now on is refused."""
        revoke(devices, timezone.now())

    @admin.action(description="Xóa cảnh báo của các thiết bị đã chọn", permissions=["change"])
    def clear_flag(self, request: HttpRequest, devices: QuerySet[Device]) -> None:
        """The warning was looked into."""
        devices.update(flag="")
