"""What is to be done on a server that is new, in the order in which one thing needs the other: shown until the first kiosk has enrolled."""

from dataclasses import dataclass

from django.urls import reverse

from server.devices.models import Device
from server.places.models import Counter, Membership, Unit
from server.places.scope import Right, Somebody, units_for
from server.screens.models import Screens


@dataclass(frozen=True)
class Step:
    """address: of the page where it is done; empty while nothing can be done there yet."""

    label: str
    about: str
    address: str
    done: bool


def steps(user: Somebody) -> list[Step]:
    """For who arranges units; nothing once a kiosk has enrolled in one of them."""
    units = units_for(user, Right.ARRANGE)
    if Device.objects.filter(unit__in=units).exists():
        return []
    communes = units.filter(kind=Unit.Kind.COMMUNE).exists()
    return [
        Step(
            "Thêm đơn vị",
            "Tỉnh trước, rồi các xã thuộc tỉnh. Nhiều thì làm trong Excel: Nhập, xuất danh mục.",
            reverse("admin:places_unit_add"),
            communes,
        ),
        Step(
            "Thêm quầy và cán bộ",
            "Mở đơn vị vừa thêm, bấm Thêm quầy, Thêm cán bộ; hoặc làm trong cùng tệp Excel.",
            reverse("admin:places_unit_changelist"),
            Counter.objects.filter(unit__in=units).exists(),
        ),
        Step(
            "Đặt mã PIN của kỹ thuật viên",
            "Chọn tỉnh ở ô Đơn vị là đủ cho mọi xã. Đặt trước khi lấy tệp cài sẵn: mã đi theo tệp.",
            reverse("admin:screens_screens_add"),
            Screens.objects.exclude(technician="").filter(unit__in=units).exists(),
        ),
        Step(
            "Thêm tài khoản",
            "Cho lãnh đạo, văn phòng và kỹ thuật viên của từng đơn vị.",
            reverse("admin:auth_user_add"),
            Membership.objects.filter(unit__in=units).exclude(user__in=[user]).exists(),
        ),
        Step(
            "Lấy tệp cài sẵn hoặc mã đăng ký cho từng kiosk",
            "Chọn đơn vị, rồi Tệp cài sẵn cho cả đơn vị. Dùng được trong 14 ngày.",
            reverse("devices") if communes else "",
            False,
        ),
    ]
