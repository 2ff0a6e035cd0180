"""The pages of alerts: the list, a unit's, one alert with what people do with it, and what a unit sets for its alerts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from server.alerts import life, queries
from server.alerts.audience import SETS, acts, reads_comments, units_of, visible
from server.alerts.forms import ActForm, WishesForm, in_words
from server.alerts.models import Alert, Wishes
from server.alerts.watching import catch_up
from server.alerts.wishes import above, held
from server.flags.queries import below
from server.places.models import Unit
from server.places.scope import may_in, topmost, units_for
from server.record.keeping import Action, note
from server.results.queries import is_area
from sync.entries import Malformed

AT_ONCE = 30
_DONE = {"nhan": "Đã ghi nhận ông/bà xử lý cảnh báo này.", "ghi": "Đã lưu ghi chú.", "dong": "Đã đóng cảnh báo."}


@require_safe
@login_required
def alerts_page(request: HttpRequest) -> HttpResponse:
    """The alerts of the unit that the user may see, or the list of units if there are several."""
    units = units_of(request.user)
    if not units.exists():
        raise Http404
    catch_up(units, timezone.now())
    there = list(topmost(units))
    if len(there) == 1:
        return _list(request, there[0])
    return render(request, "alerts/units.html", {"here": "alerts", "rows": queries.by_unit(request.user, there)})


@require_safe
@login_required
def alerts_of_unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The alerts of one unit; one that the user may not see is as absent as one that does not exist."""
    unit = _unit(request, unit_id)
    catch_up(Unit.objects.filter(pk=unit.pk), timezone.now())
    return _list(request, unit)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def alert_page(request: HttpRequest, unit_id: str, alert_id: str) -> HttpResponse:
    """One alert; by POST, what somebody does with it."""
    unit = _unit(request, unit_id)
    alert = get_object_or_404(visible(request.user), unit_id=unit.pk, id=alert_id)
    may_act = acts(request.user, alert)
    form = ActForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_act:
            raise Http404
        if form.is_valid() and _act(request, alert, form):
            return redirect("alert", unit.pk, alert.id)
    reads = reads_comments(request.user, alert)
    lines = queries.history(alert, reads=reads)
    if any(line.words for line in lines):
        note(request, Action.VIEW, unit.pk, alert.id, "ghi chú của cảnh báo")
    [item] = queries.items([alert])
    context = {"here": "alerts", "unit": unit, "item": item, "alert": alert, "lines": lines, "acts": may_act, "form": form, "reads": reads}
    return render(request, "alerts/alert.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def wishes_page(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What a unit sets for its alerts and its digest."""
    unit = get_object_or_404(units_for(request.user, SETS).select_related("parent"), pk=unit_id)
    form = WishesForm(request.POST if request.method == "POST" else _set(unit))
    if request.method == "POST" and form.is_valid():
        Wishes.objects.update_or_create(unit=unit, defaults=form.values())
        said = ", ".join(f"{name}={value}" for name, value in form.values().items() if value is not None)
        note(request, Action.CHANGE, unit.pk, "alerts.wishes", said or "như cấp trên")
        messages.success(request, "Đã lưu.")
        return redirect("alert-wishes", unit.pk)
    from_above = above(unit)
    context = {
        "here": "alerts",
        "unit": unit,
        "form": form,
        "above": in_words(from_above),
        "inherits": unit.parent or "hệ thống",
        "kinds": [(kind.value, kind.label) for kind in Alert.Kind],
        "chosen": form["kinds"].value() or [],
    }
    return render(request, "alerts/wishes.html", context, status=422 if form.is_bound and request.method == "POST" and form.errors else 200)


def _act(request: HttpRequest, alert: Alert, form: ActForm) -> bool:
    """Do it; False where it cannot be, which the form then says."""
    act, words, who, now = form.cleaned_data["act"], form.cleaned_data["words"], request.user.get_username(), timezone.now()
    try:
        if act == "nhan":
            life.acknowledge(alert, who, now)
        elif act == "dong":
            life.close(alert, words, who, now)
        else:
            life.comment(alert, words, who, now)
    except life.NotWaitingError:
        alert.refresh_from_db()
        form.add_error(None, f"Cảnh báo này {alert.get_state_display()} rồi; xin xem lịch sử bên dưới.")
        return False
    except Malformed:
        form.add_error("words", "Không lưu được ghi chú này. Xin rút gọn, chỉ dùng chữ và dấu thông thường.")
        return False
    note(request, Action.CHANGE, alert.unit_id, alert.id, f"cảnh báo: {dict(form.fields['act'].choices)[act].lower()}")  # type: ignore[attr-defined]
    messages.success(request, _DONE[act])
    return True


def _list(request: HttpRequest, unit: Unit) -> HttpResponse:
    alerts = queries.of_unit(request.user, unit)
    waiting = alerts.filter(queries.WAITING)
    page = Paginator(alerts.exclude(queries.WAITING), AT_ONCE).get_page(request.GET.get("trang"))
    context = {
        "here": "alerts",
        "unit": unit,
        "area": is_area(unit),
        "rows": queries.by_unit(request.user, below(unit)) if is_area(unit) else [],
        "waiting": queries.items(waiting),
        "page": page,
        "items": queries.items(page),
        "sets": may_in(request.user, SETS, unit.pk),
        "held": in_words(held(unit)),
    }
    return render(request, "alerts/list.html", context)


def _set(unit: Unit) -> dict[str, object]:
    """What the unit itself set, as its form has it."""
    wishes = Wishes.objects.filter(unit=unit).first()
    if wishes is None:
        return {}
    digest_at = f"{wishes.digest_at:%H:%M}" if wishes.digest_at else ""
    own = wishes.kinds is not None
    return {
        "threshold": wishes.threshold, "silent_minutes": wishes.silent_minutes, "digest_at": digest_at,
        "own_kinds": own, "kinds": wishes.kinds or [],
    }  # fmt: skip


def _unit(request: HttpRequest, unit_id: str) -> Unit:
    return get_object_or_404(units_of(request.user).select_related("parent"), pk=unit_id)
