"""What the system says of the tablet itself: display, touch screen, loudspeaker, disk, clock, USB sticks. Each takes the root of /proc and
/sys; where the system does not tell, that is said, and nobody is alarmed.
"""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kiosk import RELEASED
from kiosk.condition import GIGABYTE, MEGABYTE, in_bytes
from kiosk.connection.words import SET_CLOCK
from kiosk.findings import Finding, Level
from kiosk.hours import LOCAL
from kiosk.os_errors import not_usable
from kiosk.sticks import mounted_sticks, unmounted_sticks
from kiosk.texts import Translate
from sync.files import write_whole
from sync.trust import BELIEVABLE

LITTLE, TOO_LITTLE = GIGABYTE, 100 * MEGABYTE  # a year of votes is some 100 MB, see docs/performance.md
ABS_X, ABS_MT_POSITION_X, INPUT_PROP_DIRECT = 0x00, 0x35, 1  # input-event-codes.h
WORD = 64  # bits in each number of a bitmap of /proc/bus/input/devices


def display(root: Path, translate: Translate) -> Finding:
    """Whether a display is connected, as the graphics driver says."""
    about = translate("Màn hình")
    connectors = [file.parent for file in sorted((root / "sys/class/drm").glob("card*-*/status"))]
    if not connectors:
        return Finding("display", Level.OK, about, translate("Hệ thống không cho biết."))
    if connected := [place for place in connectors if _read(place / "status") == "connected"]:
        return Finding("display", Level.OK, about, ", ".join(map(_named, connected)))
    mend = translate("Xin kiểm tra dây và nguồn của màn hình, rồi khởi động lại máy.")
    return Finding("display", Level.BAD, about, translate("Không có màn hình nào được nối."), mend)


def _named(connector: Path) -> str:
    """Such as HDMI-A-1 1920x1080: of its modes the first is its own."""
    modes = _read(connector / "modes").split()
    return " ".join([connector.name.partition("-")[2], *modes[:1]])


class Input(NamedTuple):
    """A device with which people give something in. touches: whether what is touched is what is seen. points: whether it is a mouse."""

    name: str
    touches: bool
    points: bool


def touch_screen(root: Path, translate: Translate) -> Finding:
    """Whether there is a touch screen, as the kernel says."""
    about = translate("Cảm ứng")
    told = _read(root / "proc/bus/input/devices")
    if not told:
        return Finding("touch", Level.OK, about, translate("Hệ thống không cho biết."))
    devices = list(_devices(told))
    if screens := [device.name for device in devices if device.touches]:
        return Finding("touch", Level.OK, about, ", ".join(screens))
    mend = translate("Xin kiểm tra dây USB của màn hình cảm ứng, rồi khởi động lại máy.")
    if any(device.points for device in devices):
        return Finding("touch", Level.WARN, about, translate("Không thấy màn hình cảm ứng, chỉ có chuột."), mend)
    return Finding("touch", Level.BAD, about, translate("Không thấy màn hình cảm ứng."), mend)


def loudspeaker(root: Path, translate: Translate, *, silent: bool) -> Finding:
    """Whether sounds can be heard. silent: whether they are not to be."""
    about = translate("Loa")
    if silent:
        return Finding("sound", Level.OK, about, translate("Âm lượng đặt là 0."))
    cards = re.findall(r"^\s*\d+ \[.*?\]: .*? - (.+)$", _read(root / "proc/asound/cards"), re.MULTILINE)
    if cards:
        return Finding("sound", Level.OK, about, ", ".join(cards))
    mend = translate("Kiosk vẫn dùng được, chỉ không có tiếng. Nếu cần, xin kiểm tra loa và trình điều khiển âm thanh.")
    return Finding("sound", Level.WARN, about, translate("Không thấy loa nào."), mend)


def disk(data: Path, translate: Translate) -> Finding:
    """Whether the data folder can be written to, and how much room there is."""
    about = translate("Ổ đĩa")
    try:
        usage = shutil.disk_usage(_nearest(data))
        if data.exists():
            _write_something(data)
        elif not os.access(_nearest(data), os.W_OK):
            raise PermissionError(1, "")
    except OSError as error:
        return Finding("disk", Level.BAD, about, not_usable(data, error, translate))
    said = translate("còn {free} trên {total}").format(free=in_bytes(usage.free), total=in_bytes(usage.total))
    if usage.free >= LITTLE:
        return Finding("disk", Level.OK, about, said)
    mend = translate("Xin xóa bớt tệp không thuộc về kiosk. Đừng xóa gì trong {data}.").format(data=data)
    return Finding("disk", Level.WARN if usage.free >= TOO_LITTLE else Level.BAD, about, said, mend)


def clock(now: datetime, translate: Translate) -> Finding:
    """Whether the clock can be right: a program is not older than itself."""
    about, said = translate("Đồng hồ"), f"{now.astimezone(LOCAL):%H:%M %d/%m/%Y}"
    if RELEASED <= now < RELEASED + BELIEVABLE:
        return Finding("clock", Level.OK, about, said)
    return Finding("clock", Level.WARN, about, translate("Ngày giờ không thể đúng: {time}.").format(time=said), translate(SET_CLOCK))


def sticks(root: Path, translate: Translate) -> Finding:
    """Which USB sticks there are, and whether they can be used."""
    mounted, unmounted = mounted_sticks(root), unmounted_sticks(root)
    if unmounted:
        said = translate("USB đã cắm nhưng chưa dùng được: {names}.").format(names=", ".join(unmounted))
        mend = translate("Xin rút ra cắm lại; nếu vẫn vậy, xin định dạng USB là FAT32 hoặc exFAT.")
        return Finding("sticks", Level.WARN, "USB", said, mend)
    return Finding("sticks", Level.OK, "USB", ", ".join(map(str, mounted)) or translate("Không cắm USB nào."))


def _devices(told: str) -> Iterator[Input]:
    for block in told.split("\n\n"):
        fields = dict(re.findall(r"^[NHB]: (\w+)=(.*)$", block, re.MULTILINE))
        direct = _has(fields.get("PROP", ""), INPUT_PROP_DIRECT)
        absolute = fields.get("ABS", "")
        touches = direct and (_has(absolute, ABS_MT_POSITION_X) or _has(absolute, ABS_X))
        yield Input(fields.get("Name", "").strip('"'), touches, "mouse" in fields.get("Handlers", "") and not touches)


def _has(bitmap: str, bit: int) -> bool:
    """A bitmap is written as hexadecimal numbers of 64 bits, the highest first."""
    words = bitmap.split()[::-1]
    return bit // WORD < len(words) and bool(int(words[bit // WORD], 16) >> bit % WORD & 1)


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _write_something(folder: Path) -> None:
    probe = folder / "doctor"
    write_whole(probe, b"can this be written?")
    probe.unlink()


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
