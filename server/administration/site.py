"""The site of the administration."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
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


class Administration(admin.AdminSite):
    """Django's own, but for its doors: login, logout and the change of one's password are those of all pages, and who is
    logged in without belonging here is told so. Whatever is registered is recorded (see `Recorded`).
    """

    site_header = "Hài Lòng"
    site_title = "Hài Lòng"
    index_title = "Quản trị"

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: type[ModelAdmin] | None = None, **options: object
    ) -> None:
        """As Django does; every change goes into the record too."""
        shown = admin_class or ModelAdmin
        super().register(model_or_iterable, type(f"Recorded{shown.__name__}", (Recorded, shown), options))

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:  # noqa: ANN401 as Django types it
        """As Django does; 403 instead of the entrance to whom it would send there and back for ever."""
        guarded = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: object, **named: object) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponseBase = guarded(request, *args, **named)
            return response

        return answer

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one entrance; it leads back here."""
        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(index)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", index))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override] # a redirect is no template
        """As the button of every page does."""
        return LogoutView.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """The one page for it."""
        return redirect("password")
