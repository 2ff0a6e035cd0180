"""Which sticks are found, by what Linux 6 writes of them."""

from pathlib import Path

import pytest

from kiosk.sticks import mounted_sticks

MOUNTS = r"""
23 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
24 23 0:22 / /proc rw - proc proc rw
25 23 8:17 / /media/pi/USB\040DISK\040Hài\040Lòng rw,nosuid shared:2 - vfat /dev/sdb1 rw
26 23 8:17 / /mnt/again rw - vfat /dev/sdb1 rw
27 23 8:33 / /media/pi/READ ro - vfat /dev/sdc1 ro
28 23 179:33 / /media/card rw - vfat /dev/mmcblk1p1 rw
29 23 8:1 / /data rw - ext4 /dev/sda1 rw
30 23 179:1 / /boot rw - vfat /dev/mmcblk0p1 rw
"""
DEVICES = {
    "179:1": "devices/platform/mmc0/block/mmcblk0/mmcblk0p1",
    "179:2": "devices/platform/mmc0/block/mmcblk0/mmcblk0p2",
    "8:17": "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host2/block/sdb/sdb1",
    "8:33": "devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/host3/block/sdc/sdc1",
    "179:33": "devices/platform/mmc1/block/mmcblk1/mmcblk1p1",
    "8:1": "devices/pci0000:00/ata1/host0/block/sda/sda1",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree as of /proc and /sys: a system on a removable card, a disk, two sticks (one read-only), and a card reader."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text(MOUNTS.lstrip(), "utf-8")
    (tmp_path / "sys/dev/block").mkdir(parents=True)
    for number, device in DEVICES.items():
        folder = tmp_path / "sys" / device
        folder.mkdir(parents=True)
        (folder.parent / "removable").write_text("1\n" if "mmcblk" in device else "0\n")
        (tmp_path / "sys/dev/block" / number).symlink_to(folder)
    return tmp_path


def test_writable_usb_disks_and_removable_ones_are_sticks_each_once_and_the_systems_own_disks_are_none(root: Path) -> None:
    assert mounted_sticks(root) == [Path("/media/card"), Path("/media/pi/USB DISK Hài Lòng")]


def test_what_is_only_read_from_may_be_write_protected(root: Path) -> None:
    assert Path("/media/pi/READ") in mounted_sticks(root, writable=False)


def test_where_the_system_does_not_tell_there_are_none(tmp_path: Path) -> None:
    assert mounted_sticks(tmp_path) == []


def test_this_very_machine_can_be_asked() -> None:
    assert all(stick.is_dir() for stick in mounted_sticks())
