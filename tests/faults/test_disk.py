"""The disk is full (T7), or read-only (T9); the kiosk is started twice (T31)."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.storage.database import AlreadyRunning
from kiosk.storage.ledger import Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.storage.reserve import AGAIN_AT_FREE_BYTES, RESERVED_BYTES, Reserve
from tests.faults import scale
from tests.faults.damage import a_kiosk
from tests.faults.invariants import Verdict, examine, total
from tests.faults.report import report
from tests.faults.stage import ROOT, Strace, needs
from tests.faults.voter import BINDING, Forked, Plan, Said, cast

SMALL, LARGE = 400, 1000  # kilobytes
USUAL = 80  # votes, after which the WAL has the size that it keeps


@contextmanager
def a_small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of that size, in memory."""
    needs("mount", "umount", root=True)
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs to mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def grow(folder: Path, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(folder)], check=True)


def vote_until_full(ledger: Ledger, first: int) -> list[int]:
    """The votes that were thanked for, until three in a row were not."""
    thanked, refused, number = [], 0, first
    while refused < 3:
        try:
            cast(ledger, number)
            thanked.append(number)
            refused = 0
        except NotRecorded:
            refused += 1
        number += 1
        assert number < first + 5000, "the disk never was full"
    return thanked


def fill(disk: Path) -> None:
    """Something else takes all the room that is left."""
    with (disk / "photos").open("wb") as photos:
        photos.write(bytes(os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))


def full_and_larger(folder: Path, kilobytes: int) -> Verdict:
    """The verdict after a disk filled up with votes, was full, and grew."""
    with a_small_disk(folder, kilobytes) as disk:
        data = disk / "data"
        ledger = Ledger(data, Clocks())
        ledger.bind(BINDING)
        thanked = vote_until_full(ledger, 0)
        assert thanked
        grow(disk, LARGE)
        cast(ledger, 10_000)  # the same process goes on when space returns
        ledger.keep_house(None)
        room = (data / "reserve").is_file()
        ledger.close()
        verdict = examine(data, [*thanked, 10_000], 10_001)
        return verdict if room else replace(verdict, wrong=(*verdict.wrong, "the reserve was not made again"))


@pytest.mark.fault("T7")
def test_on_a_full_disk_nobody_is_thanked_for_nothing_and_voting_goes_on_when_space_returns(tmp_path: Path) -> None:
    sizes = range(300, 501) if scale.LONG else [SMALL]
    verdicts = [full_and_larger(tmp_path / f"disk-{size}", size) for size in scale.watched("T7", sizes)]
    lost, doubled = sum(verdict.lost for verdict in verdicts), sum(verdict.doubled for verdict in verdicts)
    report("T7", cases=len(verdicts), lost=lost, doubled=doubled)
    found = total(verdicts)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())


@pytest.mark.fault("T7")
def test_votes_fit_onto_a_disk_that_something_else_filled_and_without_a_reserve_fewer_do(tmp_path: Path) -> None:
    fitted = []
    for reserve in (True, False):
        with a_small_disk(tmp_path / f"disk-{reserve}", LARGE) as disk:
            ledger = Ledger(disk / "data", Clocks())
            ledger.bind(BINDING)
            for number in range(USUAL):
                cast(ledger, number)
            if not reserve:
                (disk / "data" / "reserve").unlink()
            fill(disk)
            thanked = vote_until_full(ledger, USUAL)
            fitted.append(len(thanked))
            ledger.close()
            grow(disk, 2 * LARGE)
            verdict = examine(disk / "data", [*range(USUAL), *thanked], 5000)
            assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())
    report("T7", cases=1, lost=0, doubled=0, control=f"fitted onto a disk filled by others: {fitted[0]}, without the reserve {fitted[1]}")
    assert fitted[0] > fitted[1] + 50


@pytest.mark.fault("T7")
def test_a_kiosk_starts_on_a_full_disk_and_takes_the_last_votes_by_its_reserve(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk", SMALL) as disk:
        data = disk / "data"
        ledger = Ledger(data, Clocks())
        ledger.bind(BINDING)
        cast(ledger, 0)
        ledger.close()
        fill(disk)
        ledger = Ledger(data, Clocks())
        ledger.bind(BINDING)
        cast(ledger, 1)
        ledger.close()
        assert not (data / "reserve").exists()
        verdict = examine(data, [0, 1], 2)
    report("T7", cases=1, lost=verdict.lost, doubled=verdict.doubled)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())


