"""What root carries between a stick and the server's commands. (With a real stick that is root's alone: tests/install.)"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from server.installation.importing import bring_back, bring_in
from server.installation.provisioning import hand_out
from server.installation.running import Refused
from sync import stick
from tests.faults.stage import a_disk, needs
from tests.server.kiosk import Kiosk, counted
from tests.server.test_carried import answers, carried, imported

pytestmark = pytest.mark.once


@pytest.fixture
def small_stick(tmp_path: Path) -> Iterator[Path]:
    """With room for some files."""
    needs("mount", root=True)
    place = tmp_path / "stick"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def fill(place: Path) -> Path:
    film = place / "film.avi"
    with film.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(512)):
            pass
    return film


def taken_in(place: Path, copy: Path) -> list[str]:
    """As the command does it, but by one user: what could not be read. copy: the folder that the server's user is lent."""
    copy.mkdir()
    unread = bring_in(place, copy)
    imported(copy)
    return unread


def test_what_a_kiosk_wrote_counts_and_all_that_the_server_writes_comes_onto_the_stick(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(3, 1)
    place, copy = tmp_path / "stick", tmp_path / "copy"
    folder = carried(place / stick.FOLDER, kiosk, kiosk.batch(1, 3), kiosk.batch(4))
    call_command("rotatekeys")
    assert taken_in(place, copy) == []
    bring_back(copy, place)
    assert counted(kiosk.unit) == (3, 1)
    assert files(copy) == files(place)
    assert {path.name for path in folder.iterdir()} == {stick.REQUESTS, stick.ANSWERS, stick.CONFIG, stick.KEYS}
    assert [answer.status for answer in answers(folder)] == [200, 200]


def test_onto_a_full_stick_nothing_comes_by_halves_and_with_room_the_same_again_brings_the_receipts(
    kiosk: Kiosk, tmp_path: Path, small_stick: Path
) -> None:
    kiosk.open().votes(2)
    folder = carried(small_stick / stick.FOLDER, kiosk, kiosk.batch())
    film = fill(small_stick)
    before = files(small_stick)
    taken_in(small_stick, tmp_path / "first")
    with pytest.raises(Refused, match=r"hết chỗ trống\. .*không mất lượt nào\. Xin xóa bớt tệp khác"):
        bring_back(tmp_path / "first", small_stick)
    assert files(small_stick) == before
    film.unlink()
    taken_in(small_stick, tmp_path / "second")
    bring_back(tmp_path / "second", small_stick)
    assert [answer.status for answer in answers(folder)] == [200]
    assert counted(kiosk.unit) == (2, 0)


def test_a_stick_that_was_pulled_out_is_named_what_it_brought_counts_and_plugged_in_again_it_gets_its_receipts(
    kiosk: Kiosk, tmp_path: Path
) -> None:
    needs("mkfs.ext4", root=True)
    kiosk.open().votes(2)
    with a_disk(tmp_path) as disk:
        folder = carried(disk.folder / stick.FOLDER, kiosk, kiosk.batch())
        subprocess.run(["sync", "-f", folder], check=True)
        taken_in(disk.folder, tmp_path / "first")
        disk.cut()
        with pytest.raises(Refused, match=r"Không ghi được biên nhận .* không mất lượt nào"):
            bring_back(tmp_path / "first", disk.folder)
        disk.unmount()
        disk.mount()
        taken_in(disk.folder, tmp_path / "second")
        bring_back(tmp_path / "second", disk.folder)
        assert [answer.status for answer in answers(folder)] == [200]
    assert counted(kiosk.unit) == (2, 0)


def test_what_an_earlier_time_left_torn_goes_away(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().vote()
    place, copy = tmp_path / "stick", tmp_path / "copy"
    folder = carried(place / stick.FOLDER, kiosk, kiosk.batch())
    (folder / stick.ANSWERS).mkdir()
    torn = folder / stick.ANSWERS / "000001-entries.0a1b2c3d.new"
    torn.write_bytes(b"hailong ans")
    taken_in(place, copy)
    bring_back(copy, place)
    assert not torn.exists()


def test_one_file_that_cannot_be_read_keeps_out_no_other(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(2)
    place = tmp_path / "stick"
    folder = carried(place / stick.FOLDER, kiosk, kiosk.batch())
    os.mkfifo(folder / stick.REQUESTS / "000002-entries")
    (folder / stick.REQUESTS / "000003-entries").write_bytes(bytes(stick.MAX_FILE_BYTES + 1))
    said = [line.removeprefix(f"{kiosk.device}, ") for line in taken_in(place, tmp_path / "copy")]
    assert said == ["000002-entries: không phải tệp", "000003-entries: tệp quá lớn"]
    assert counted(kiosk.unit) == (2, 0)


def test_links_on_a_stick_lead_root_nowhere(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().vote()
    place, secret, copy = tmp_path / "stick", tmp_path / "secret", tmp_path / "copy"
    secret.mkdir()
    (secret / "shadow").write_text("root:…")
    folder = carried(place / stick.FOLDER, kiosk, kiosk.batch())
    (folder / stick.REQUESTS / "000002-entries").symlink_to(secret / "shadow")
    (folder / stick.ANSWERS).symlink_to(secret)
    (place / stick.FOLDER / "d-0000000000").symlink_to(secret)
    said = taken_in(place, copy)
    assert [line.rpartition(": ")[2] for line in said] == ["là liên kết, không phải tệp hay thư mục thật"] * 2
    with pytest.raises(Refused, match="là liên kết"):
        bring_back(copy, place)
    assert files(secret) == {"shadow"}


def test_the_wrong_stick_is_named(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "not there"):
        with pytest.raises(Refused, match="Không có gì của kiosk"):
            bring_in(place, tmp_path / "copy")


def prepared(made: Path, *counters: str) -> Path:
    for counter in counters:
        (made / counter).mkdir(parents=True)
        for name in ("ca.pem", "kiosk.toml", "roster.json"):
            (made / counter / name).write_text(name * 100)
    return made


def test_prepared_folders_come_where_they_are_wanted_for_their_owner_alone(tmp_path: Path) -> None:
    made, out = prepared(tmp_path / "made", "c-1", "c-2"), tmp_path / "new" / "out"
    hand_out(made, out)
    assert files(out) == files(made)
    assert {path.stat().st_mode & 0o077 for path in (out, *out.rglob("*"))} == {0}


def test_onto_a_full_stick_no_prepared_folder_comes(tmp_path: Path, small_stick: Path) -> None:
    made = prepared(tmp_path / "made", *(f"c-{number}" for number in range(20)))
    with pytest.raises(Refused, match="hết chỗ trống"):
        hand_out(made, small_stick)
    assert files(small_stick) == set()


def test_a_prepared_folder_that_is_there_already_stays_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    made, out = prepared(tmp_path / "made", "c-1", "c-2"), prepared(tmp_path / "out", "c-2")
    (out / "c-2" / "kiosk.toml").write_text("of a kiosk in use")
    before = files(out)
    with pytest.raises(Refused, match="c-2 đã có"):
        hand_out(made, out)
    assert files(out) == before
    assert (out / "c-2" / "kiosk.toml").read_text() == "of a kiosk in use"
