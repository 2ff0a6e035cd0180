"""What a unit changed on its kiosks, from the real server to a real kiosk (without its window)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sync.wire import sha256
from tests.stage.programs import Server
from tests.stage.tablet import Tablet

pytestmark = pytest.mark.endtoend


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "server") as server:
        yield server


def test_words_and_photos_arrive_and_a_photo_that_is_missing_hinders_nothing(embedded: Server, tmp_path: Path) -> None:
    counter = embedded.demo().counter("Quầy 3")
    picture = BytesIO()
    Image.new("RGB", (512, 512), "teal").save(picture, "JPEG")
    name = sha256(picture.getvalue())
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
        officer = tablet.roster.officer
        assert officer is not None
        assert tablet.roster.photos.of(officer) is None
        database.execute("INSERT INTO places_photo (sha256, body) VALUES (?, ?)", (name, picture.getvalue()))
        database.commit()
    tablet.close()
    tablet = Tablet(folder, embedded.address, embedded.demo().counter("Quầy 3")["code"])  # a start: a refused photo is asked for anew
    assert tablet.exchange().outcome == "received"
    file = tablet.roster.photos.of(officer)
    assert file is not None
    assert file.read_bytes() == picture.getvalue()
    tablet.close()
