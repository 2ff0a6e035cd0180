"""What is done in the administration goes into the record: who, what, which fields; never what stands in them."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from server.places.scope import Right, units_for
from server.record.about import units_of
from server.record.keeping import Action, note
from server.record.search import FEW, tops

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

PERSONAL = ("places.officer", "places.membership", "auth.user")  # to look at these is kept too
_DELETES = "delete_selected"  # it tells `log_deletions`
_VERBS = {"added": "thêm", "changed": "sửa", "deleted": "xóa"}


class Recorded(ModelAdmin):
    """Mixed into every page of the administration by `server.administration.site`."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:  # noqa: ANN401 as Django types them
        """Somebody made it."""
        _note(request, Action.CHANGE, obj, f"thêm{_fields(message)}")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:  # noqa: ANN401 as above
        """Somebody changed it."""
        _note(request, Action.CHANGE, obj, f"sửa{_fields(message)}")
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ANN401 as above
        """Somebody is about to delete them."""
        for obj in queryset:
            _note(request, Action.CHANGE, obj, "xóa")
        return super().log_deletions(request, queryset)

    def get_actions(self, request: HttpRequest) -> Any:  # noqa: ANN401 as above
        """Each action keeps on what it was taken."""
        found: dict[str, Any] = super().get_actions(request) or {}
        return {name: (run if name == _DELETES else _kept(name, run), name, says) for name, (run, _, says) in found.items()}

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **named: Any) -> HttpResponse:  # noqa: ANN401 as above
        """Somebody looks at one."""
        response = super().change_view(request, object_id, *args, **named)
        if request.method == "GET" and self.opts.label_lower in PERSONAL and (obj := self.get_object(request, object_id)) is not None:
            _note(request, Action.VIEW, obj, "")
        return response

    def changelist_view(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:  # noqa: ANN401 as above
        """Somebody looks at the list."""
        if request.method == "GET" and self.opts.label_lower in PERSONAL:
            for unit_id in tops(units_for(request.user, Right.ARRANGE))[:FEW] or [""]:
                note(request, Action.VIEW, unit_id, self.opts.label_lower)
        return super().changelist_view(request, *args, **named)


def _kept(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
    """The action, which keeps on what it was taken."""

    @wraps(run)
    def kept(model_admin: ModelAdmin, request: HttpRequest, objects: QuerySet[Model]) -> Any:  # noqa: ANN401 as Django types it
        for obj in objects:
            _note(request, Action.CHANGE, obj, f"hành động {name}")
        return run(model_admin, request, objects)

    return kept


def _note(request: HttpRequest, action: Action, obj: Model, detail: str) -> None:
    for unit_id in units_of(obj):
        note(request, action, unit_id, f"{obj._meta.label_lower} {obj.pk}", detail)


def _fields(message: object) -> str:
    """The names of the fields in what Django says of a change, without the values of inlines that it also holds."""
    parts = []
    for what in message if isinstance(message, list) else []:
        for verb, said in what.items():
            names = ", ".join(str(field) for field in said.get("fields", []))
            row = str(said.get("name", ""))
            if row:
                parts.append(f"{_VERBS.get(verb, verb)} {row}" + (f" ({names})" if names else ""))
            elif names:
                parts.append(names)
    return ": " + "; ".join(parts) if parts else ""
