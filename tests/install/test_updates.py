"""An update ends with one version that is whole and works, whatever breaks it off, and no entry is lost by it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stage import needs_a_disk
from tests.install.dummies import PUBLISHER, build, sign_release
from tests.install.tablet import Tablet, tablet

pytestmark = [pytest.mark.install, pytest.mark.timeout(3600)]
FIRST = "/root/release-1.0/hailong-kiosk_1.0_amd64.deb"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tablet]:
    folder = tmp_path_factory.mktemp("updates")
    (folder / "probe").mkdir()
    needs_a_disk(folder / "probe")
    (folder / "tablet").mkdir()
    with tablet(folder / "tablet") as made:
        yield made


def test_a_version_that_proves_itself_stays(kiosk: Tablet, tmp_path: Path) -> None:
    kiosk.first(FIRST)
    taken = kiosk.entries()
    kiosk.update(kiosk.bring(build(tmp_path, "2.0")))
    assert kiosk.require_whole(["2.0"], taken) == "2.0"
    assert kiosk.state()["last"] == {"version": "2.0", "outcome": "done", "why": ""}


@pytest.mark.parametrize(
    ("flaw", "why"),
    [
        ({"shows": False}, "no-first-screen"),
        ({"middle": "exit 1"}, "not-installed"),
    ],
)
def test_a_version_that_does_not_work_gives_way_to_the_former(kiosk: Tablet, tmp_path: Path, flaw: dict[str, bool], why: str) -> None:
    kiosk.first(FIRST)
    taken = kiosk.entries()
    kiosk.update(kiosk.bring(build(tmp_path, "2.0", **flaw)))  # type: ignore[arg-type] # each its own
    assert kiosk.require_whole(["1.0"], taken) == "1.0"
    assert kiosk.state()["failed"] == {"2.0": why}


def test_where_nobody_can_be_reached_the_new_version_stays_and_is_asked_again(kiosk: Tablet, tmp_path: Path) -> None:
    kiosk.first(FIRST)
    package = kiosk.bring(build(tmp_path, "2.0", exchanges=False))
    kiosk.update(package)
    underway = kiosk.state()["underway"]
    assert (underway["step"], underway["seen"], kiosk.installed()) == ("trial", True, "install ok installed 2.0")
    kiosk.update("look")
    assert kiosk.state()["underway"]["looks"] == 2
    kiosk.on.shut_down()
    kiosk.on.boot()
    kiosk.wait_for_the_kiosk()
    assert kiosk.state()["underway"]["seen"]


@pytest.mark.parametrize("harm", ["another key", "another file", "no signature", "another package", "needs more"])
def test_nothing_is_touched_for_what_the_publisher_did_not_sign_or_does_not_fit(kiosk: Tablet, tmp_path: Path, harm: str) -> None:
    kiosk.first(FIRST)
    package = build(tmp_path, "2.0", depends="python3, nobody-has-this" if harm == "needs more" else "python3")
    match harm:
        case "another key":
            sign_release(package.parent, type(PUBLISHER)(bytes(32)))
        case "another file":
            package.write_bytes(package.read_bytes() + b"\0")
        case "no signature":
            (package.parent / "SHA256SUMS.sig").unlink()
        case "another package":
            package = package.rename(package.with_name("hailong-kiosk_3.0_amd64.deb"))
    taken = kiosk.entries()
    assert kiosk.update(kiosk.bring(package)).returncode == 1
    assert kiosk.require_whole(["1.0"], taken) == "1.0"
    assert kiosk.state()["last"]["outcome"] == "refused"


def test_what_is_asked_for_at_the_screen_is_installed_and_shown_to_nobody(kiosk: Tablet, tmp_path: Path) -> None:
    kiosk.first(FIRST)
    taken = kiosk.entries()
    for asked in ("/etc/shadow", "/dev/zero", "/root"):
        kiosk.ask(asked)
        assert kiosk.state()["last"]["outcome"] == "refused"
        assert kiosk.on.try_to("setpriv", "--reuid=nobody", "--clear-groups", "ls", "/var/lib/hailong-update/fetched").returncode != 0
    kiosk.ask(kiosk.bring(build(tmp_path, "2.0")))
    assert kiosk.require_whole(["2.0"], taken) == "2.0"


def test_killed_at_any_step_it_goes_on_at_the_next_look(kiosk: Tablet, tmp_path: Path) -> None:
    package = kiosk.bring(build(tmp_path, "2.0"))
    kiosk.first(FIRST)
    steps = int(kiosk.update(package).stdout.split()[-1])
    ends = []
    for at in range(1, steps + 1):
        kiosk.first(FIRST)
        taken = kiosk.entries()
        assert "here" in kiosk.update(package, at=at).stdout, at
        kiosk.update("look")
        ends.append(kiosk.require_whole(["1.0", "2.0"], taken))
    assert ends == sorted(ends)  # up to some step nothing was begun; from there on it comes to its end
    assert {"1.0", "2.0"} == set(ends)


def test_the_power_cut_at_any_step_it_goes_on_at_the_next_start(kiosk: Tablet, tmp_path: Path) -> None:
    package = kiosk.bring(build(tmp_path, "2.0"))
    kiosk.first(FIRST)
    steps = int(kiosk.update(package).stdout.split()[-1])
    ends = []
    for at in range(1, steps + 1, 2):
        kiosk.first(FIRST)
        with kiosk.on.start(*kiosk.words(at, "wait", package)) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == "here\n"
            taken = kiosk.entries()
            kiosk.on.cut_power()
        kiosk.on.boot()
        kiosk.update("look")
        ends.append(kiosk.require_whole(["1.0", "2.0"], taken[:-8]))  # but for the one that was being written
    assert ends == sorted(ends)
    assert {"1.0", "2.0"} == set(ends)


@pytest.mark.parametrize("tenths", range(0, 24, 2))
def test_the_power_cut_while_dpkg_works(kiosk: Tablet, tmp_path: Path, tenths: int) -> None:
    package = kiosk.bring(build(tmp_path, "2.0", middle="touch /run/in-its-middle; sleep 1", size=20_000_000))
    kiosk.first(FIRST)
    _cut_in_the_middle(kiosk, package, tenths / 10)
    kiosk.on.boot()
    kiosk.update("look")
    assert kiosk.require_whole(["2.0"], b"") == "2.0"


def test_without_the_repair_a_cut_leaves_dpkg_broken(kiosk: Tablet, tmp_path: Path) -> None:
    """The control of the test above."""
    package = kiosk.bring(build(tmp_path, "2.0", middle="touch /run/in-its-middle; sleep 5"))
    kiosk.first(FIRST)
    kiosk.on.run("rm", "-f", "/run/in-its-middle")
    kiosk.on.run("systemctl", "mask", "hailong-kiosk-repair.service")
    os.sync()
    with kiosk.on.start(*kiosk.words(0, "kill", package)):
        while kiosk.on.try_to("test", "-e", "/run/in-its-middle").returncode != 0:
            time.sleep(0.05)
        kiosk.on.cut_power()
    kiosk.on.boot()
    assert kiosk.on.run("dpkg", "--audit") != ""
    kiosk.on.run("systemctl", "unmask", "hailong-kiosk-repair.service")
    kiosk.update("look")
    assert kiosk.require_whole(["2.0"], b"") == "2.0"


def _cut_in_the_middle(kiosk: Tablet, package: str, seconds: float) -> None:
    """Cut the power so long after dpkg was begun."""
    with kiosk.on.start(*kiosk.words(0, "kill", package)) as running:
        assert running.stderr is not None
        while "in the place of" not in running.stderr.readline():
            assert running.poll() is None
        time.sleep(seconds)
        kiosk.on.cut_power()
