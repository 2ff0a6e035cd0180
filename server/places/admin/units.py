"""Units as they are today, with their history; `server.places.admin.steps` changes them from a day on."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from server.administration.scoped import OfProvince, Scoped, arranged, parent_arranged
from server.devices.models import in_service
from server.places.admin.people import is_superuser
from server.places.admin.steps import Steps
from server.places.history import going_on, take_effect, timeline
from server.places.models import ABOVE, Unit
from server.screens.publish import publish

if TYPE_CHECKING:
    UnitModelForm = forms.ModelForm[Unit]
else:
    UnitModelForm = forms.ModelForm


class UnitForm(UnitModelForm):
    """A unit as it is today."""

    def clean_parent(self) -> Unit | None:
        """What it belongs to is also what its makers may arrange: nobody but the highest makes a unit that belongs to none."""
        parent: Unit | None = self.cleaned_data["parent"]
        if parent is None and self.fields["parent"].required:
            raise ValidationError("Xin chọn đơn vị cấp trên.")
        return parent


@admin.register(Unit)
class UnitAdmin(Steps, Scoped):
    """Units by name. Their level is chosen once; a change of name or parent here corrects it, without a day."""

    where = "pk"
    form = UnitForm
    list_display = ["name", "kind", "parent", "state", "id"]
    list_filter = ["kind", OfProvince]
    list_select_related = ["parent", "successor"]
    search_fields = ["name", "id"]
    change_form_template = "admin/places/unit/change_form.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:  # noqa: ANN401 as Django types it
        """As it is today: what begins today has begun, whether or not the night's command has run."""
        take_effect(arranged(request).filter(pk=object_id))
        return super().get_object(request, object_id, from_field)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Of who may arrange in a unit that others stand below."""
        return is_superuser(request) or arranged(request).filter(kind__in=ABOVE.values()).exists()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """An id comes by itself."""
        return ["name", "kind", "parent" if self._movable(request, obj) else "above", "time_zone", *(["id"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The highest unit of who looks stays where it is."""
        return ["kind", "id", *([] if self._movable(request, obj) else ["above"])] if obj else []

    @admin.display(description="thuộc")
    def above(self, unit: Unit) -> str:
        """What it belongs to, without the link that Django would give it: whoever reads this may not open it."""
        return unit.parent.name if unit.parent else ""

    def _movable(self, request: HttpRequest, obj: Model | None) -> bool:
        if not isinstance(obj, Unit) or is_superuser(request):
            return True
        return parent_arranged(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:  # noqa: ANN401 as Django types them
        """With a parent, unless it is of the highest that makes it."""
        form = super().get_form(request, obj, change, **options)
        if "parent" in form.base_fields:
            form.base_fields["parent"].required = not is_superuser(request)
        return form

    def narrowed(self, name: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Units that others may stand below."""
        return going_on(queryset).filter(kind__in=ABOVE.values())

    @admin.display(description="tình trạng")
    def state(self, unit: Unit) -> str:
        """Whether it goes on."""
        if unit.ended is None:
            return "đang hoạt động"
        into = f", nhập vào {unit.successor}" if unit.successor else ""
        return f"{'đã kết thúc' if unit.is_over() else 'sẽ kết thúc'} {unit.ended:%d/%m/%Y}{into}"

    def get_urls(self) -> list[URLPattern]:
        """Also those of the steps."""
        return [*self.step_urls(), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 as Django types them
        """With the unit's history."""
        unit = self.get_object(request, object_id)
        more = {
            "timeline": timeline(unit),
            "left_behind": {
                "officers": unit.officers.filter(active=True).count(),
                "devices": in_service(unit.devices.all()).count(),
            }
            if unit.ended
            else None,
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401 as Django types them
        """Under another province other words may hold."""
        super().save_model(request, obj, form, change)
        publish(obj)
