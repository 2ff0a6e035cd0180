"""The pages of results."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.places.models import Unit
from server.places.scope import units_for
from server.results import queries

_WEEKDAYS = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """Today: the unit that the user may see, or the list of them if there are several."""
    units = list(queries.serving(units_for(request.user)))
    now = timezone.now()
    if len(units) == 1:
        return _day(request, units[0], now, only=True)
    return render(request, "results/units.html", {"units": queries.unit_days(units, now)})


@require_safe
@login_required
def unit_today(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Today in one unit; one that the user may not see is as absent as one that does not exist."""
    unit = get_object_or_404(units_for(request.user).select_related("parent"), pk=unit_id)
    return _day(request, unit, timezone.now(), only=False)


def _day(request: HttpRequest, unit: Unit, now: datetime, *, only: bool) -> HttpResponse:
    clock = queries.local(unit, now)
    rows = queries.tallies(unit, clock.date())
    context = {
        "unit": unit,
        "only": only,
        "clock": clock,
        "weekday": _WEEKDAYS[clock.weekday()],
        "rows": rows,
        "total": queries.total(rows),
        "devices": queries.heard(unit, now),
    }
    return render(request, "results/today.html", context)
