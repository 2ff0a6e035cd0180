"""Counters, and who is on duty there."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from server.administration.scoped import OfProvince, Scoped
from server.places.history import going_on
from server.places.models import Counter, Officer

if TYPE_CHECKING:
    CounterModelForm = forms.ModelForm[Counter]
else:
    CounterModelForm = forms.ModelForm


class CounterForm(CounterModelForm):
    """A counter; on duty is somebody who works in its unit."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        super().__init__(*args, **options)
        choice = self.fields.get("on_duty")
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = Officer.objects.filter(unit_id=self.instance.unit_id, active=True)


@admin.register(Counter)
class CounterAdmin(Scoped):
    """A counter stays in its unit: its results do."""

    form = CounterForm
    list_display = ["name", "unit", "on_duty", "id"]
    list_filter = [OfProvince]
    list_select_related = ["unit", "on_duty"]
    search_fields = ["name", "id", "unit__name"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Who is on duty is chosen once the unit is known."""
        return ["unit", "name", "on_duty", "id"] if obj else ["unit", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The unit is chosen once."""
        return ["unit", "id"] if obj else []

    def narrowed(self, name: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """A unit that has ended gets no new counter."""
        return going_on(queryset) if name == "unit" else queryset.none()
