"""The log on the disk: `logs/kiosk.log` and those before it, a megabyte in all. Nothing in it says what a citizen voted or wrote.

A log is worth less than a vote: where the disk has little room left nothing is logged, and on a full one the log is given up
(`kiosk.storage.reserve`).
"""

import logging
import re
import shutil
import sqlite3
import traceback
from collections.abc import Iterator
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from kiosk.hours import LOCAL
from kiosk.storage.reserve import LOGS
from sync.files import make_folder

NAME = "kiosk.log"
MOST_BYTES, FORMER = 256 * 1024, 3
ROOM_BYTES = 8 * 1024 * 1024  # a disk with less is for votes
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIRST_LINE = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d) [A-Z]+ [\w.]+: ")


class Discreet(logging.Formatter):
    """Of an exception it tells kind and place. Its message only where the system wrote that: in any other a citizen's words may stand."""

    def __init__(self) -> None:
        super().__init__(LINE)

    def format(self, record: logging.LogRecord) -> str:
        """In lines. What another formatter has made of the exception is not used."""
        return super().format(logging.makeLogRecord({**record.__dict__, "exc_text": None, "stack_info": None}))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 as in logging
        """The time at the counter, by the tablet's clock."""
        return f"{datetime.fromtimestamp(record.created, LOCAL):%Y-%m-%d %H:%M:%S}"

    def formatException(self, ei: object) -> str:  # noqa: N802 as in logging
        """Stack and kind, of what led to it first."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_told(one) for one in reversed(list(_chain(error))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    by_the_system = isinstance(error, sqlite3.Error) or (isinstance(error, OSError) and error.errno is not None)
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__ + (f": {error}" if by_the_system else "")


class LogFile(RotatingFileHandler):
    """data: the data folder. A log that cannot be written, or only where votes need the room, is not. Raises OSError where there is
    no data folder and none can be made.
    """

    def __init__(self, data: Path) -> None:
        make_folder(data / LOGS)
        super().__init__(data / LOGS / NAME, maxBytes=MOST_BYTES, backupCount=FORMER, encoding="utf-8", delay=True)
        self._folder = data / LOGS
        self.setFormatter(Discreet())

    def filter(self, record: logging.LogRecord) -> bool:
        """None of them while the disk has little room."""
        try:
            has_room = shutil.disk_usage(self._folder).free >= ROOM_BYTES
        except OSError:
            return False
        return has_room and bool(super().filter(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 as in logging
        """Else logging would write what was to be logged, and a traceback with it, to standard error."""


def log_files(data: Path) -> list[Path]:
    """All that are there, the oldest first. data: the data folder."""
    former = [data / LOGS / f"{NAME}.{number}" for number in range(FORMER, 0, -1)]
    return [file for file in [*former, data / LOGS / NAME] if file.is_file()]


def last_lines(data: Path, most: int) -> list[str]:
    """The end of the log, the newest last. Raises OSError."""
    lines: list[str] = []
    for file in reversed(log_files(data)):
        lines = [*file.read_text("utf-8", "replace").splitlines(), *lines]
        if len(lines) >= most:
            break
    return lines[-most:]


def first_lines_of_messages(lines: list[str]) -> list[str]:
    """Without tracebacks, and with the day as people write it."""
    found = [(_FIRST_LINE.match(line), line) for line in lines]
    return [f"{told[3]}/{told[2]} {line[told.start(4) :]}" for told, line in found if told]
