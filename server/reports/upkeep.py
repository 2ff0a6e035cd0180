"""Chapter IV of a report: whether its data can be relied on."""

from datetime import datetime, timedelta

from django.db.models import Q

from server.devices.health import silent_since
from server.devices.models import Device, in_service
from server.flags.models import Flag
from server.intake.models import PublishedDay
from server.intake.publish import published
from server.places.models import Unit
from server.reports.content import Block, Chapter
from server.reports.loop import inside, measured
from server.results import queries
from server.results.cells import Measure
from server.results.period import Kind, Period

_DAY = timedelta(days=1)
_SATURDAY = 5


def upkeep(unit: Unit, period: Period, now: datetime) -> Chapter:
    """Chapter IV; what it says of devices is of the hour at which the report is made."""
    units = inside(unit)
    devices = in_service(Device.objects.filter(unit__in=units))
    since = silent_since(now)
    silent = devices.filter(Q(last_heard__lt=since) | Q(last_heard=None, enrolled_at__lt=since))
    flags = Flag.objects.filter(unit_id__in=units.values("id"), day__range=(period.first, period.last), gone=False, verdict="")
    told = {
        "devices": ("Kiosk đang dùng, lúc lập báo cáo", Measure(devices.count(), "kiosk")),
        "silent": ("Trong đó không liên lạc được từ một ngày làm việc trở lên", Measure(silent.count(), "kiosk")),
        **_without_votes(unit, period, now),
        "flags": ("Điều cần chú ý trong kỳ chưa xem xét", Measure(flags.count(), "điều")),
    }
    table = measured("du-lieu", "Tình trạng thiết bị và dữ liệu", told)
    says = [_seal(unit, period)] if period.kind is Kind.DAY else []
    return Chapter("du-lieu", "Thiết bị và dữ liệu", [Block("Dữ liệu", table, lasting=False)], says)


def _without_votes(unit: Unit, period: Period, now: datetime) -> dict[str, tuple[str, Measure]]:
    if queries.is_area(unit):
        silent = sum(not row.count.n for row in queries.by_unit(unit, period))
        return {"nowhere": ("Đơn vị trực thuộc không có lượt đánh giá nào trong kỳ", Measure(silent, "đơn vị"))}
    if period.kind is Kind.DAY:
        return {}
    voted = {day for day, count in queries.by_day(unit, period).items() if count.n}
    last = min(period.last, queries.local(unit, now).date() - _DAY)
    days = [period.first + ahead * _DAY for ahead in range((last - period.first).days + 1)]
    without = sum(day.weekday() < _SATURDAY and day not in voted for day in days)
    return {"days": ("Ngày từ thứ Hai đến thứ Sáu không có lượt đánh giá nào, kể cả ngày nghỉ lễ", Measure(without, "ngày"))}


def _seal(unit: Unit, period: Period) -> str:
    """The day's hash over the heads of the ledgers, as everybody can look it up."""
    day = period.first
    if queries.is_area(unit):
        digest = next((one.digest for one in published([day])), "")
        whose = "của toàn hệ thống"
    else:
        digest = PublishedDay.objects.filter(unit_id=unit.pk, day=day).values_list("digest", flat=True).first() or ""
        whose = "của đơn vị"
    if not digest:
        return f"Niêm phong dữ liệu {whose} ngày {day:%d/%m/%Y}: chưa công bố lúc lập báo cáo, hoặc trong ngày không có dữ liệu mới."
    return f"Niêm phong dữ liệu {whose} ngày {day:%d/%m/%Y} (SHA-256): {digest}"
