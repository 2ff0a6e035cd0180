"""The end of the log, for the technician's screen. It is in memory, and so there on a full disk too."""

import logging
from collections import deque
from collections.abc import Iterable

LINES = 60
LONGEST_LINE = 300


class Recent(logging.Handler):
    """Keeps the first line of each of the last messages, and no traceback. before: lines from before this start."""

    def __init__(self, before: Iterable[str] = ()) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque((line[:LONGEST_LINE] for line in before), LINES)
        self._format = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%d/%m %H:%M:%S")

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, in any thread."""
        record = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        self._lines.append(self._format.format(record).splitlines()[0][:LONGEST_LINE])

    def lines(self) -> list[str]:
        """The newest last."""
        return list(self._lines)
