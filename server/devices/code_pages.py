"""The pages that bring a counter its device: a code that is shown once, or files for a kiosk that is to start without network."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from server.devices import qr
from server.devices.authority import told
from server.devices.enrolment import CODE_LIFE, SECRET_LIFE, new_code, unused_codes
from server.devices.forms import FilesForm
from server.devices.models import Device, in_service
from server.devices.provisioning import bundle, file_name
from server.places.history import going_on
from server.places.models import Counter, Unit
from server.places.scope import Right, units_for
from server.record.keeping import Action, note


@require_safe
@login_required
def counter_page(request: HttpRequest, counter_id: str) -> HttpResponse:
    """How a counter gets its device: what is there now, and the two ways."""
    counter = _counter(request, counter_id)
    return _counter_page(request, counter, FilesForm(initial={"server": _address(request)}))


@require_POST
@never_cache
@login_required
def make_code(request: HttpRequest, counter_id: str) -> HttpResponse:
    """A new code, shown by this answer and never again."""
    counter, now = _open_counter(request, counter_id), timezone.now()
    code = new_code(counter, now)
    note(request, Action.CHANGE, counter.unit_id, counter.pk, "tạo mã đăng ký thiết bị")
    server, shown = _address(request), told(code)
    picture = reverse("devices-qr", args=[qr.hidden(qr.enrolment_text(server, shown), code, request.user.pk)])
    context = {"here": "devices", "counter": counter, "code": shown, "server": server, "until": now + CODE_LIFE, "picture": picture}
    return render(request, "devices/code.html", context)


@require_safe
@never_cache
@login_required
def qr_code(request: HttpRequest, name: str) -> HttpResponse:
    """The picture of a code, for who made it, as long as it is good."""
    text = qr.revealed(name, request.user.pk, timezone.now())
    if text is None:
        raise Http404
    return HttpResponse(qr.svg(text), content_type="image/svg+xml")


@require_POST
@login_required
def void_codes(request: HttpRequest, counter_id: str) -> HttpResponse:
    """What was made for the counter and is not used yet is good for nothing any more."""
    counter, now = _counter(request, counter_id), timezone.now()
    voided = unused_codes(counter, now).update(expires_at=now)
    if voided:
        note(request, Action.CHANGE, counter.unit_id, counter.pk, f"hủy {voided} mã đăng ký chưa dùng")
        messages.success(request, f"Đã hủy {voided} mã chưa dùng.")
    return redirect("devices-counter", counter.pk)


@require_POST
@never_cache
@login_required
def counter_files(request: HttpRequest, counter_id: str) -> HttpResponse:
    """A ZIP with the provisioning folder of the counter."""
    counter = _open_counter(request, counter_id)
    form = FilesForm(request.POST, request.FILES)
    return _zip(request, counter, [counter], form) if form.is_valid() else _counter_page(request, counter, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def unit_files(request: HttpRequest, unit_id: str) -> HttpResponse:
    """A ZIP with a provisioning folder for each counter of the unit."""
    unit = get_object_or_404(going_on(units_for(request.user, Right.RUN_DEVICES)), pk=unit_id)
    counters = list(Counter.objects.select_related("unit").filter(unit=unit).order_by("name", "id"))
    if not counters:
        raise Http404
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm(initial={"server": _address(request)})
    if request.method == "POST" and form.is_valid():
        return _zip(request, unit, counters, form)
    context = {"here": "devices", "unit": unit, "counters": counters, "form": form, "days": SECRET_LIFE.days}
    return render(request, "devices/unit_files.html", context, status=422 if form.errors else 200)


def _counter(request: HttpRequest, counter_id: str) -> Counter:
    counters = Counter.objects.select_related("unit").filter(unit__in=units_for(request.user, Right.RUN_DEVICES))
    return get_object_or_404(counters, pk=counter_id)


def _open_counter(request: HttpRequest, counter_id: str) -> Counter:
    """One that may still get a device: its unit has not ended."""
    counter = _counter(request, counter_id)
    if counter.unit.is_over():
        raise Http404
    return counter


def _counter_page(request: HttpRequest, counter: Counter, form: FilesForm) -> HttpResponse:
    present = in_service(Device.objects.filter(counter=counter)).order_by("-enrolled_at")
    context = {
        "here": "devices",
        "counter": counter,
        "present": present,
        "unused": unused_codes(counter, timezone.now()),
        "form": form,
        "days": SECRET_LIFE.days,
        "hours": round(CODE_LIFE.total_seconds() / 3600),
    }
    return render(request, "devices/counter.html", context, status=422 if form.errors else 200)


def _zip(request: HttpRequest, of: Counter | Unit, counters: list[Counter], form: FilesForm) -> HttpResponse:
    body = bundle(counters, form.given(), timezone.now())
    for counter in counters:
        note(request, Action.CHANGE, counter.unit_id, counter.pk, "tạo tệp cài sẵn")
    name = file_name(of)
    return HttpResponse(body, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="hailong-{name}.zip"'})


def _address(request: HttpRequest) -> str:
    """The server's address as kiosks reach it: the operator's, else as whoever asks has it, which on the server itself may be localhost."""
    return settings.ADDRESS or f"{request.scheme}://{request.get_host()}"
