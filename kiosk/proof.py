"""`proof.json`: that this version of the program got as far as its first screen and one exchange, for whoever installed it.

An update that does not get so far is taken back.
"""

import logging
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.clocks import Clocks
from sync.files import write_whole

FILE = "proof.json"

log = logging.getLogger(__name__)


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """version: of the program that wrote it. boot, up: when its first screen was shown. exchange: whether the server has received
    something from that very process since.
    """

    version: str
    boot: str
    up: float
    first_screen: bool = True
    exchange: bool = False


class Proof:
    """Of this process. data: the data folder. Nothing here raises: a proof that cannot be written is tried again with the next exchange."""

    def __init__(self, data: Path, clocks: Clocks) -> None:
        self._file = data / FILE
        self._clocks = clocks
        self._proven: Proven | None = None
        self._written: Proven | None = None

    def first_screen(self) -> None:
        """It was shown."""
        now = self._clocks.now()
        self._proven = Proven(version=__version__, boot=now.boot, up=now.up)
        self._write()

    def exchanged(self) -> None:
        """The server has received something. From any thread; before the first screen it counts for nothing."""
        if self._proven is not None:
            self._proven = msgspec.structs.replace(self._proven, exchange=True)
            self._write()

    def _write(self) -> None:
        if self._proven == self._written:
            return
        try:
            write_whole(self._file, msgspec.json.encode(self._proven))
            self._written = self._proven
        except OSError as error:
            log.warning("%s could not be written: %s", self._file, error)


def read_proof(data: Path) -> Proven | None:
    """What the last process that got so far wrote, or None."""
    try:
        return msgspec.json.decode((data / FILE).read_bytes(), type=Proven)
    except (OSError, msgspec.DecodeError):
        return None
