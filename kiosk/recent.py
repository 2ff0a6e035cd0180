"""The end of the log, for the technician's screen. It is in memory, and so there on a full disk too."""

import logging
from collections import deque
from collections.abc import Iterable
from datetime import datetime

from kiosk.hours import LOCAL

LINES = 60
LONGEST_LINE = 300


class Recent(logging.Handler):
    """Keeps the first line of each of the last messages, and no traceback. before: lines from before this start. The time is the counter's,
    as in the log on the disk: a tablet may have been left at UTC.
    """

    def __init__(self, before: Iterable[str] = ()) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque((line[:LONGEST_LINE] for line in before), LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, in any thread."""
        at = datetime.fromtimestamp(record.created, LOCAL)
        line = f"{at:%d/%m %H:%M:%S} {record.levelname} {record.name}: {record.getMessage()}"
        self._lines.append(line.splitlines()[0][:LONGEST_LINE])

    def lines(self) -> list[str]:
        """The newest last."""
        return list(self._lines)
