"""The pages of one device: what it holds, revoking it, putting another in its place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from server.devices.enrolment import unused_codes
from server.devices.forms import ReplaceForm
from server.devices.health import versions
from server.devices.ledgers import Stock, ledgers_of
from server.devices.models import Device, in_service
from server.devices.overview import DeviceRow, rows
from server.devices.quarantined import by_reason, from_device
from server.devices.rotation import revoke
from server.places.scope import Right, may_in, units_for
from server.record.keeping import Action, note
from server.results.templatetags.vietnamese import number


@require_safe
@login_required
def device_page(request: HttpRequest, device_id: str) -> HttpResponse:
    """Everything about one device."""
    device = _device(request, device_id, Right.SEE_DEVICES)
    ledgers, more = ledgers_of(device)
    context = {
        "here": "devices",
        "row": _row(device),
        "device": device,
        "ledgers": ledgers,
        "more": more,
        "places": device.places.select_related("unit", "counter").order_by("-since", "-id"),
        "keys": device.former_keys.order_by("-replaced_at"),
        "reasons": by_reason(from_device(request.user, device)),
        "runs": may_in(request.user, Right.RUN_DEVICES, device.unit_id),
        "now": timezone.now(),
    }
    return render(request, "devices/device.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoke_device(request: HttpRequest, device_id: str) -> HttpResponse:
    """What revoking means, and then the revocation."""
    device = _device(request, device_id, Right.RUN_DEVICES)
    if request.method != "POST":
        return render(request, "devices/revoke.html", {"here": "devices", "row": _row(device), "device": device})
    _revoke(request, device, "thu hồi thiết bị")
    return redirect("device", device.pk)


@require_POST
@login_required
def clear_flag(request: HttpRequest, device_id: str) -> HttpResponse:
    """The warning was looked into."""
    device = _device(request, device_id, Right.RUN_DEVICES)
    if Device.objects.filter(pk=device.pk).exclude(flag="").update(flag=""):
        note(request, Action.CHANGE, device.unit_id, device.pk, f"bỏ cảnh báo {device.flag}")
        messages.success(request, "Đã bỏ cảnh báo. Nếu việc cũ xảy ra lần nữa, cảnh báo sẽ hiện lại.")
    return redirect("device", device.pk)


@require_POST
@login_required
def try_first(request: HttpRequest, device_id: str) -> HttpResponse:
    """From now on the kiosk gets new versions of its program before the others, or no longer."""
    device = _device(request, device_id, Right.RUN_DEVICES)
    canary = request.POST.get("canary") == "1"
    if Device.objects.filter(pk=device.pk, canary=not canary).update(canary=canary):
        note(request, Action.CHANGE, device.unit_id, device.pk, "thử phiên bản mới trước" if canary else "thôi thử phiên bản mới trước")
        messages.success(
            request,
            "Kiosk này sẽ nhận phiên bản mới trước các máy khác." if canary else "Kiosk này sẽ nhận phiên bản mới cùng lúc với mọi máy.",
        )
    return redirect("device", device.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def replace_device(request: HttpRequest, device_id: str) -> HttpResponse:
    """Step by step from one tablet to another, so that nothing that the old one holds is forgotten.

    The old one is revoked when somebody says that all of it was sent, and the server does not know better; or that it cannot be had.
    """
    device = _device(request, device_id, Right.RUN_DEVICES)
    row = _row(device)
    form = ReplaceForm(request.POST) if request.method == "POST" else ReplaceForm()
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["state"] == ReplaceForm.LOST:
            _revoke(request, device, f"thay thiết bị; không lấy được dữ liệu, {_missing(row.stock)}")
            return redirect("device", device.pk)
        if not (row.stock.told and row.stock.missing):
            _revoke(request, device, "thay thiết bị; đã gửi hết")
            return redirect("device", device.pk)
        form.add_error("state", f"Máy chủ vẫn {_missing(row.stock)}. Xin gửi hoặc nhập USB trước; không lấy được nữa thì chọn câu dưới.")
    context = {
        "here": "devices",
        "row": row,
        "device": device,
        "form": form,
        "followers": in_service(Device.objects.filter(counter=device.counter, enrolled_at__gt=device.enrolled_at)),
        "unused": unused_codes(device.counter, timezone.now()),
    }
    return render(request, "devices/replace.html", context, status=422 if form.errors else 200)


def _device(request: HttpRequest, device_id: str, right: Right) -> Device:
    devices = Device.objects.select_related("unit", "counter").filter(unit__in=units_for(request.user, right))
    return get_object_or_404(devices, pk=device_id)


def _row(device: Device) -> DeviceRow:
    return rows([device], timezone.now(), versions())[0]


def _revoke(request: HttpRequest, device: Device, detail: str) -> None:
    if revoke(Device.objects.filter(pk=device.pk), timezone.now()):
        note(request, Action.CHANGE, device.unit_id, device.pk, detail)
        messages.success(request, "Đã thu hồi thiết bị. Máy chủ không nhận gì từ máy này nữa.")


def _missing(stock: Stock) -> str:
    """How much is missing, as far as anybody knows."""
    if not stock.told:
        return f"có thể còn thiếu {number(stock.waiting)} mục" if stock.waiting else "không rõ còn thiếu bao nhiêu mục"
    return f"thiếu ít nhất {number(stock.missing)} mục"