@pytest.mark.fault("T7")
def test_without_a_promise_from_the_disk_nobody_is_thanked(tmp_path: Path) -> None:
    """The control: a voter that thanks anyway loses votes on the same disk."""
    with a_small_disk(tmp_path / "disk", SMALL) as disk:
        voter = Forked(Plan(disk / "data", votes=3000, broken=("anyway",)))
        thanked = [int(line.split()[1]) for line in voter.ended().splitlines() if line.startswith(b"thanked")]
        grow(disk, LARGE)
        verdict = examine(disk / "data", thanked, 3000)
    report("T7", cases=0, lost=0, doubled=0, control=f"thanks anyway: lost {verdict.lost}")
    assert verdict.lost


def test_the_reserve_is_not_made_where_the_disk_has_little_more_than_that(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk", (AGAIN_AT_FREE_BYTES - 8192) // 1024) as disk:
        Reserve(disk).make()
        assert not (disk / "reserve").exists()
    with a_small_disk(tmp_path / "larger", (AGAIN_AT_FREE_BYTES + 8192) // 1024) as disk:
        Reserve(disk).make()
        assert (disk / "reserve").stat().st_size == RESERVED_BYTES


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


@pytest.mark.fault("T9")
def test_on_a_read_only_disk_the_start_says_which_folder_cannot_be_written_and_changes_nothing(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk", LARGE) as disk:
        whole = a_kiosk(disk, 5, 10)
        (tmp_path / "kiosk.toml").write_text(f'server = "https://example.org"\ndata = "{whole.folder}"\n')
        with read_only(disk):
            with pytest.raises(OSError, match="Read-only"):
                Ledger(whole.folder, Clocks())
            words = [sys.executable, "-m", "kiosk", "--config", str(tmp_path / "kiosk.toml"), "reset", "--for-imaging"]
            told = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
        assert f"Không dùng được {whole.folder}" in told.stderr
        assert "Traceback" not in told.stderr
        verdict = examine(whole.folder, range(10), 10)
    report("T9", cases=1, lost=verdict.lost, doubled=verdict.doubled)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())


@pytest.mark.fault("T9")
def test_a_disk_that_turns_read_only_thanks_nobody_from_then_on_and_keeps_what_was_thanked_for(tmp_path: Path) -> None:
    needs("strace")
    said = Said()
    strace = Strace(tmp_path / "calls", "inject=write,pwrite64,ftruncate,openat:error=EROFS:when=60+")
    said.hear(Forked(Plan(tmp_path / "data", votes=200), strace.attach).ended())
    assert "EROFS" in strace.calls()
    verdict = examine(tmp_path / "data", said.thanked, 200)
    report("T9", cases=1, lost=verdict.lost, doubled=verdict.doubled)
    assert said.thanked
    assert said.sorry
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())


@pytest.mark.fault("T31")
def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    first = Ledger(tmp_path, Clocks())
    first.bind(BINDING)
    cast(first, 0)
    with pytest.raises(AlreadyRunning):
        Ledger(tmp_path, Clocks())
    cast(first, 1)
    first.close()
    verdict = examine(tmp_path, [0, 1], 2)
    report("T31", cases=1, lost=verdict.lost, doubled=verdict.doubled)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (0, 0, ())


@pytest.mark.fault("T31")
def test_another_process_is_refused_with_a_message_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "kiosk.toml").write_text(f'server = "https://example.org"\ndata = "{data}"\n')
    voter = Forked(Plan(data))
    while b"thanked 3" not in voter.heard():
        time.sleep(0.01)
    words = [sys.executable, "-m", "kiosk", "--config", str(tmp_path / "kiosk.toml"), "reset", "--for-imaging", "--force"]
    told = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    voter.kill()
    assert told.returncode == 1
    assert "Kiosk đang chạy rồi" in told.stderr
    with closing(Ledger(data, Clocks())):
        pass
    report("T31", cases=1, lost=0, doubled=0)


def test_the_names_of_all_folders_that_a_first_start_makes_are_waited_for(tmp_path: Path) -> None:
    needs("strace")
    strace = Strace(tmp_path / "calls")
    Forked(Plan(tmp_path / "new" / "deep" / "data", votes=1), strace.attach).ended()
    calls = strace.calls()
    made = [Path(name) for name in re.findall(r'mkdir\("([^"]+)"', _plain(calls))]
    assert tmp_path / "new" in made
    for folder in made:
        after = calls[calls.index("mkdir") :]
        assert f"fsync({folder.parent}" in re.sub(r"fsync\(\d+<([^>]+)>", r"fsync(\1", _plain(after)), f"the name of {folder}"


def _plain(calls: str) -> str:
    """What strace writes as hexadecimal."""
    return re.sub(r"(?:\\x[0-9a-f]{2})+", lambda found: bytes.fromhex(found[0].replace("\\x", "")).decode("utf-8", "replace"), calls)
