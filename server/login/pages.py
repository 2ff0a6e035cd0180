"""The pages of the entrance."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone

from server.devices.identity import address_of
from server.login.throttle import turn, wait
from server.pace import PerMinute
from server.record.about import units_of
from server.record.keeping import Action, note, note_of
from server.settings import SESSION_LENGTH

TRIES_PER_MINUTE = 10
_by_user = PerMinute()


class Entrance(LoginView):
    """The login page, the only one. What it lets in and what it refuses goes into the record of the user's units."""

    template_name = "login/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **named: Any) -> HttpResponse:  # noqa: ANN401 as Django types them
        """One try."""
        with turn(request, request.POST.get("username", "")):
            return super().post(request, *args, **named)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Somebody is let in, until the end of their session, whatever they do meanwhile."""
        response = super().form_valid(form)
        self.request.session.set_expiry(timezone.now() + SESSION_LENGTH)
        for unit_id in units_of(form.get_user()):
            note(self.request, Action.LOGIN, unit_id, "")
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Somebody is refused. Kept are failures that count, with the name only if it is one: others may be passwords."""
        if getattr(self.request, "axes_failures_since_start", None) is not None:
            user = User.objects.filter(username=form.cleaned_data.get("username")).first()
            detail = "" if user else "không có tài khoản này"
            for unit_id in units_of(user) if user else [""]:
                note_of(user.get_username() if user else "", address_of(self.request), Action.REFUSED, unit_id, "", detail)
        return super().form_invalid(form)


def too_many(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The login page for a name that has to wait, with how long. What `AXES_LOCKOUT_CALLABLE` calls."""
    now = timezone.now()
    name = (credentials or {}).get("username") or ""
    seconds = max(ceil(wait(request, name, now).total_seconds()), 1)
    context = {
        "form": AuthenticationForm(request, initial={"username": name}),
        "next": request.POST.get("next", ""),
        "minutes": ceil(seconds / 60),
        "until": timezone.localtime(now + timedelta(seconds=seconds + 59)),  # the first whole minute from then on
    }
    answer = render(request, Entrance.template_name, context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


class Password(PasswordChangeView):
    """The user's own password. Every other session of theirs ends with the old one, as Django sees to."""

    template_name = "login/password.html"
    extra_context = {"here": "password"}
    success_url = reverse_lazy("password-changed")

    def post(self, request: HttpRequest, *args: str, **named: Any) -> HttpResponse:  # noqa: ANN401 as Django types them
        """One try; whoever sits at somebody else's screen does not try all."""
        if seconds := _by_user.seconds_to_wait(request.user.get_username(), timezone.now(), TRIES_PER_MINUTE):
            return self.render_to_response(self.get_context_data(seconds=seconds), status=429, headers={"Retry-After": str(seconds)})
        return super().post(request, *args, **named)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """It is changed."""
        response = super().form_valid(form)
        for unit_id in units_of(form.user):
            note(self.request, Action.CHANGE, unit_id, f"auth.user {form.user.pk}", "mật khẩu của mình")
        return response


def password_changed(request: HttpRequest) -> HttpResponseBase:
    """Says so."""
    return render(request, "login/changed.html")
