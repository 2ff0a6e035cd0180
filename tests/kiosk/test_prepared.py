"""Prepared folders on a USB stick, and how one becomes this tablet's settings."""

import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import trustme

from kiosk.settings import BadSettings, read_begun, read_settings
from kiosk.setup.keeping import draft_of_prepared, draft_of_server
from kiosk.setup.prepared import Finder, Prepared, mark, mark_of
from sync.wire import KioskConfig, Place
from tests.stage.programs import ROOT

UNIT = Place("u-1", "Phường Thái Hòa")
NOON = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)


def prepared(folder: Path, number: int, *, ca: bool = False, more: str = "") -> Path:
    """A folder as a server makes it for a counter."""
    folder.mkdir(parents=True)
    config = KioskConfig(unit=UNIT, counter=Place(f"c-{number}", f"Quầy {number}"), officers=[], on_duty=None)
    (folder / "roster.json").write_bytes(msgspec.json.encode(config))
    if ca:
        trustme.CA().cert_pem.write_to_path(folder / "ca.pem")
    (folder / "kiosk.toml").write_text(
        f'server = "https://hailong.tinh.gov.vn"\n{"ca_file = " + chr(34) + "ca.pem" + chr(34) if ca else ""}\n{more}\n[provision]\n'
        f'secret = "{number:026}"\nsigning_key = "{"a" * 64}"\nsealing_key = "{"b" * 64}"\nroster = "roster.json"\n'
    )
    return folder


def counters(found: list[Prepared]) -> list[str]:
    return sorted(one.provision.counter.name for one in found if one.provision)


def test_a_kiosk_toml_at_the_top_of_a_stick_is_found(tmp_path: Path) -> None:
    prepared(tmp_path / "stick", 3)
    assert counters(Finder().find([tmp_path / "stick"])) == ["Quầy 3"]


def test_a_folder_for_each_counter_is_found_also_below_one_of_the_commune(tmp_path: Path) -> None:
    prepared(tmp_path / "quay-1", 1)
    prepared(tmp_path / "Phường Thái Hòa" / "quay-2", 2)
    prepared(tmp_path / ".Trash" / "quay-3", 3)
    prepared(tmp_path / "a" / "b" / "c" / "quay-4", 4)
    assert counters(Finder().find([tmp_path])) == ["Quầy 1", "Quầy 2"]


@pytest.fixture
def finder() -> Iterator[Finder]:
    with closing(Finder()) as finder:
        yield finder


