"""Revoking a device, putting another in its place without loss, and the page that says all about one."""

import pytest
from django.test import Client
from django.utils import timezone
from nacl.signing import SigningKey

from server.devices.models import Device
from server.devices.rotation import replace_key
from server.places.models import Counter
from server.record.models import Line
from sync import entries, wire
from tests.server.device_pages import commune, text
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody


@pytest.fixture
def technician(kiosk: Kiosk) -> Client:
    return somebody(Role.TECHNICIAN, kiosk.unit)


def record() -> list[tuple[str, str]]:
    return list(Line.objects.order_by("at", "id").values_list("subject", "detail"))


def retired(technician: Client, kiosk: Kiosk, state: str) -> str:
    """What the guided page says when the old tablet is to be revoked."""
    return text(technician.post(f"/thiet-bi/may/{kiosk.device}/thay/", {"state": state}, follow=True).content.decode())


def in_service(kiosk: Kiosk) -> bool:
    return Device.objects.get(pk=kiosk.device).revoked_at is None


def test_revoking_is_explained_first_and_then_done_and_noted(technician: Client, kiosk: Kiosk) -> None:
    kiosk.open().votes(4).send(1, 2)
    page = text(technician.get(f"/thiet-bi/may/{kiosk.device}/thu-hoi/").content.decode())
    assert "Còn 3 mục máy chủ chưa có." in page
    assert in_service(kiosk)
    technician.post(f"/thiet-bi/may/{kiosk.device}/thu-hoi/")
    assert kiosk.send(3).problem.code == "revoked"
    assert record() == [(kiosk.device, "thu hồi thiết bị")]


def test_revoking_twice_is_one_revocation(technician: Client, kiosk: Kiosk) -> None:
    for _ in range(2):
        assert technician.post(f"/thiet-bi/may/{kiosk.device}/thu-hoi/").status_code == 302
    assert len(record()) == 1


def test_a_warning_that_was_looked_into_is_cleared_and_noted(technician: Client, kiosk: Kiosk) -> None:
    Device.objects.filter(pk=kiosk.device).update(flag="forked")
    for _ in range(2):
        technician.post(f"/thiet-bi/may/{kiosk.device}/bo-canh-bao/")
    assert Device.objects.get().flag == ""
    assert record() == [(kiosk.device, "bỏ cảnh báo forked")]


def test_the_old_tablet_is_revoked_when_all_of_it_is_here(technician: Client, kiosk: Kiosk) -> None:
    kiosk.open().votes(4).send()
    assert "Đã thu hồi thiết bị." in retired(technician, kiosk, "da-gui-het")
    assert record() == [(kiosk.device, "thay thiết bị; đã gửi hết")]


def test_who_says_that_all_was_sent_is_told_what_the_server_still_misses(technician: Client, kiosk: Kiosk) -> None:
    kiosk.open().votes(4).send(1, 2)
    assert "Máy chủ vẫn thiếu ít nhất 3 mục." in retired(technician, kiosk, "da-gui-het")
    assert in_service(kiosk)
    kiosk.send(3)
    retired(technician, kiosk, "da-gui-het")
    assert not in_service(kiosk)


def test_a_tablet_that_is_lost_is_revoked_and_what_is_missing_is_noted(technician: Client, kiosk: Kiosk) -> None:
    kiosk.open().votes(4).send(1, 2)
    retired(technician, kiosk, "khong-lay-duoc")
    assert not in_service(kiosk)
    assert record() == [(kiosk.device, "thay thiết bị; không lấy được dữ liệu, thiếu ít nhất 3 mục")]


@pytest.mark.parametrize("state", ["", "khac"])
def test_nothing_is_revoked_until_one_of_both_is_said(technician: Client, kiosk: Kiosk, state: str) -> None:
    assert "Xin chọn một trong hai câu." in retired(technician, kiosk, state)
    assert in_service(kiosk)


def test_the_guide_knows_that_the_new_tablet_is_there(technician: Client, kiosk: Kiosk) -> None:
    page = technician.get(f"/thiet-bi/may/{kiosk.device}/thay/").content.decode()
    assert "Tạo mã cho máy mới" in page
    new = Device.objects.create(unit=kiosk.unit, counter=kiosk.counter, public_key="0" * 64, enrolled_at=timezone.now())
    page = technician.get(f"/thiet-bi/may/{kiosk.device}/thay/").content.decode()
    assert f"Đã có máy mới {new.pk}" in text(page)


def test_the_page_of_a_device_tells_its_ledgers_forks_places_keys_and_what_is_quarantined(technician: Client, kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-NOBODY").votes(2).send()
    parent = entries.Parent(kiosk.ledger, 3, kiosk.digest(3))
    branch = Kiosk(kiosk.key, kiosk.device, kiosk.unit, kiosk.counter, kiosk.officers, "l-branch")
    branch.open(parent=parent, reason="forked").send(ledgers=[wire.Held(kiosk.ledger, 1, 3, 3), wire.Held("l-branch", 0, 1, 0)])
    known = Device.objects.get(pk=kiosk.device)
    replace_key(known, SigningKey.generate().verify_key.encode().hex(), timezone.now(), accepted_until=timezone.now())
    known.counter = Counter.objects.create(unit=kiosk.unit, name="Quầy 9")
    known.save()
    page = text(technician.get(f"/thiet-bi/may/{kiosk.device}/").content.decode())
    for words in (
        "Hai ổ đĩa cùng mang tên thiết bị này",
        f"từ mục 3 của {kiosk.ledger}",
        "2 – 3",
        "Quầy 9, Phường Thái Hòa",
        "Quầy 1, Phường Thái Hòa",
        f"{kiosk.public_key[:16]}…",
        "Cán bộ không có trong đơn vị: 1 chờ quyết định",
    ):
        assert words in page


def test_the_page_of_a_device_that_never_spoke_says_so(technician: Client, kiosk: Kiosk) -> None:
    page = text(technician.get(f"/thiet-bi/may/{kiosk.device}/").content.decode())
    assert "Máy chưa gửi sổ nào." in page
    assert "Liên lạc gần nhất chưa có" in page


def test_a_leader_sees_a_device_and_can_do_nothing_to_it(kiosk: Kiosk) -> None:
    page = somebody(Role.LEADER, kiosk.unit).get(f"/thiet-bi/may/{kiosk.device}/").content.decode()
    assert "/thu-hoi/" not in page
    assert "<form" not in page.partition("<main>")[2]


def test_a_ledger_of_another_device_counts_as_missing(technician: Client, kiosk: Kiosk) -> None:
    other = Device.objects.create(unit=commune(), counter=kiosk.counter, public_key="0" * 64, enrolled_at=timezone.now())
    kiosk.open().votes(2).send()
    held = Device.objects.get(pk=kiosk.device).held
    Device.objects.filter(pk=other.pk).update(held=held)
    page = somebody(Role.TECHNICIAN, other.unit).get(f"/thiet-bi/may/{other.pk}/").content.decode()
    assert 'data-missing="3"' in page
