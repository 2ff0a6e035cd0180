"""The pages that list devices: of the country, a province, a commune."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.devices.health import Versions, needs_attention, versions
from server.devices.models import Device, in_service
from server.devices.overview import Sums, area, counters_without, devices_of, is_new, rows, summed
from server.intake.models import Quarantine
from server.places.models import Counter, Unit
from server.places.scope import Right, topmost, units_for

PAGE = 50
NEWEST = 5
CHOICES = {
    "": "Tất cả",
    "can-chu-y": "Cần chú ý",
    "moi": "Mới đăng ký",
    "chua-co": "Quầy chưa có thiết bị",
    "thu-hoi": "Đã thu hồi",
}


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Devices of all that the user may see: of their unit, or of their units if there are several."""
    visible = units_for(request.user, Right.SEE_DEVICES)
    tops = list(topmost(visible))
    if not tops:
        raise Http404
    return _list(request, tops, tops[0] if len(tops) == 1 else None)


@require_safe
@login_required
def unit_devices(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Devices of one unit and of those below it; a unit that the user may not see is as absent as one that does not exist."""
    unit = get_object_or_404(units_for(request.user, Right.SEE_DEVICES), pk=unit_id)
    return _list(request, [unit], unit)


def _list(request: HttpRequest, tops: Sequence[Unit], unit: Unit | None) -> HttpResponse:
    """tops: whose devices are listed; unit: the only one of them, or None."""
    choice = request.GET.get("loc", "")
    if choice not in CHOICES:
        raise Http404
    now, known = timezone.now(), versions()
    below = list(Unit.objects.filter(parent=unit).order_by("name", "id")) if unit else tops
    every = summed([unit, *below] if unit else below, now, known)
    total = sum((row.sums for row in every), Sums())
    parts = [row for row in every if row.unit != unit and (row.sums.devices or row.sums.counters)]
    page = Paginator(_chosen(tops, unit, choice, now, known), PAGE).get_page(request.GET.get("trang"))
    lacking = Paginator(_lacking(tops, unit, choice), PAGE).get_page(request.GET.get("trang") if choice else 1)
    newest = _chosen(tops, unit, "moi", now, known)[:NEWEST] if choice == "" and total.new else ()
    shown = {each.unit_id for each in (*page, *newest, *lacking)} | {top.pk for top in tops}
    runs = set(units_for(request.user, Right.RUN_DEVICES).filter(pk__in=shown).values_list("pk", flat=True))
    context = {
        "here": "devices",
        "unit": unit,
        "above": units_for(request.user, Right.SEE_DEVICES).filter(pk=unit.parent_id).first() if unit else None,
        "total": total,
        "parts": parts if choice == "" else (),
        "several": bool(parts),
        "choices": CHOICES,
        "choice": choice,
        "page": page,
        "rows": rows(page, now, known),
        "newest": rows(newest, now, known),
        "lacking": lacking,
        "runs": runs,
        "quarantined": Quarantine.objects.filter(unit_id__in=area(tops).values("pk")).exists(),
    }
    return render(request, "devices/list.html", context)


def _chosen(tops: Collection[Unit], unit: Unit | None, choice: str, now: datetime, known: Versions) -> QuerySet[Device]:
    """The devices that the list shows one by one; without a choice only the unit's own, for those below it are summed up."""
    every = devices_of(tops).select_related("unit", "counter")
    serving, place = in_service(every), ("unit__name", "unit_id", "counter__name", "id")
    match choice:
        case "can-chu-y":
            return serving.filter(needs_attention(now, known)).order_by(*place)
        case "moi":
            return serving.filter(is_new(now)).order_by("-enrolled_at", "id")
        case "thu-hoi":
            return every.exclude(revoked_at=None).order_by("-revoked_at", "id")
        case "":
            return serving.filter(unit=unit).order_by(*place)
    return every.none()


def _lacking(tops: Collection[Unit], unit: Unit | None, choice: str) -> QuerySet[Counter]:
    """The counters without a device that the list shows; without a choice only the unit's own."""
    if choice == "chua-co":
        return counters_without(tops)
    return counters_without(tops).filter(unit=unit) if choice == "" else Counter.objects.none()
