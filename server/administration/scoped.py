"""Every page of the administration shows and takes only what lies where its user has the right to arrange.

`Scoped` narrows a model's lists, pages, choices and permissions by the unit that its rows are of; `where` says how that is found. What
is chosen for a foreign key, in a form or by hand, is what the administration of that model shows to the user.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest
from django.utils.text import capfirst

from server.places.models import Unit
from server.places.scope import Right, may, units_for

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    InlineModelAdmin = admin.options.InlineModelAdmin[Any, Any]
    _Base = admin.options.BaseModelAdmin[Any]
    ChoiceField = ModelChoiceField[Any]
else:
    ModelAdmin = admin.ModelAdmin
    InlineModelAdmin = admin.options.InlineModelAdmin
    _Base = object
    ChoiceField = ModelChoiceField

MOST_IN_A_LIST = 500  # more choices than that are searched for, not listed


def arranged(request: HttpRequest) -> QuerySet[Unit]:
    """The units where the user of the request may arrange."""
    return units_for(request.user, Right.ARRANGE)


def parent_arranged(request: HttpRequest, unit: Unit) -> bool:
    """Whether the user of the request may arrange in what the unit belongs to, and so move it."""
    return unit.parent_id is not None and arranged(request).filter(pk=unit.parent_id).exists()


def label(obj: Model) -> str:
    """What a row is called among others to choose from."""
    return obj.address() if isinstance(obj, Unit) else str(obj)


class Choice(ChoiceField):
    """One row of several."""

    def label_from_instance(self, obj: Model) -> str:
        """A unit is told with the one above it."""
        return label(obj)


class Choices(_Base):
    """What foreign keys offer: what the administration of their model shows to the user."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:  # noqa: ANN401 as Django types them
        """As Django makes it, narrowed; a long list becomes a search."""
        queryset = self.admin_site.get_model_admin(db_field.related_model).get_queryset(request)
        if db_field.related_model is Unit:
            queryset = queryset.select_related("parent")
        options |= {"queryset": self.narrowed(db_field.name, queryset, request), "form_class": Choice}
        if "widget" not in options and options["queryset"][MOST_IN_A_LIST : MOST_IN_A_LIST + 1].exists():
            options["widget"] = AutocompleteSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def narrowed(self, name: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The choices of the field, narrowed further where the model wants it."""
        return queryset


class Scoped(Choices, ModelAdmin):
    """The administration of a model whose rows each lie in a unit. where: the path from a row to that unit."""

    where = "unit"
    deletes = False  # results name the rows by their ids
    show_facets = admin.ShowFacets.NEVER  # they count every row for every filter

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that lie in the user's units."""
        return super().get_queryset(request).filter(**{f"{self.where}__in": arranged(request)})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:  # noqa: ANN401 as Django types it
        """The row; raises Http404 where it is not among those of the user, as where there is none."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 as Django types them
        """The list, by its own name."""
        return super().changelist_view(request, {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 as Django types them
        """The page of a row, by what the row is called. Raises Http404."""
        title = {"title": str(self.get_object(request, object_id)), "subtitle": capfirst(self.opts.verbose_name)}
        return super().change_view(request, object_id, form_url, {**title, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Of whoever may arrange."""
        return may(request.user, Right.ARRANGE)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Of rows in the user's units."""
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Of whoever may arrange; where, the choices say."""
        return may(request.user, Right.ARRANGE)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Of rows in the user's units."""
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only where nothing names the rows."""
        return self.deletes and self._may(request, obj)

    def _may(self, request: HttpRequest, obj: Model | None) -> bool:
        if obj is None or obj.pk is None:
            return may(request.user, Right.ARRANGE)
        return self.get_queryset(request).filter(pk=obj.pk).exists()


class ScopedInline(Choices, InlineModelAdmin):
    """Rows on the page of the row that they belong to: whoever may change that may change them."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As of the page."""
        return may(request.user, Right.ARRANGE)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As of the page."""
        return may(request.user, Right.ARRANGE)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As of the page."""
        return may(request.user, Right.ARRANGE)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As of the page."""
        return may(request.user, Right.ARRANGE)


class OfProvince(admin.SimpleListFilter):
    """The rows of a province and of what lies below it, for who may arrange in several."""

    title = "tỉnh, thành phố"
    parameter_name = "tinh"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ANN401 as Django types it
        """The provinces among the user's units."""
        provinces = arranged(request).filter(kind=Unit.Kind.PROVINCE).values_list("id", "name")
        return list(provinces) if len(provinces) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the province that was chosen."""
        if self.value() is None:
            return queryset
        there = arranged(request).filter(pk=self.value()) | arranged(request).filter(parent=self.value())
        where = "unit" if queryset.model is not Unit else "pk"
        return queryset.filter(**{f"{where}__in": there.values("pk")})
