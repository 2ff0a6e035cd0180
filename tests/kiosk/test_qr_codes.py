"""The QR code of an enrolment code: pictures of it are read for real, by the library where it is installed."""

import io
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageFilter

from kiosk.setup import zbar
from kiosk.setup.asked import Picture
from kiosk.setup.camera import Cameras, Looking
from kiosk.setup.code import read_code

TEXT = "https://hailong.nghean.gov.vn/#7Q2K9-M3RT5"
needs_library = pytest.mark.skipif(zbar.library() is None, reason="libzbar0 is not installed")


def photograph(text: str, *, turned: float = 0.0, blurred: float = 0.0) -> Picture:
    """What a camera sees of a sheet of paper with the code: grey, askew, not sharp, on a table."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=5, border=4, dark="#12263f")
    paper = Image.open(drawn).convert("L").rotate(turned, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    table = Image.new("L", (640, 480), 150)
    table.paste(paper, (150, 90))
    seen = table.filter(ImageFilter.GaussianBlur(blurred)).point(lambda light: round(30 + light * 0.6))
    return Picture(seen.width, seen.height, seen.tobytes())


@needs_library
@pytest.mark.parametrize(("turned", "blurred"), [(0, 0), (7, 1.2), (-22, 1), (90, 0.5), (180, 0)])
def test_a_photograph_of_the_code_is_read(turned: float, blurred: float) -> None:
    assert zbar.texts_in(photograph(TEXT, turned=turned, blurred=blurred)) == [TEXT]


@needs_library
def test_nothing_is_read_where_nothing_is() -> None:
    assert zbar.texts_in(Picture(64, 48, bytes(64 * 48))) == []
    assert zbar.texts_in(Picture(640, 480, b"cut off")) == []


def test_the_code_says_where_and_what() -> None:
    assert read_code(TEXT) == ("https://hailong.nghean.gov.vn", "7Q2K9-M3RT5")


@pytest.mark.parametrize(
    "text",
    [
        "https://hailong.nghean.gov.vn/",
        "https://hailong.nghean.gov.vn/G/5H8JKM2N3P/ABC",
        "https://hailong.nghean.gov.vn/G/#7Q2K9",
        "http://hailong.nghean.gov.vn/#7Q2K9-M3RT5",
        "https://an:sesame@hailong.vn/#7Q2K9-M3RT5",
        "WIFI:S:xa;T:WPA;P:12345678;;",
        "https://hailong.vn/#7Q2K9_M3RT5",
        "https://[/#7Q2K9",
        "",
    ],
)
def test_other_codes_are_not_taken_for_one(text: str) -> None:
    assert read_code(text) is None


def filmed(*pictures: Picture, ends: bool = False) -> Generator[Picture, None, None]:
    """A camera that sees these, and the last again and again. ends: it breaks then."""
    yield from pictures
    while not ends:
        time.sleep(0.01)
        yield pictures[-1]
    raise zbar.NoCamera("pulled out")


def until(what: str, looking: Looking) -> None:
    deadline = threading.Event()
    for _ in range(500):
        if getattr(looking, what):
            return
        deadline.wait(0.01)
    raise AssertionError(f"never {what}")


@needs_library
def test_a_camera_looks_until_it_sees_a_code_of_ours() -> None:
    stranger, ours = photograph("https://zalo.me/1"), photograph(TEXT, turned=5)
    looking = Looking(filmed(stranger, stranger, ours))
    until("found", looking)
    assert looking.found == ("https://hailong.nghean.gov.vn", "7Q2K9-M3RT5")
    assert looking.picture is not None


@needs_library
def test_another_code_is_told_and_looked_past() -> None:
    looking = Looking(filmed(photograph("https://zalo.me/1")))
    until("stranger", looking)
    assert looking.found is None
    looking.stop()


def test_a_camera_that_breaks_is_told() -> None:
    looking = Looking(filmed(Picture(8, 8, bytes(64)), ends=True))
    until("broken", looking)


@needs_library
def test_a_file_that_is_no_camera_is_told(tmp_path: Path) -> None:
    (tmp_path / "video0").write_bytes(b"")
    cameras = Cameras(tmp_path)
    assert cameras.first == tmp_path / "video0"
    until("broken", cameras.scan())


def test_without_a_camera_nothing_is_offered(tmp_path: Path) -> None:
    assert Cameras(tmp_path).first is None
