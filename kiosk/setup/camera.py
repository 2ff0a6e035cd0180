"""A camera that looks for the QR code of an enrolment code, where there is one."""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

from kiosk.setup import zbar
from kiosk.setup.asked import Picture
from kiosk.setup.code import read_code

DEVICES = Path("/dev")

log = logging.getLogger(__name__)


class Looking:
    """`kiosk.setup.asked.Scan`, for real, in a thread of its own. pictures: what the camera sees; raises `NoCamera` where it works no
    more.
    """

    def __init__(self, pictures: Generator[Picture, None, None]) -> None:
        self.picture: Picture | None = None
        self.found: tuple[str, str] | None = None
        self.stranger = self.broken = False
        self._stopped = threading.Event()
        threading.Thread(target=self._look, args=(pictures,), name="camera", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _look(self, pictures: Generator[Picture, None, None]) -> None:
        try:
            with closing(pictures):
                for picture in pictures:
                    self.picture = picture
                    for text in zbar.texts_in(picture):
                        self.found = self.found or read_code(text)
                        self.stranger = self.found is None
                    if self._stopped.is_set() or self.found:
                        break
        except zbar.NoCamera as error:
            log.warning("no camera: %s", error)
            self.broken = True


class Cameras:
    """devices: where the system has its cameras. look: what one of them sees."""

    def __init__(self, devices: Path = DEVICES, look: Callable[[Path], Generator[Picture, None, None]] = zbar.pictures) -> None:
        self._devices = devices
        self._look = look

    @property
    def first(self) -> Path | None:
        """The first camera, or None where there is none, or nothing that reads QR codes."""
        if zbar.library() is None:
            return None
        return min(self._devices.glob("video*"), default=None)

    def scan(self) -> Looking:
        """Begin to look."""
        return Looking(self._look(self.first or self._devices / "video0"))
