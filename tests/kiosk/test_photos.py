"""Officers' photos on the kiosk."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from kiosk.photos import BUDGET_SECONDS, REFUSED_SECONDS, REST_SECONDS, PhotoFolder, Photos
from sync.errors import ExchangeError, Refused, TryLater
from sync.wire import Officer, sha256

PICTURES = [b"first", b"second", b"third"]
NAMES = [sha256(picture) for picture in PICTURES]


class Place:
    """A kiosk's officers and its server, in memory. errors: raised at names. Each fetch takes `seconds` of the clock."""

    def __init__(self, data: Path) -> None:
        self.folder = PhotoFolder(data)
        self.officers = [Officer(f"o-{number}", "Hạnh", "Công chức", name) for number, name in enumerate(NAMES)]
        self.errors: dict[str, ExchangeError] = {}
        self.asked: list[str] = []
        self.came = 0
        self.now = 0.0
        self.seconds = 0.0
        self.start()

    def start(self) -> None:
        """The program starts."""
        self.photos = Photos(self.folder, lambda: self.officers, self.fetch, self.note, lambda: self.now)

    def fetch(self, name: str) -> bytes:
        self.asked.append(name)
        self.now += self.seconds
        if name in self.errors:
            raise self.errors[name]
        return PICTURES[NAMES.index(name)]

    def note(self) -> None:
        self.came += 1

    @property
    def here(self) -> list[bool]:
        return [self.folder.of(officer) is not None for officer in self.officers]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_the_configuration_names_is_fetched_once(place: Place) -> None:
    assert place.here == [False] * 3
    place.photos.run()
    place.photos.run()
    assert place.asked == NAMES
    assert place.here == [True] * 3
    assert place.came == 1
    file = place.folder.of(place.officers[1])
    assert file is not None
    assert file.read_bytes() == PICTURES[1]


def test_an_officer_without_a_photo_has_none(place: Place) -> None:
    assert place.folder.of(Officer("o-9", "Bảo", "Công chức")) is None


def test_what_nobody_names_any_more_is_deleted_and_what_was_half_written_too(place: Place) -> None:
    place.photos.run()
    (place.folder.path / f"{NAMES[0]}.jpg.new").write_bytes(b"fir")
    place.officers = place.officers[1:]
    place.photos.run()
    assert sorted(file.name for file in place.folder.path.iterdir()) == sorted(f"{name}.jpg" for name in NAMES[1:])


def test_a_photo_that_a_failing_disk_changed_is_fetched_again_after_a_start(place: Place) -> None:
    place.photos.run()
    (place.folder.path / f"{NAMES[0]}.jpg").write_bytes(b"damaged")
    place.start()
    place.photos.run()
    assert place.asked == [*NAMES, NAMES[0]]


def test_a_network_that_fails_ends_the_fetching_raises_nothing_and_it_is_tried_a_minute_later(place: Place) -> None:
    place.errors[NAMES[1]] = TryLater("unreachable")
    place.photos.run()
    place.photos.run()
    assert place.asked == NAMES[:2]
    place.now += REST_SECONDS
    place.errors.clear()
    place.photos.run()
    assert place.here == [True] * 3


def test_a_refusal_concerns_one_photo_only_which_is_asked_for_again_an_hour_later(place: Place) -> None:
    place.errors[NAMES[0]] = Refused(404, "not-found")
    place.photos.run()
    place.photos.run()
    assert place.asked == NAMES
    place.now += REFUSED_SECONDS
    place.errors.clear()
    place.photos.run()
    assert place.here == [True] * 3


def test_a_slow_network_holds_the_entries_up_for_one_photo_more_than_ten_seconds(place: Place) -> None:
    place.seconds = BUDGET_SECONDS * 0.6
    place.photos.run()
    assert place.asked == NAMES[:2]


def test_a_disk_that_is_nearly_full_is_for_votes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1024))
    place.photos.run()
    assert place.asked == []


def test_a_disk_that_fails_raises_nothing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.folder.path.write_bytes(b"a file where the folder should be")
    place.photos.run()
    assert "could not be seen to" in caplog.text
