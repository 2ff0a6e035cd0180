"""What Debian is told of the packages: what they need, what they can use, and as whom they run."""

import re
import subprocess
from pathlib import Path

import pytest

from kiosk.setup import zbar
from tools.package import deb, kiosk, server

NEEDED_ON_THE_DISK = "libc6 (>= 2.36)"
NEEDED_BY_THE_SESSION = {"/usr/bin/cage": "cage", "seatd.service": "seatd", "chvt": "kbd"}
GROUPS = {  # of Debian, by what belongs to each
    "video": "seatd's socket, and with it the display",
    "render": "/dev/dri/renderD128",
    "input": "/dev/input/event0",
    "audio": "/dev/snd/pcmC0D0p",
}


def made(packaging: Path, folder: Path) -> Path:
    """The package without the program itself."""
    deb.lay(packaging / "root", folder / "disk")
    return deb.build(folder / "disk", packaging / "control", folder / "out", {"version": "1.2.3", "libraries": NEEDED_ON_THE_DISK}, 0)


def told(package: Path, field: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", package, field], check=True, capture_output=True, text=True).stdout.strip()


def names(relation: str) -> set[str]:
    """The packages in a field such as Depends."""
    return {part.split("(")[0].strip() for part in re.split(r"[,|]", relation)}


@pytest.mark.parametrize("packaging", [kiosk.PACKAGING, server.PACKAGING], ids=lambda path: path.name)
def test_the_template_is_filled_whole_and_dpkg_reads_it(packaging: Path, tmp_path: Path) -> None:
    package = made(packaging, tmp_path)
    assert package.name == f"{told(package, 'Package')}_1.2.3_{deb.ARCHITECTURE}.deb"
    assert NEEDED_ON_THE_DISK in told(package, "Depends")
    assert not re.search("[{}]", (tmp_path / "disk/DEBIAN/control").read_text("utf-8"))


def test_the_library_for_qr_codes_is_suggested_and_not_needed(tmp_path: Path) -> None:
    package = made(kiosk.PACKAGING, tmp_path)
    loaded = zbar._FILES["linux"]
    assert (loaded, told(package, "Suggests")) == ("libzbar.so.0", "libzbar0")
    assert "libzbar0" not in names(told(package, "Depends"))


def test_what_the_session_starts_comes_with_it(tmp_path: Path) -> None:
    package = made(kiosk.PACKAGING, tmp_path)
    scripts = "\n".join(path.read_text("utf-8") for path in (tmp_path / "disk/usr/lib").rglob("*") if path.name in ("start", "prepare"))
    unit = (tmp_path / "disk/usr/lib/systemd/system/hailong-kiosk.service").read_text("utf-8")
    assert [called for called in NEEDED_BY_THE_SESSION if called not in f"{scripts}\n{unit}"] == []
    assert {*NEEDED_BY_THE_SESSION.values()} <= names(told(package, "Depends"))


def test_the_kiosks_user_may_use_display_touch_and_loudspeaker_and_nothing_more(tmp_path: Path) -> None:
    made(kiosk.PACKAGING, tmp_path)
    (tmp_path / "system/etc").mkdir(parents=True)
    lines = tmp_path / "disk/usr/lib/sysusers.d/hailong-kiosk.conf"
    subprocess.run(["systemd-sysusers", f"--root={tmp_path / 'system'}", lines], check=True, capture_output=True)
    groups = [line.split(":") for line in (tmp_path / "system/etc/group").read_text().splitlines()]
    assert {name for name, _, _, members in groups if members == "hailong-kiosk"} == set(GROUPS)
    [user] = [line.split(":") for line in (tmp_path / "system/etc/passwd").read_text().splitlines() if line.startswith("hailong-kiosk:")]
    assert user[5:] == ["/var/lib/hailong-kiosk", "/usr/sbin/nologin"]


def test_the_server_needs_the_python_that_its_environment_was_made_for(tmp_path: Path) -> None:
    series = [relation.strip() for relation in told(made(server.PACKAGING, tmp_path), "Depends").split(",") if "python3" in relation]
    major, minor = map(int, server.SERIES.split("."))
    assert series == [f"python3 (>= {major}.{minor})", f"python3 (<< {major}.{minor + 1})"]
