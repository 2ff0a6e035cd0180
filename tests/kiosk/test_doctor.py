"""What doctor finds on a tablet, by files as the kernel writes them, and by the command."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk import RELEASED
from kiosk.doctor import tablet
from kiosk.findings import Finding, Level, worst
from kiosk.storage.instance import Instance
from kiosk.texts import translator

VI = translator("vi")
TOUCH = """I: Bus=0003 Vendor=222a Product=0001 Version=0110
N: Name="ILITEK ILITEK-TP"
H: Handlers=mouse0 event5
B: PROP=2
B: EV=1b
B: KEY=400 0 0 0 0 0
B: ABS=260800000000003
"""
MOUSE = """I: Bus=0003 Vendor=046d Product=c077 Version=0111
N: Name="Logitech USB Optical Mouse"
H: Handlers=mouse1 event6
B: PROP=0
B: EV=17
B: REL=903
"""
TOUCHPAD = """I: Bus=0018 Vendor=04f3 Product=3140 Version=0100
N: Name="ELAN Touchpad"
H: Handlers=mouse2 event7
B: PROP=5
B: ABS=e73800000000003
"""


def a_system(root: Path, **files: str) -> Path:
    """files: by path, with __ for /."""
    for name, content in files.items():
        file = root / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return root


@pytest.mark.parametrize(
    ("devices", "level", "told"),
    [
        ([MOUSE, TOUCH], Level.OK, "ILITEK ILITEK-TP"),
        ([MOUSE], Level.WARN, "chỉ có chuột"),
        ([TOUCHPAD], Level.WARN, "chỉ có chuột"),
        (['I: Bus=0011\nN: Name="AT keyboard"\nH: Handlers=kbd event0\nB: PROP=0\n'], Level.BAD, "Không thấy màn hình cảm ứng"),
    ],
)
def test_a_touch_screen_is_told_from_what_only_points(tmp_path: Path, devices: list[str], level: Level, told: str) -> None:
    finding = tablet.touch_screen(a_system(tmp_path, proc__bus__input__devices="\n".join(devices)), VI)
    assert finding.level is level
    assert told in finding.said
    assert bool(finding.mend) is (level is not Level.OK)


def test_a_display_is_there_when_one_of_the_sockets_has_one(tmp_path: Path) -> None:
    for name, status in (("card0-eDP-1", "disconnected"), ("card0-HDMI-A-1", "connected")):
        (tmp_path / "sys/class/drm" / name).mkdir(parents=True)
        (tmp_path / "sys/class/drm" / name / "status").write_text(status + "\n")
    (tmp_path / "sys/class/drm/card0-HDMI-A-1/modes").write_text("1920x1080\n1280x720\n")
    assert tablet.display(tmp_path, VI) == Finding("display", Level.OK, "Màn hình", "HDMI-A-1 1920x1080")
    (tmp_path / "sys/class/drm/card0-HDMI-A-1/status").write_text("disconnected\n")
    assert tablet.display(tmp_path, VI).level is Level.BAD


def test_a_missing_loudspeaker_is_no_fault(tmp_path: Path) -> None:
    assert tablet.loudspeaker(tmp_path, VI, silent=False).level is Level.WARN
    assert tablet.loudspeaker(tmp_path, VI, silent=True).level is Level.OK
    cards = " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      HDA Intel PCH at 0xb1228000 irq 141\n"
    assert tablet.loudspeaker(a_system(tmp_path, proc__asound__cards=cards), VI, silent=False).said == "HDA Intel PCH"


Look = Callable[[Path], Finding]


@pytest.mark.parametrize("look", [lambda root: tablet.display(root, VI), lambda root: tablet.touch_screen(root, VI)])
def test_a_system_that_does_not_tell_alarms_nobody(tmp_path: Path, look: Look) -> None:
    assert look(tmp_path).level is Level.OK


@pytest.mark.parametrize("away", [timedelta(days=-1), timedelta(days=4000)])
def test_a_clock_before_the_programs_own_release_or_beyond_its_life_is_told(away: timedelta) -> None:
    assert tablet.clock(RELEASED + timedelta(days=9), VI).level is Level.OK
    assert tablet.clock(RELEASED + away, VI).level is Level.WARN


def test_a_data_folder_that_cannot_be_written_is_told_and_a_good_one_is_left_as_it_was(tmp_path: Path) -> None:
    assert tablet.disk(tmp_path, VI).level is Level.OK
    assert list(tmp_path.iterdir()) == []
    assert tablet.disk(tmp_path / "not" / "yet", VI).level is Level.OK
    (tmp_path / "file").touch()
    assert tablet.disk(tmp_path / "file", VI).level is Level.BAD


# --- sticks ----------------------------------------------------------------------------------------------------------


def a_stick(root: Path, *, mounted: bool, size: int = 60_000_000) -> Path:
    disk = root / "sys/devices/pci0000:00/usb1/1-2/block/sdb"
    part = disk / "sdb1"
    part.mkdir(parents=True)
    for folder, number in ((disk, "8:16"), (part, "8:17")):
        (folder / "dev").write_text(number + "\n")
        (folder / "size").write_text(f"{size}\n")
    (part / "partition").write_text("1\n")
    for names in ("sys/class/block", "sys/dev/block"):
        (root / names).mkdir(parents=True)
    for name, folder in (("sdb", disk), ("sdb1", part)):
        (root / "sys/class/block" / name).symlink_to(folder)
    (root / "sys/dev/block/8:17").symlink_to(part)
    lines = ["1 0 0:1 / / rw - ext4 /dev/sda1 rw", *(["2 1 8:17 / /media/usb rw - vfat /dev/sdb1 rw"] if mounted else [])]
    return a_system(root, proc__self__mountinfo="\n".join(lines) + "\n")


def test_a_stick_that_the_system_did_not_mount_is_told_by_its_name(tmp_path: Path) -> None:
    finding = tablet.sticks(a_stick(tmp_path, mounted=False), VI)
    assert finding.level is Level.WARN
    assert "sdb1" in finding.said


def test_a_mounted_stick_is_told_with_its_place_and_an_empty_reader_is_none(tmp_path: Path) -> None:
    assert tablet.sticks(a_stick(tmp_path / "one", mounted=True), VI).said == "/media/usb"
    assert tablet.sticks(a_stick(tmp_path / "other", mounted=False, size=0), VI).level is Level.OK


# --- the command -----------------------------------------------------------------------------------------------------


def doctor(file: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--config", str(file), "doctor", *words], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout


def test_the_command_tells_each_thing_in_a_line_and_ends_with_a_code_where_something_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'server = "http://127.0.0.1:9"\ndata = "{tmp_path / "data"}"\n')
    code, said = doctor(file)
    assert code == 7
    assert "hỏng   Nơi đặt: Máy này chưa thuộc quầy nào." in said
    assert "hỏng   Đường mạng: " in said
    code, told = doctor(file, "--json")
    findings = {one["check"]: one for one in json.loads(told)}
    assert code == 7
    assert list(findings) == ["display", "touch", "sound", "sticks", "disk", "settings", "place", "reach", "clock"]
    assert findings["disk"]["level"] == "ok"
    assert not (tmp_path / "data").exists()


def test_settings_that_cannot_be_used_are_told_key_by_key(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('server = "hailong"\nvolume = 200\n')
    code, said = doctor(file)
    assert code == 7
    assert "server ('hailong')" in said
    assert "volume (200)" in said


def test_the_gravest_finding_decides() -> None:
    well, mind, broken = (Finding("x", level, "", "") for level in Level)
    assert [worst([]), worst([well]), worst([well, mind]), worst([mind, broken, well])] == [Level.OK, Level.OK, Level.WARN, Level.BAD]
    assert datetime.now(UTC) < RELEASED + timedelta(days=3653)


def test_a_running_kiosk_is_seen_without_disturbing_it(tmp_path: Path) -> None:
    from kiosk.doctor.diagnosing import _running

    assert [finding.level for finding in _running(tmp_path, VI)] == [Level.WARN]
    instance = Instance(tmp_path)
    assert [finding.level for finding in _running(tmp_path, VI)] == [Level.OK]
    instance.release()
    assert [finding.level for finding in _running(tmp_path, VI)] == [Level.WARN]
