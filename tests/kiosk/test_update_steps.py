"""What becomes of a version on trial: every decision, on a machine that is only imagined. On real ones: `tests/install/test_updates.py`."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.updating import packages, steps
from kiosk.updating.errors import UnreachableError
from kiosk.updating.session import Session
from kiosk.updating.state import State, Underway, write_state
from kiosk.updating.steps import MOST_TRIES, PATIENT_LOOKS, Updater
from kiosk.updating.told import Told

CONFIG = {"updates": {"suite": "stable", "key": "a2V5", "window": {"opens": "00:00", "closes": "23:59"}}}


class Imagined(Session):
    """A tablet. reaches: whether the server answers. shows: what a version shows when it is opened: a first screen, an exchange."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now, self.booted = 1000.0, "boot 1"
        self.open: str | None = "1.0"
        self.installed: str | None = "1.0"
        self.newest: str | None = "2.0"
        self.reaches, self.goes_in, self.goes_back = True, True, True
        self.shows = {"1.0": (True, True), "2.0": (True, True)}
        self.begun: list[str] = []
        (folder / "kiosk.toml").write_text('server = "https://hailong.tinh.gov.vn"')
        self.hours(closed=True)

    def hours(self, *, closed: bool) -> None:
        """Whether a version may change now."""
        now = CONFIG["updates"] | {"window": {"opens": "00:00", "closes": "00:01" if not closed else "23:59"}}
        genuine = {"time": datetime(2026, 11, 23, 5, tzinfo=UTC).isoformat(), "up": self.now, "boot": self.booted}
        (self.folder / "config.json").write_text(json.dumps({"updates": now}))
        (self.folder / "status.json").write_text(json.dumps({"outcome": "received", "genuine": genuine}))

    def runs(self) -> bool:
        return self.open is not None

    def stop(self) -> None:
        self.open = None

    def start(self) -> None:
        if self.open is None and self.installed is not None:
            self.open = self.installed
            self.now += 1
            screen, exchange = self.shows[self.installed]
            proof = {"version": self.installed, "boot": self.booted, "up": self.now, "first_screen": screen, "exchange": exchange}
            (self.folder / "proof.json").write_text(json.dumps(proof))

    def boot(self) -> str:
        return self.booted

    def up(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def put(self, package: Path) -> bool:
        """What dpkg does with a package of that version."""
        version = package.name.split("_")[1]
        works = self.goes_in if version == "2.0" else self.goes_back
        self.begun.append(version)
        if works:
            self.installed = version
        return works


class ImaginedApt:
    """Its repository, and apt."""

    def __init__(self, tablet: Imagined) -> None:
        self._tablet = tablet

    def look(self) -> str | None:
        if not self._tablet.reaches:
            raise UnreachableError
        return self._tablet.newest

    def fetch(self, version: str, into: Path) -> Path:
        into.mkdir()
        package = into / f"hailong-kiosk_{version}_amd64.deb"
        package.touch()
        return package

    def require_fitting(self, package: Path) -> None:
        pass

    def put_in(self, package: Path) -> bool:
        return self._tablet.put(package)


@pytest.fixture
def tablet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Imagined:
    one = Imagined(tmp_path)
    instead: dict[str, Callable[..., object]] = {
        "installed": lambda: one.installed,
        "is_newer": lambda version, than: version > than,
        "version_of": lambda package: package.name.split("_")[1],
        "put_back": one.put,
        "finish": lambda: None,
        "require_room": lambda *_: None,
        "pack": lambda version, folder: packages.keep(_touched(tmp_path / f"hailong-kiosk_{version}_amd64.deb"), folder),
    }
    for name, what in instead.items():
        monkeypatch.setattr(packages, name, what)
    monkeypatch.setattr(steps, "Apt", lambda folder, source: ImaginedApt(one))
    monkeypatch.setattr(steps, "require_signed", lambda *_: None)
    return one


def _touched(file: Path) -> Path:
    file.touch()
    return file


def updater(tablet: Imagined) -> Updater:
    """A new process of it."""
    folder = tablet.folder / "updates"
    folder.mkdir(exist_ok=True)
    return Updater(folder, tablet.folder / "release.pub", Told(tablet.folder / "kiosk.toml", tablet.folder), tablet, lambda _: None)


def looked(tablet: Imagined) -> State:
    """The timer came."""
    one = updater(tablet)
    one.look()
    return one.state


def test_what_shows_itself_and_reaches_the_server_stays_and_only_its_package_is_kept(tablet: Imagined) -> None:
    state = looked(tablet)
    assert state.last is not None
    assert (state.last.outcome, tablet.open) == ("done", "2.0")
    assert [file.name for file in (tablet.folder / "updates" / "kept").iterdir()] == ["hailong-kiosk_2.0_amd64.deb"]


@pytest.mark.parametrize(
    ("shows", "goes_in", "why"),
    [((False, False), True, "no-first-screen"), ((True, False), True, "no-exchange"), ((True, True), False, "not-installed")],
)
def test_what_does_not_work_goes_back_once_and_is_not_begun_again(
    tablet: Imagined, shows: tuple[bool, bool], goes_in: bool, why: str
) -> None:
    tablet.shows["2.0"], tablet.goes_in = shows, goes_in
    assert looked(tablet).failed == {"2.0": why}
    assert (tablet.open, tablet.begun) == ("1.0", ["2.0", "1.0"])
    looked(tablet)
    assert tablet.begun == ["2.0", "1.0"]
    assert [file.name for file in (tablet.folder / "updates" / "kept").iterdir()] == ["hailong-kiosk_1.0_amd64.deb"]


def test_while_the_counter_is_open_or_a_technician_left_the_kiosk_nothing_is_begun(tablet: Imagined) -> None:
    tablet.hours(closed=False)
    looked(tablet)
    tablet.hours(closed=True)
    tablet.open = None
    looked(tablet)
    assert tablet.begun == []


def test_where_nobody_answers_it_stays_and_after_three_days_its_first_screen_is_enough(tablet: Imagined) -> None:
    tablet.shows["2.0"] = (True, False)
    one = updater(tablet)
    tablet.reaches = False
    package = _touched(tablet.folder / "hailong-kiosk_2.0_amd64.deb")
    for part in ("SHA256SUMS", "SHA256SUMS.sig"):
        _touched(tablet.folder / part)
    one.take(package)
    for _ in range(PATIENT_LOOKS - 1):
        assert (state := looked(tablet)).underway is not None, state
    state = looked(tablet)
    assert state.last is not None
    assert (state.last.outcome, state.last.why, tablet.open, tablet.begun) == ("done", "no-network", "2.0", ["2.0"])


def test_who_could_not_reach_the_server_before_owes_no_exchange(tablet: Imagined) -> None:
    tablet.shows["2.0"] = (True, False)
    (tablet.folder / "status.json").write_text((tablet.folder / "status.json").read_text().replace("received", "refused"))
    state = looked(tablet)
    assert state.last is not None
    assert state.last.outcome == "done"


def test_the_way_back_of_one_that_takes_votes_waits_until_the_counter_is_closed(tablet: Imagined) -> None:
    tablet.shows["2.0"] = (True, False)
    tablet.reaches = True
    one = updater(tablet)
    wait = tablet.wait

    def opens_meanwhile(seconds: float) -> None:
        tablet.hours(closed=False)
        wait(seconds)

    tablet.wait = opens_meanwhile  # type: ignore[method-assign]
    one.look()
    assert (tablet.open, one.state.underway is None) == ("2.0", False)
    tablet.wait = wait  # type: ignore[method-assign]
    tablet.hours(closed=True)
    assert looked(tablet).failed == {"2.0": "no-exchange"}
    assert tablet.open == "1.0"


UNDERWAY = Underway(
    step="install", version="2.0", previous="1.0", new="/k/hailong-kiosk_2.0_amd64.deb", kept="/k/hailong-kiosk_1.0_amd64.deb"
)


@pytest.mark.parametrize(
    ("cut", "installed", "failed"),
    [
        (replace(UNDERWAY, tries=1), None, {}),
        (replace(UNDERWAY, tries=MOST_TRIES), None, {"2.0": "cut-off"}),
        (replace(UNDERWAY, tries=MOST_TRIES), "2.0", {}),
        (replace(UNDERWAY, step="trial", boot="boot 0", tries=1), "2.0", {}),
        (replace(UNDERWAY, step="trial", boot="boot 0", tries=MOST_TRIES), "2.0", {"2.0": "no-first-screen"}),
        (replace(UNDERWAY, step="trial", boot="boot 0", tries=MOST_TRIES, seen=True), "2.0", {}),
        (replace(UNDERWAY, step="back", why="no-exchange"), None, {"2.0": "no-exchange"}),
    ],
)
def test_after_a_cut_it_goes_on_but_not_for_ever(tablet: Imagined, cut: Underway, installed: str | None, failed: dict[str, str]) -> None:
    (tablet.folder / "updates" / "kept").mkdir(parents=True)
    write_state(tablet.folder / "updates", State(cut))
    tablet.open, tablet.installed = None, installed
    updater(tablet).repair()
    assert looked(tablet).failed == failed
    assert tablet.open == tablet.installed == ("1.0" if failed else "2.0")


def test_where_the_way_back_fails_the_kiosk_is_opened_all_the_same_and_it_is_tried_again(tablet: Imagined) -> None:
    tablet.shows["2.0"], tablet.goes_back = (False, False), False
    state = looked(tablet)
    assert state.underway is not None
    assert (state.underway.step, tablet.open) == ("back", "2.0")
    tablet.goes_back = True
    assert looked(tablet).failed == {"2.0": "no-first-screen"}
    assert tablet.open == "1.0"
