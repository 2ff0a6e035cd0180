"""QR codes in pictures, and pictures of a camera, by the library ZBar (Debian's libzbar0), which is there or not."""

import ctypes
import sys
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

from kiosk.setup.asked import Picture

GREY = int.from_bytes(b"Y800", "little")  # a format by its four letters
ALL, QR_CODE = 0, 64  # zbar_symbol_type_t
ENABLE = 0  # zbar_config_t
_FILES = {"linux": "libzbar.so.0", "win32": "libzbar-0.dll"}
WIDTH, HEIGHT = 1280, 720  # asked of the camera; it gives what it can


class NoCamera(Exception):
    """The camera cannot be opened, or gives nothing any more."""


@cache
def library() -> ctypes.CDLL | None:
    """The library, or None where it is not installed."""
    try:
        zbar = ctypes.CDLL(_FILES.get(sys.platform, _FILES["linux"]))  # not by a name that PyInstaller sees, and would take along
    except OSError:
        return None
    for name, result, *arguments in _PROCEDURES:
        procedure = getattr(zbar, name)
        procedure.restype, procedure.argtypes = result, arguments
    zbar.zbar_set_verbosity(0)
    return zbar


_POINTER, _INT, _SIZE, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_char_p
_PROCEDURES: tuple[tuple[str, object, *tuple[object, ...]], ...] = (
    ("zbar_set_verbosity", None, _INT),
    ("zbar_image_scanner_create", _POINTER),
    ("zbar_image_scanner_destroy", None, _POINTER),
    ("zbar_image_scanner_set_config", _INT, _POINTER, _INT, _INT, _INT),
    ("zbar_scan_image", _INT, _POINTER, _POINTER),
    ("zbar_image_create", _POINTER),
    ("zbar_image_destroy", None, _POINTER),
    ("zbar_image_convert", _POINTER, _POINTER, ctypes.c_ulong),
    ("zbar_image_set_format", None, _POINTER, ctypes.c_ulong),
    ("zbar_image_set_size", None, _POINTER, _SIZE, _SIZE),
    ("zbar_image_set_data", None, _POINTER, _TEXT, ctypes.c_ulong, _POINTER),
    ("zbar_image_get_width", _SIZE, _POINTER),
    ("zbar_image_get_height", _SIZE, _POINTER),
    ("zbar_image_get_data", _POINTER, _POINTER),
    ("zbar_image_get_data_length", ctypes.c_ulong, _POINTER),
    ("zbar_image_first_symbol", _POINTER, _POINTER),
    ("zbar_symbol_next", _POINTER, _POINTER),
    ("zbar_symbol_get_data", _POINTER, _POINTER),
    ("zbar_symbol_get_data_length", _SIZE, _POINTER),
    ("zbar_video_create", _POINTER),
    ("zbar_video_destroy", None, _POINTER),
    ("zbar_video_request_size", _INT, _POINTER, _SIZE, _SIZE),
    ("zbar_video_open", _INT, _POINTER, _TEXT),
    ("zbar_video_enable", _INT, _POINTER, _INT),
    ("zbar_video_next_image", _POINTER, _POINTER),
    ("zbar_negotiate_format", _INT, _POINTER, _POINTER),
)


def texts_in(picture: Picture) -> list[str]:
    """What the QR codes in a picture say. Without the library nothing is found."""
    zbar = library()
    if zbar is None or len(picture.pixels) < picture.width * picture.height:
        return []
    scanner, image = zbar.zbar_image_scanner_create(), zbar.zbar_image_create()
    try:
        zbar.zbar_image_scanner_set_config(scanner, ALL, ENABLE, 0)
        zbar.zbar_image_scanner_set_config(scanner, QR_CODE, ENABLE, 1)
        zbar.zbar_image_set_format(image, GREY)
        zbar.zbar_image_set_size(image, picture.width, picture.height)
        zbar.zbar_image_set_data(image, picture.pixels, len(picture.pixels), None)
        zbar.zbar_scan_image(scanner, image)
        return list(_symbols(zbar, image))
    finally:
        zbar.zbar_image_destroy(image)
        zbar.zbar_image_scanner_destroy(scanner)


def _symbols(zbar: ctypes.CDLL, image: int) -> Iterator[str]:
    symbol = zbar.zbar_image_first_symbol(image)
    while symbol:
        text = ctypes.string_at(zbar.zbar_symbol_get_data(symbol), zbar.zbar_symbol_get_data_length(symbol))
        yield text.decode("utf-8", "replace")
        symbol = zbar.zbar_symbol_next(symbol)


def pictures(device: Path) -> Generator[Picture, None, None]:
    """What the camera sees, one picture after the other, as it gives them, until the iterator is closed. Raises `NoCamera`."""
    zbar = library()
    if zbar is None:
        raise NoCamera("no library")
    video = zbar.zbar_video_create()
    try:
        zbar.zbar_video_request_size(video, WIDTH, HEIGHT)
        if zbar.zbar_video_open(video, str(device).encode()) or zbar.zbar_negotiate_format(video, None) or zbar.zbar_video_enable(video, 1):
            raise NoCamera(str(device))
        while image := zbar.zbar_video_next_image(video):
            grey = zbar.zbar_image_convert(image, GREY)
            zbar.zbar_image_destroy(image)
            if grey:
                length = zbar.zbar_image_get_data_length(grey)
                pixels = ctypes.string_at(zbar.zbar_image_get_data(grey), length)
                picture = Picture(zbar.zbar_image_get_width(grey), zbar.zbar_image_get_height(grey), pixels)
                zbar.zbar_image_destroy(grey)
                yield picture
        raise NoCamera(f"{device} gives no picture any more")
    finally:
        zbar.zbar_video_destroy(video)
