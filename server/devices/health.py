"""What is amiss with a device, in words for the people who look after it, and what to do about it.

The same rules stand here twice: as findings about one device, and as the condition that finds such devices in the database.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from server.devices.models import Device, in_service
from server.results.templatetags.vietnamese import number

NEW = timedelta(days=14)
MANY_WAITING = 500
CLOCK_TOLERANCE = timedelta(minutes=5)
GIGABYTE = 10**9
LOW_DISK = GIGABYTE
_SATURDAY = 5
_MILLISECOND = timedelta(milliseconds=1)


class Finding(NamedTuple):
    """Something to know about a device. advice: what to do, or empty where nothing needs to be done."""

    words: str
    advice: str = ""


class Versions(NamedTuple):
    """Versions of the kiosks in service. newest: the highest of them, or empty; refused: those too old for this server."""

    newest: str
    refused: frozenset[str]


_FLAGS = {
    "forked": Finding(
        "Hai ổ đĩa cùng mang tên thiết bị này: bị nhân bản, hoặc khôi phục từ bản sao cũ",
        "Không mất lượt nào, kiosk tự ghi tiếp vào sổ mới. Xin tìm xem có hai máy cùng chạy không. Nếu có: trên một máy, gửi hết rồi chạy "
        "sudo hailong-kiosk reset --for-imaging và đăng ký lại bằng mã mới. Xong thì bỏ cảnh báo ở trang của thiết bị.",
    ),
    "id-reused": Finding(
        "Đã gửi nội dung khác dưới một mã đã có",
        "Dòng đến sau đang được cách ly, chưa tính. Xin xem ai đã can thiệp vào máy; nếu không rõ, thay máy. "
        "Xong thì bỏ cảnh báo ở trang của thiết bị.",
    ),
}


def versions() -> Versions:
    """Of all devices in service."""
    known = set(in_service(Device.objects.all()).exclude(version="").order_by().values_list("version", flat=True).distinct())
    oldest = settings.OLDEST_KIOSK
    numbered = {version: numbers for version in known if (numbers := _numbers(version))}
    refused = frozenset(version for version, numbers in numbered.items() if oldest and numbers < oldest)
    return Versions(max(numbered, key=lambda version: numbered[version], default=""), refused)


def silent_since(now: datetime) -> datetime:
    """Who was not heard since then has been silent for a whole working day, the last one before today."""
    day = timezone.localtime(now).date() - timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def needs_attention(now: datetime, known: Versions) -> Q:
    """Devices about which `findings` has advice."""
    tolerated = CLOCK_TOLERANCE // _MILLISECOND
    return (
        ~Q(flag="")
        | Q(last_heard__lt=silent_since(now))
        | Q(last_heard=None, enrolled_at__lt=silent_since(now))
        | Q(waiting__gte=MANY_WAITING)
        | Q(clock_ahead__gt=tolerated)
        | Q(clock_ahead__lt=-tolerated)
        | Q(last_heard__isnull=False, disk_free__lt=LOW_DISK)
        | Q(version__in=known.refused)
        | Q(update_outcome="failed")
    )


def findings(device: Device, now: datetime, known: Versions) -> list[Finding]:
    """What is to be known about a device in service, the gravest first."""
    return [
        *_flag(device),
        *_contact(device, now),
        *_version(device, known),
        *_update(device),
        *_waiting(device),
        *_disk(device),
        *_clock(device),
    ]


def of_flag(flag: str) -> Finding:
    """What a device's flag means."""
    return _FLAGS.get(flag) or Finding(f"Có cảnh báo: {flag}", "Xin xem nhật ký của máy chủ.")


def _flag(device: Device) -> Iterable[Finding]:
    if device.flag:
        yield of_flag(device.flag)


def _contact(device: Device, now: datetime) -> Iterable[Finding]:
    if (device.last_heard or device.enrolled_at) >= silent_since(now):
        return
    if device.last_heard is None:
        yield Finding("Đã đăng ký nhưng chưa gửi gì", "Xin xem kiosk có chạy và có mạng không. Nếu không ai biết máy này, hãy thu hồi nó.")
    else:
        yield Finding(
            "Không liên lạc ít nhất một ngày làm việc",
            "Xin xem kiosk có bật và có mạng không; màn hình kỹ thuật trên máy nói rõ lỗi. Chưa có mạng thì chép ra USB "
            "rồi nhập tại máy chủ (sudo hailong-server import THƯ_MỤC). Lượt đánh giá vẫn còn nguyên trên máy.",
        )


def _version(device: Device, known: Versions) -> Iterable[Finding]:
    if device.version in known.refused:
        yield Finding(
            f"Phiên bản {device.version} quá cũ, máy chủ không nhận", f"Xin cài bản mới{_newest(known)}; lượt đã ghi còn nguyên trên máy."
        )
    elif device.version and _numbers(device.version) and _numbers(device.version) < _numbers(known.newest):
        yield Finding(f"Phiên bản {device.version} cũ hơn máy khác ({known.newest})")


def _update(device: Device) -> Iterable[Finding]:
    if device.update_outcome == "failed":
        yield Finding(
            f"Không chạy được phiên bản {device.update_version}, đã tự quay lại {device.version or 'bản trước'}",
            "Kiosk vẫn nhận đánh giá. Người quản trị xem lý do ở trang Phiên bản kiosk; cài bản mới hơn thì cảnh báo này tự hết.",
        )


def _waiting(device: Device) -> Iterable[Finding]:
    if device.waiting >= MANY_WAITING:
        yield Finding(
            f"Lúc liên lạc gần nhất còn {number(device.waiting)} mục chờ gửi",
            "Thường tự hết sau vài phút có mạng. Nếu số này không giảm, xin xem mạng của máy hoặc chép ra USB.",
        )


def _disk(device: Device) -> Iterable[Finding]:
    if device.last_heard is not None and device.disk_free < LOW_DISK:
        yield Finding(
            f"Ổ đĩa chỉ còn {gigabytes(device.disk_free)}", "Xin xóa tệp không thuộc kiosk trên máy; đĩa đầy thì kiosk ngừng nhận."
        )


def _clock(device: Device) -> Iterable[Finding]:
    if device.clock_ahead is not None and abs(device.clock_ahead) * _MILLISECOND > CLOCK_TOLERANCE:
        yield Finding(
            f"Đồng hồ {clock_words(device.clock_ahead)}",
            "Giờ của lượt đánh giá vẫn đúng khi máy có mạng. Xin bật đồng bộ giờ (NTP) hoặc thay pin đồng hồ.",
        )


def clock_words(ahead: int | None) -> str:
    """How the clock of a device goes. ahead: milliseconds, None where unknown."""
    if ahead is None:
        return "chưa biết"
    span = abs(ahead) // 1000
    if span < 2:
        return "đúng giờ"
    for seconds, name in ((86_400, "ngày"), (3600, "giờ"), (60, "phút"), (1, "giây")):
        if span >= 2 * seconds or seconds == 1:
            return f"{'nhanh' if ahead > 0 else 'chậm'} {number(span // seconds)} {name}"
    return ""


def gigabytes(size: int) -> str:
    """Room on a disk, such as 12,4 GB."""
    return f"{size / GIGABYTE:.1f} GB".replace(".", ",")


def _newest(known: Versions) -> str:
    return f" ({known.newest})" if known.newest and known.newest not in known.refused else ""


def _numbers(version: str) -> tuple[int, ...]:
    """A version as it is compared; empty for one that is no row of numbers."""
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdecimal() for part in parts) else ()
