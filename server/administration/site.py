"""The administration's site. Who has the right to arrange anything anywhere may come in; Django's own permissions do not count."""

from collections.abc import Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from server.administration.recorded import Recorded

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

ORDER = ("places", "auth", "screens", "devices")
MODELS = ("Unit", "Counter", "Officer", "Membership")


class Administration(admin.AdminSite):
    """Its doors are those of all pages: login, logout, the change of one's password. Whatever is registered is recorded."""

    site_header = "Hài Lòng"
    site_title = "Hài Lòng"
    index_title = "Đơn vị, tài khoản, màn hình"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: type[ModelAdmin] | None = None, **options: object
    ) -> None:
        """As Django does; every change goes into the record too."""
        shown = admin_class or ModelAdmin
        super().register(model_or_iterable, type(f"Recorded{shown.__name__}", (Recorded, shown), options))

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user may arrange anything; what, each page asks `server.administration.scoped`."""
        from server.places.scope import Right, may  # the site is made before there are models

        return may(request.user, Right.ARRANGE)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: ANN401 as Django types them
        """Who is logged in without the right is told that this is not theirs, others to log in."""
        entered = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> Any:  # noqa: ANN401 as views get them
            if self.has_permission(request):
                return entered(request, *args, **options)
            return self.login(request)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To our page of login. Raises PermissionDenied for who is logged in without the right."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        here = request.GET.get("next") or (reverse("admin:index") if request.path == reverse("admin:login") else request.get_full_path())
        return redirect_to_login(here, settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override] # a redirect is no template
        """As the button of every page does."""
        return LogoutView.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """The one page for it."""
        return redirect("password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """As above."""
        return redirect("password-changed")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """What a search among many choices finds."""
        found: HttpResponse = _Found.as_view(admin_site=self)(request)  # type: ignore[assignment]  # JSON
        return found

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps of the index, what is most used first."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(MODELS, model["object_name"]))
        return sorted(apps, key=lambda app: _place(ORDER, app["app_label"]))


def _place(order: tuple[str, ...], name: str) -> tuple[int, str]:
    """Those that are named first come first, all others after them by name."""
    return (order.index(name) if name in order else len(order), name)


class _Found(AutocompleteJsonView):
    """A unit is told with the one above it."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:  # noqa: ANN401 as Django types it
        from server.administration.scoped import label

        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}
