"""Whether kiosks are heard, and what waits for a person's decision."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from server.condition.findings import Finding, Level, bad, ok, warn
from server.devices.health import silent_since
from server.devices.models import Device, in_service
from server.intake.models import Quarantine


def kiosks(now: datetime) -> Iterator[Finding]:
    """Of all units."""
    serving = in_service(Device.objects.all())
    count, since = serving.count(), silent_since(now)
    silent = serving.filter(Q(last_heard__lt=since) | Q(last_heard=None, enrolled_at__lt=since)).count()
    page = "Trang Thiết bị nói rõ máy nào, ở đâu, và nên làm gì."
    if not count:
        yield ok("kiosks", "Chưa có kiosk nào đăng ký.")
    elif silent:
        level = Level.BAD if silent == count else Level.WARN
        yield Finding("kiosks", level, f"{silent} trong {count} kiosk không liên lạc ít nhất một ngày làm việc.", page)
    else:
        yield ok("kiosks", f"{count} kiosk, máy nào cũng có liên lạc.")
    if flagged := serving.exclude(flag="").count():
        yield bad("flagged", f"{flagged} kiosk bị đánh dấu: có thể ổ đĩa bị nhân bản hoặc bị can thiệp.", page)
    if waiting := Quarantine.objects.count():
        yield warn("quarantine", f"{waiting} dòng đang cách ly, chưa được tính.", "Xin xem trang Thiết bị, mục Cách ly.")