def test_the_zip_as_it_was_downloaded_is_as_good_as_its_folders(finder: Finder, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in (1, 2):
        prepared(tmp_path / f"quay-{number}", number, ca=True)
    with zipfile.ZipFile(stick / "hailong-u-1.zip", "w") as archive:
        for file in sorted(tmp_path.glob("quay-*/*")):
            archive.write(file, file.relative_to(tmp_path))
    found = finder.find([stick])
    assert counters(found) == ["Quầy 1", "Quầy 2"]
    assert stat.S_IMODE(found[0].folder.parent.stat().st_mode) == 0o700
    assert [one.folder for one in finder.find([stick])] == [one.folder for one in found]
    finder.close()
    assert not found[0].folder.exists()


def test_nothing_in_a_zip_leads_out_of_its_folder(finder: Finder, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with zipfile.ZipFile(stick / "evil.zip", "w") as archive:
        archive.writestr("../../kiosk.toml", "evil = 1")
        archive.writestr("..\\..\\kiosk.toml", "evil = 1")
        archive.writestr("/etc/kiosk.toml", "evil = 1")
        archive.writestr("quay/other.toml", "evil = 1")
    (stick / "broken.zip").write_bytes(b"PK no archive")
    before = sorted(tmp_path.rglob("*"))
    assert all(one.faults for one in finder.find([stick]))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    prepared(tmp_path / "quay-1", 1)
    (tmp_path / "quay-1" / "roster.json").unlink()
    (tmp_path / "kiosk.toml").write_text('server = "https://hailong.tinh.gov.vn"\n')
    by_hand, incomplete = Finder().find([tmp_path])
    assert [fault.key for fault in by_hand.faults] == ["provision"]
    assert [fault.key for fault in incomplete.faults] == ["provision.roster"]


def test_who_took_a_folder_stands_on_the_stick(tmp_path: Path) -> None:
    prepared(tmp_path / "quay-1", 1)
    prepared(tmp_path / "quay-2", 2)
    one, other = Finder().find([tmp_path])
    mark(one, NOON, "ab" * 32)
    again, still = Finder().find([tmp_path])
    taken = mark_of(again)
    assert taken is not None
    assert (taken.counter, taken.at, taken.key) == ("Quầy 1", NOON, "ab" * 32)
    assert mark_of(still) is mark_of(other) is None
    assert "0" * 26 not in "".join(file.read_text() for file in (tmp_path / "hailong-da-dung").iterdir())


# --- keeping ---------------------------------------------------------------------------------------------------------


def found(folder: Path) -> Prepared:
    [one] = Finder().find([folder])
    return one


def test_what_was_prepared_becomes_the_settings_with_all_its_files(tmp_path: Path) -> None:
    stick = prepared(tmp_path / "stick", 3, ca=True)
    file = tmp_path / "etc" / "hailong" / "kiosk.toml"
    draft_of_prepared(file, found(stick)).keep()
    shutil.rmtree(stick)
    settings = read_settings(file)
    assert settings.server == "https://hailong.tinh.gov.vn"
    assert settings.provision is not None
    assert settings.provision.counter.name == "Quầy 3"
    assert settings.ca_file == file.parent / "ca.pem"
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == dict.fromkeys(
        ("kiosk.toml", "roster.json", "ca.pem"), 0o600
    )


def test_what_was_set_on_the_tablet_before_stays(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'# của ảnh đĩa\ndata = "{tmp_path / "data"}"\ndiagonal_inches = 10.1\nca_file = "old.pem"\n')
    draft_of_prepared(file, found(prepared(tmp_path / "stick", 3, more="volume = 20"))).keep()
    settings = read_settings(file)
    assert (settings.data, settings.diagonal_inches, settings.volume, settings.ca_file) == (tmp_path / "data", 10.1, 20, None)
    assert "# của ảnh đĩa" in file.read_text()


def test_until_it_is_kept_nothing_is_there_and_after_a_fault_nothing_is_left(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "kiosk.toml"
    draft = draft_of_server(file, "https://hailong.tinh.gov.vn")
    assert not file.exists()
    draft.drop()
    assert list(file.parent.iterdir()) == []
    with pytest.raises(BadSettings):
        draft_of_server(file, "http://hailong.tinh.gov.vn")
    assert list(file.parent.iterdir()) == []


def test_settings_that_were_begun_need_no_server_yet_but_no_other_fault(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    assert read_begun(file).server == ""
    file.write_text("volume = 20\n")
    assert (read_begun(file).server, read_begun(file).volume) == ("", 20)
    file.write_text("volume = 200\n")
    with pytest.raises(BadSettings):
        read_begun(file)


KILLED_AT = """
import os, sys
from pathlib import Path
from kiosk.setup.keeping import draft_of_prepared
from kiosk.setup.prepared import Finder

left, synced = int(sys.argv[1]), os.fsync

def sync(descriptor):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    synced(descriptor)

[one] = Finder().find([Path(sys.argv[2])])
os.fsync = sync
draft_of_prepared(Path(sys.argv[3]), one).keep()
"""


def test_whenever_it_is_killed_the_tablet_is_still_nobody_or_all_of_the_new_kiosk_and_the_next_try_succeeds(tmp_path: Path) -> None:
    stick = prepared(tmp_path / "stick", 3, ca=True)
    outcomes = []
    for step in range(40):
        file = tmp_path / f"etc-{step}" / "kiosk.toml"
        file.parent.mkdir()
        file.write_text("volume = 20\n")
        done = subprocess.run([sys.executable, "-c", KILLED_AT, str(step), str(stick), str(file)], cwd=ROOT, check=False)
        settings = read_begun(file)
        assert settings.volume == 20
        assert (settings.server == "") is (settings.provision is None)
        outcomes.append(settings.provision is not None)
        draft_of_prepared(file, found(stick)).keep()
        assert read_settings(file).provision is not None
        assert {path.name for path in file.parent.iterdir()} == {"kiosk.toml", "roster.json", "ca.pem"}
        if done.returncode == 0:
            break
        assert done.returncode == 9
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert len(outcomes) >= 7
