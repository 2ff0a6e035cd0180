"""What a unit changed on its kiosks, from the real server to a real kiosk, with and without its window."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sync.wire import sha256
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import Kiosk, Server
from tests.stage.tablet import Tablet

pytestmark = pytest.mark.endtoend


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "server") as server:
        yield server


@pytest.fixture
def picture() -> bytes:
    """A photo as the server keeps it."""
    out = BytesIO()
    Image.new("RGB", (512, 512), "teal").save(out, "JPEG")
    return out.getvalue()


def test_words_and_photos_arrive_and_a_photo_that_is_missing_hinders_nothing(embedded: Server, picture: bytes, tmp_path: Path) -> None:
    counter = embedded.demo().counter("Quầy 3")
    name = sha256(picture)
    folder = tmp_path / "kiosk"
    folder.mkdir()
    tablet = Tablet(folder, embedded.address, counter["code"])
    with closing(sqlite3.connect(embedded.data / "hailong.sqlite3")) as database:
        database.execute("UPDATE places_officer SET photo = ? WHERE id = ?", (name, counter["officer"]))
        database.execute("UPDATE places_unit SET shown = ?", ('{"texts":{"thanks":{"vi":"Xin cảm ơn bà con!"}}}',))
        database.commit()
        tablet.vote()
        assert tablet.drain().outcome == "received"
        assert tablet.exchange().outcome == "received"
        assert tablet.roster.config.texts["thanks"]["vi"] == "Xin cảm ơn bà con!"
        officer = next((one for one in tablet.roster.config.officers if one.id == tablet.roster.config.on_duty), None)
        assert officer is not None
        assert tablet.roster.photos.of(officer) is None
        database.execute("INSERT INTO places_photo (sha256, body) VALUES (?, ?)", (name, picture))
        database.commit()
    tablet.close()
    tablet = Tablet(folder, embedded.address, embedded.demo().counter("Quầy 3")["code"])  # a start: a refused photo is asked for anew
    assert tablet.exchange().outcome == "received"
    file = tablet.roster.photos.of(officer)
    assert file is not None
    assert file.read_bytes() == picture
    tablet.close()


def test_the_photo_of_who_is_on_duty_comes_to_the_screen_while_the_kiosk_runs(embedded: Server, picture: bytes, tmp_path: Path) -> None:
    counter = embedded.demo().counter("Quầy 3")
    with VirtualDisplay() as display:
        kiosk = Kiosk(tmp_path / "kiosk", embedded.address, display)
        kiosk.enrol(counter["code"])
        with kiosk:
            with closing(sqlite3.connect(embedded.data / "hailong.sqlite3")) as database:
                database.execute("INSERT INTO places_photo (sha256, body) VALUES (?, ?)", (sha256(picture), picture))
                database.execute("UPDATE places_officer SET photo = ? WHERE id = ?", (sha256(picture), counter["officer"]))
                database.commit()
            wait_until(lambda: display.pixel(110, 80)[0] < 20 < display.pixel(110, 80)[1], "the photo is shown")
            kiosk.vote(satisfied=True)
