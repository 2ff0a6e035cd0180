"""How often something may be done within a minute. Counted in each process by itself: it protects, it does not bill."""

import threading
from collections import Counter
from datetime import datetime

MINUTE = 60


class PerMinute:
    """Counts by name, anew in each minute of the clock. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[str] = Counter()
        self._minute = 0

    def seconds_to_wait(self, name: str, at: datetime, most: int) -> int:
        """Count once more by a name; 0, or beyond `most` of this minute the seconds until the next one."""
        return self._look(name, at, most, 1)

    def seconds_left(self, name: str, at: datetime, most: int) -> int:
        """The same without counting: 0 while once more would not be beyond `most`."""
        return self._look(name, at, most - 1, 0)

    def _look(self, name: str, at: datetime, most: int, more: int) -> int:
        seconds = int(at.timestamp())
        with self._lock:
            if seconds // MINUTE != self._minute:
                self._minute = seconds // MINUTE
                self._counted.clear()
            self._counted[name] += more
            many = self._counted[name] > most
        return MINUTE - seconds % MINUTE if many else 0
