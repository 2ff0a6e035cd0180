"""What a technician sets at the kiosk: a real window, touched by a real pointer, and what is in kiosk.toml afterwards."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.calibration import CROSSES
from kiosk.settings import read_settings
from sync.pins import hash_pin
from sync.wire import KioskConfig, Place
from tests.endtoend.conftest import SEALING
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import INK_COLOUR
from tests.stage.watched import WatchedKiosk

pytestmark = pytest.mark.endtoend

PIN = "8255"
RESTART_EXIT = 75
WHITE = (255, 255, 255)
BELOW_WORDS = 35  # pixels, inside the button
DARK = 100


@pytest.fixture
def kiosk(display: VirtualDisplay, tmp_path: Path) -> Iterator[WatchedKiosk]:
    """A technician has opened its screen."""
    unit, counter = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 3")
    config = KioskConfig(unit=unit, counter=counter, officers=[], on_duty=None, technician=hash_pin(PIN))
    one = WatchedKiosk(tmp_path / "kiosk", display, config, SEALING.public_key.encode().hex())
    with one:
        display.press(60, 60)
        one.spot("5")
        display.release(60, 60)
        for digit in PIN:
            tap(one, digit)
        tap(one, "Xong")
        tap(one, "Cài đặt máy")
        yield one


def tap(kiosk: WatchedKiosk, name: str) -> None:
    kiosk.display.tap(*kiosk.spot(name))
    kiosk.display.wait_until_still()


def is_filled(kiosk: WatchedKiosk, name: str) -> bool:
    """Whether that is the dark button, which a hurried finger takes."""
    x, y = kiosk.spot(name)
    return max(kiosk.display.pixel(x, y + BELOW_WORDS)) < DARK


def test_the_volume_is_kept_by_each_touch(kiosk: WatchedKiosk) -> None:
    for volume in (50, 40):
        tap(kiosk, "Nhỏ hơn")
        wait_until(lambda: read_settings(kiosk.settings).volume == volume, "it is kept", 60)  # noqa: B023 within the turn
    tap(kiosk, "To hơn")
    wait_until(lambda: read_settings(kiosk.settings).volume == 50, "it is kept", 60)


def test_a_new_address_is_looked_at_kept_and_holds_after_the_restart_that_follows(kiosk: WatchedKiosk) -> None:
    before = read_settings(kiosk.settings).server
    tap(kiosk, "Địa chỉ mạng")
    tap(kiosk, "Máy chủ (chạm để sửa)")
    for _ in range(2):
        tap(kiosk, "backspace")
    for key in "99":
        tap(kiosk, key)
    tap(kiosk, "Tiếp tục")
    assert read_settings(kiosk.settings).server == before, "nothing is kept yet"
    tap(kiosk, "Thử kết nối")
    urged = [name for name in ("Thử lại", "Lưu và khởi động lại") if is_filled(kiosk, name)]
    assert urged == ["Thử lại"], "what failed is not to be kept in haste"
    tap(kiosk, "Lưu và khởi động lại")
    wait_until(lambda: not kiosk.runs, "the kiosk ends", 60)
    assert kiosk.stop() == RESTART_EXIT
    assert read_settings(kiosk.settings).server == before[:-2] + "99"


def test_who_changes_nothing_is_offered_nothing_to_keep(kiosk: WatchedKiosk) -> None:
    tap(kiosk, "Địa chỉ mạng")
    tap(kiosk, "Thử kết nối")
    kiosk.spot("Thử lại")
    kiosk.listen()
    assert "Lưu và khởi động lại" not in kiosk.spots
    tap(kiosk, "Trở về")
    tap(kiosk, "Trở về")
    tap(kiosk, "Trở về")
    kiosk.spot("Đồng bộ ngay")
    assert kiosk.runs


def test_the_log_says_that_there_is_no_stick(kiosk: WatchedKiosk, tmp_path: Path) -> None:
    tap(kiosk, "Trở về")
    tap(kiosk, "Nhật ký")
    tap(kiosk, "Chép nhật ký ra USB")
    kiosk.spot("Đồng bộ ngay")
    assert not [file for file in tmp_path.rglob("*.zip") if zipfile.is_zipfile(file)]
    assert (kiosk.data / "logs" / "kiosk.log").stat().st_size > 0


@pytest.mark.parametrize(("mirrored", "seconds"), [(True, 6), (False, 20)])
def test_the_touch_test_goes_on_to_its_squares_only_where_the_crosses_were_hit(kiosk: WatchedKiosk, mirrored: bool, seconds: float) -> None:
    tap(kiosk, "Thử màn hình cảm ứng")
    display = kiosk.display
    kiosk.listen()
    for x, y in CROSSES:
        display.tap(round((1 - x if mirrored else x) * display.width), round(y * display.height))
    display.wait_until_still()
    if not mirrored:
        assert display.pixel(40, 40) == WHITE, "a square that was not touched yet"
    wait_until(lambda: display.pixel(100, 712) == INK_COLOUR, "the result is shown", seconds)
    log = (kiosk.data / "logs" / "kiosk.log").read_text()
    assert ('LIBINPUT_CALIBRATION_MATRIX}="-1 0 1 0 1 0"' in log) is mirrored
