"""How many batches a device may send within a minute. Counted in each process by itself: it protects, it does not bill."""

import threading
from collections import Counter
from datetime import datetime

from django.conf import settings

from server.problems import ProblemError

MINUTE = 60

_lock = threading.Lock()
_counted: Counter[str] = Counter()
_minute = 0


def note_batch(device_id: str, at: datetime) -> None:
    """Count a batch of the device. Raises `too-many-batches`, with the seconds until the next minute, beyond the limit."""
    global _minute
    seconds = int(at.timestamp())
    with _lock:
        if seconds // MINUTE != _minute:
            _minute = seconds // MINUTE
            _counted.clear()
        _counted[device_id] += 1
        many = _counted[device_id] > settings.BATCHES_PER_MINUTE
    if many:
        detail = f"{settings.BATCHES_PER_MINUTE} are allowed"
        raise ProblemError("too-many-batches", detail, headers={"Retry-After": str(MINUTE - seconds % MINUTE)})
