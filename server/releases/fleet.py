"""Which kiosk runs which version, and how each version fared. Devices in service only."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from server.devices.models import Device, in_service

FAILED = "failed"
MOST_NAMED = 50
REASONS = {
    "no-first-screen": "không mở được màn hình trong hai phút",
    "no-exchange": "không gửi được về máy chủ trong hai phút, dù có mạng",
    "not-installed": "không cài được",
    "cut-off": "mất điện nhiều lần khi đang cài",
    "unsigned": "gói không có chữ ký của nhà phát hành",
    "unfit": "gói không hợp với máy, hoặc cần phần mềm khác",
    "no-way-back": "tệp của bản đang chạy đã bị sửa, nên không giữ lại được để quay về",
    "no-room": "đĩa không còn đủ chỗ",
    "no-network": "chạy được, nhưng chưa lần nào liên lạc được với máy chủ",
}


class Fared(NamedTuple):
    """How many kiosks run a version, try it at the moment, and went back from it."""

    running: int
    trying: int
    failed: int


class Share(NamedTuple):
    """How many kiosks run a version; empty for those that have not said."""

    version: str
    devices: int


def program_version(version: str) -> str:
    """What a kiosk of a package's version says of itself: a Debian revision is none of the program's."""
    return version.partition("-")[0]


def fared(version: str) -> Fared:
    """How a version fared."""
    of_it = Q(update_version=version)
    counts = in_service(Device.objects.all()).aggregate(
        running=Count("id", filter=Q(version=program_version(version))),
        trying=Count("id", filter=of_it & Q(update_outcome="trial")),
        failed=Count("id", filter=of_it & Q(update_outcome=FAILED)),
    )
    return Fared(**counts)


def failed(devices: QuerySet[Device]) -> Iterable[Device]:
    """Those of the devices that went back from a version, the first few, each with its place."""
    return in_service(devices).filter(update_outcome=FAILED).select_related("unit", "counter").order_by("unit__name", "id")[:MOST_NAMED]


def canaries(devices: QuerySet[Device]) -> Iterable[Device]:
    """Those of the devices that try versions first, the first few, each with its place."""
    return in_service(devices).filter(canary=True).select_related("unit", "counter").order_by("unit__name", "id")[:MOST_NAMED]


def shares(devices: QuerySet[Device]) -> list[Share]:
    """Which versions the devices run, the most frequent first."""
    counted = in_service(devices).order_by().values_list("version").annotate(number=Count("id")).order_by("-number", "version")
    return [Share(version, number) for version, number in counted]


def reason(word: str) -> str:
    """Why a version failed, in words."""
    return REASONS.get(word, word)
