"""The pages of results."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.places.models import Unit
from server.places.scope import Right, units_for
from server.results import queries
from server.results.counts import Row
from server.results.period import Kind, Period, containing

_WEEKDAYS = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """Today: the unit that the user may see, or the list of them if there are several."""
    units = list(queries.serving(units_for(request.user, Right.SEE_RESULTS)))
    now = timezone.now()
    if len(units) == 1:
        return _day(request, units[0], now, only=True)
    return render(
        request, "results/units.html", {"here": "today", "units": [(unit, queries.total(unit, _today(unit, now)).n) for unit in units]}
    )


@require_safe
@login_required
def unit_today(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Today in one unit; one that the user may not see is as absent as one that does not exist."""
    unit = get_object_or_404(units_for(request.user, Right.SEE_RESULTS).select_related("parent"), pk=unit_id)
    return _day(request, unit, timezone.now(), only=False)


def _day(request: HttpRequest, unit: Unit, now: datetime, *, only: bool) -> HttpResponse:
    clock = queries.local(unit, now)
    facts = queries.facts(unit, containing(Kind.DAY, clock.date()))
    context = {
        "here": "today",
        "unit": unit,
        "only": only,
        "clock": clock,
        "weekday": _WEEKDAYS[clock.weekday()],
        "rows": facts.by_officer(),
        "total": Row("total", "Tổng cộng", facts.total),
        "devices": queries.heard(unit, now),
    }
    return render(request, "results/today.html", context)


def _today(unit: Unit, now: datetime) -> Period:
    return containing(Kind.DAY, queries.local(unit, now).date())
