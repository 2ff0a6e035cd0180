"""Words of the pages about devices: times, clocks, disks, and the addresses of other pages of a list."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.http import HttpRequest
from django.utils import timezone

from server.devices.health import clock_words
from server.devices.health import gigabytes as size_words

register = template.Library()


@register.filter
def when(at: datetime | None) -> str:
    """A moment as people say it: hôm nay 16 giờ 52, hôm qua 8 giờ 05, 26/11/2026."""
    if at is None:
        return "chưa có"
    local, today = timezone.localtime(at), timezone.localdate()
    clock = f"{local.hour} giờ {local.minute:02}"
    near = {today: "hôm nay", today - timedelta(days=1): "hôm qua", today + timedelta(days=1): "ngày mai"}
    return f"{near[local.date()]} {clock}" if local.date() in near else f"{local:%d/%m/%Y}"


@register.filter
def clock(ahead: int | None) -> str:
    """How a device's clock goes. ahead: milliseconds, None where unknown."""
    return clock_words(ahead)


@register.filter
def gigabytes(size: int) -> str:
    """Room on a disk."""
    return size_words(size)


@register.filter
def get(names: Mapping[str, str], name: str) -> str:
    """What a mapping has under a name."""
    return names[name]


@register.simple_tag
def turned(request: HttpRequest, page: int) -> str:
    """The address of another page of the same list."""
    return _with(request, {"trang": str(page)})


@register.simple_tag
def chosen_line(request: HttpRequest, reason: str, state: str) -> str:
    """The address of the quarantined lines of a reason and a state, of the same unit or device; from their first page."""
    return _with(request, {"ly-do": reason, "trang-thai": state, "trang": ""})


def _with(request: HttpRequest, changes: Mapping[str, str]) -> str:
    """The request's address with some parameters changed; an empty one goes."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}" if query else request.path
