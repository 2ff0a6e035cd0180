"""What is released: signed sums that hold or do not, and packages that are the same or not."""

import base64
import re
import subprocess
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tools.package import deb, kiosk, server
from tools.package.bundle import require_known
from tools.package.comparing import differences
from tools.package.signing import NotGenuine, release_key, sign, verify

KEY = SigningKey(bytes([3] * 32))
PUBLISHER = KEY.verify_key.encode()
CONTROL = """Package: trial
Version: {version}
Architecture: amd64
Maintainer: Nobody <nobody@example>
Installed-Size: {size}
Description: a trial
"""


def made(folder: Path, *, version: str = "1.0", moment: int = 1_700_000_000, text: str = "one") -> Path:
    """A small package, built in a folder."""
    source, control = folder / "source", folder / "control"
    (source / "usr/bin").mkdir(parents=True)
    (source / "etc").mkdir()
    control.mkdir()
    (source / "usr/bin/trial").write_text(f"#!/bin/sh\necho {text}\n")
    (source / "usr/bin/trial").chmod(0o700)
    (source / "etc/trial.conf").write_text("setting\n")
    (control / "control").write_text(CONTROL)
    deb.lay(source, folder / "disk")
    return deb.build(folder / "disk", control, folder / "out", {"version": version}, moment)


def test_two_builds_of_the_same_are_the_same_bytes(tmp_path: Path) -> None:
    assert differences(made(tmp_path / "one"), made(tmp_path / "other")) == []


def test_what_differs_in_two_packages_is_named(tmp_path: Path) -> None:
    lines = differences(made(tmp_path / "one"), made(tmp_path / "other", text="two", version="1.1"))
    assert [line.split(" ")[:2] for line in lines] == [["DEBIAN/control:", "content"], ["usr/bin/trial:", "content"]]


def test_a_package_belongs_to_root_and_what_can_be_run_can_be_run_by_everybody(tmp_path: Path) -> None:
    package = made(tmp_path)
    differ = differences(package, made(tmp_path / "other", moment=1_700_000_001))
    assert all(": time " in line for line in differ)
    assert (tmp_path / "disk/usr/bin/trial").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "disk/DEBIAN/conffiles").read_text() == "/etc/trial.conf\n"


def test_packages_that_the_publisher_signed_are_genuine(tmp_path: Path) -> None:
    package = made(tmp_path)
    assert sign(package.parent, KEY) == verify(package.parent, PUBLISHER) == [package.name]


def test_a_package_that_was_changed_is_not_genuine(tmp_path: Path) -> None:
    package = made(tmp_path)
    sign(package.parent, KEY)
    package.write_bytes(package.read_bytes() + b"\n")
    with pytest.raises(NotGenuine, match=package.name):
        verify(package.parent, PUBLISHER)


def test_sums_that_another_signed_are_not_genuine(tmp_path: Path) -> None:
    package = made(tmp_path)
    sign(package.parent, SigningKey(bytes([4] * 32)))
    with pytest.raises(NotGenuine, match="SHA256SUMS"):
        verify(package.parent, PUBLISHER)


def test_sums_that_name_a_file_elsewhere_are_not_genuine(tmp_path: Path) -> None:
    package = made(tmp_path)
    sums = f"{'0' * 64}  ../{package.name}\n".encode()
    (package.parent / "SHA256SUMS").write_bytes(sums)
    (package.parent / "SHA256SUMS.sig").write_bytes(base64.b64encode(KEY.sign(sums).signature))
    with pytest.raises(NotGenuine, match="not the file"):
        verify(package.parent, PUBLISHER)


def test_without_the_publishers_key_a_trial_key_is_made_once_that_only_we_can_read(tmp_path: Path) -> None:
    file = tmp_path / "run" / "release.key"
    first, of_the_publisher = release_key(None, file)
    assert not of_the_publisher
    assert release_key(None, file)[0] == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_publishers_key_is_taken_from_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "publisher.key"
    file.write_text(f"{KEY.encode().hex()}\n")
    assert release_key(file, tmp_path / "trial") == (KEY, True)


def test_kiosk_and_server_can_be_on_one_machine() -> None:
    def files(package: Path) -> set[Path]:
        return {path.relative_to(package / "root") for path in (package / "root").rglob("*") if path.is_file()}

    def settings(package: Path) -> set[str]:
        scripts = [path.read_text("utf-8") for path in (package / "control").iterdir()]
        return {folder for text in scripts for folder in re.findall(r"/etc/hailong[a-z-]*", text)}

    assert not files(kiosk.PACKAGING) & files(server.PACKAGING)
    assert (settings(kiosk.PACKAGING), settings(server.PACKAGING)) == ({"/etc/hailong"}, {"/etc/hailong-server"})


def test_a_module_that_git_does_not_know_is_named_before_a_kiosk_is_packed_without_it(tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk/new.py").write_text("")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with pytest.raises(SystemExit, match=r"kiosk/new\.py"):
        require_known(tmp_path)
    subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
    require_known(tmp_path)
