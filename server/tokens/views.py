"""The pages on which an administrator makes and revokes tokens."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from server.places.choosing import choose
from server.places.scope import Right, may, units_for
from server.tokens.keeping import LIFE, LONGEST_LIFE, make, revoke
from server.tokens.models import Token


class NewToken(forms.Form):
    """What a new token is for."""

    name = forms.CharField(
        label="Tên hệ thống",
        max_length=80,
        error_messages={"required": "Xin ghi tên hệ thống dùng mã này."},
        help_text="Ví dụ: Một cửa điện tử tỉnh. Nhật ký ghi tên này.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reads_results = forms.BooleanField(label="Đọc kết quả đánh giá", required=False)
    tells_transactions = forms.BooleanField(label="Gửi số hồ sơ đã giải quyết", required=False)
    last_day = forms.DateField(
        label="Dùng được đến hết ngày",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Xin chọn một ngày.", "invalid": "Ngày cần viết như 26/11/2027."},
    )

    def clean(self) -> dict[str, Any]:
        """A token is good for something, from now on, and not for ever."""
        said = super().clean() or {}
        if not said.get("reads_results") and not said.get("tells_transactions"):
            raise forms.ValidationError("Xin chọn ít nhất một quyền.")
        last, today = said.get("last_day"), timezone.localdate()
        if last is not None and not today <= last <= today + LONGEST_LIFE:
            self.add_error("last_day", f"Xin chọn một ngày từ hôm nay đến {today + LONGEST_LIFE:%d/%m/%Y}.")
        return said


@require_safe
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the user's units, and the units for which to make one."""
    if not may(request.user, Right.ARRANGE):
        raise Http404
    units = units_for(request.user, Right.ARRANGE)
    now = timezone.now()
    kept = Token.objects.filter(unit__in=units.values("id")).select_related("unit")
    context = {
        "tokens": [(token, token.valid(now)) for token in kept],
        "choice": choose(units.filter(ended=None).select_related("parent").order_by("name", "id"), request),
    }
    return render(request, "tokens/tokens.html", {"here": "tokens", **context})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Make a token for the unit; the page that answers is the only one that ever shows it."""
    unit = get_object_or_404(units_for(request.user, Right.ARRANGE), pk=unit_id)
    form = NewToken(request.POST if request.method == "POST" else None, initial={"last_day": timezone.localdate() + LIFE})
    context: dict[str, Any] = {"here": "tokens", "unit": unit, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "tokens/new.html", context, status=422 if form.errors else 200)
    said = form.cleaned_data
    end = datetime.combine(said["last_day"] + timedelta(days=1), time(), ZoneInfo(unit.time_zone))
    token, text = make(request, unit, said["name"], reads=said["reads_results"], tells=said["tells_transactions"], expires_at=end)
    return render(request, "tokens/made.html", {**context, "token": token, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoked(request: HttpRequest, token_id: str) -> HttpResponse:
    """Ask once more, then revoke."""
    units = units_for(request.user, Right.ARRANGE)
    token = get_object_or_404(Token.objects.select_related("unit").filter(unit__in=units.values("id")), pk=token_id)
    if request.method != "POST":
        return render(request, "tokens/revoke.html", {"here": "tokens", "token": token})
    revoke(request, token)
    messages.success(request, f"Đã thu hồi mã truy cập của “{token.name}”. Hệ thống ấy không vào được nữa.")
    return redirect("tokens")
