"""The page of versions: which there are, for whom, how they fared; and its buttons."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from server.devices.models import Device
from server.places.models import Unit
from server.places.scope import Right, Somebody, may, units_for
from server.record.keeping import Action, note
from server.releases import fleet
from server.releases.keeping import NotTakenError, Stage, obstacle, stage
from server.releases.models import Release

_DONE = {
    Stage.CANARY: "Các kiosk thử trước sẽ nhận phiên bản này khi quầy đóng cửa.",
    Stage.STABLE: "Mọi kiosk sẽ nhận phiên bản này khi quầy đóng cửa.",
    Stage.WITHDRAWN: "Đã rút. Kiosk chưa cài sẽ không nhận nữa; kiosk đã cài vẫn giữ.",
}


class Row(NamedTuple):
    """A version. obstacle: why it may not go to everybody, as a sentence, or nothing."""

    release: Release
    how: fleet.Fared
    obstacle: str


class Back(NamedTuple):
    """A device that went back from a version, and why, in words."""

    device: Device
    reason: str


@require_safe
@login_required
def releases(request: HttpRequest) -> HttpResponse:
    """Versions of this server; kiosks of the user's units."""
    if not may(request.user, Right.ARRANGE):
        raise Http404
    devices = Device.objects.filter(unit__in=units_for(request.user, Right.ARRANGE))
    kept = [(release, fleet.fared(release.version)) for release in Release.objects.all()]
    context = {
        "here": "releases",
        "rows": [Row(release, how, obstacle(how) if release.stage == Stage.CANARY else "") for release, how in kept],
        "runs": _runs_all(request.user),
        "shares": fleet.shares(devices),
        "canaries": fleet.canaries(devices),
        "failed": [Back(device, fleet.reason(device.update_why)) for device in fleet.failed(devices)],
    }
    return render(request, "releases/releases.html", context)


@require_POST
@login_required
def staged(request: HttpRequest, version: str) -> HttpResponse:
    """Move a version on, or withdraw it: for who arranges everything on this server."""
    if not may(request.user, Right.ARRANGE) or not _runs_all(request.user):
        raise Http404
    to = request.POST.get("to", "")
    try:
        release = stage(version, to, timezone.now())
    except NotTakenError as error:
        messages.error(request, str(error))
    else:
        note(request, Action.CHANGE, "", "", f"phiên bản kiosk {release.version}: {release.get_stage_display()}")
        messages.success(request, _DONE[Stage(release.stage)])
    return redirect("releases")


def _runs_all(user: Somebody) -> bool:
    """Whether all units of this server are the user's to arrange: a version is for all of them."""
    return not Unit.objects.exclude(pk__in=units_for(user, Right.ARRANGE)).exists()
