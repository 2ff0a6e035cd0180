"""The tablet's clocks: a wall clock that may say 1970, and an uptime that never jumps."""

import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sync.entries import to_the_millisecond

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Moment:
    """at: wall clock (UTC). up: seconds since boot, counting sleep. boot: names the boot that `up` counts from."""

    at: datetime
    up: float
    boot: str


class Clocks:
    """Reads all clocks at once.

    Where the system does not name its boots, each start of the program counts as one.
    """

    def __init__(self) -> None:
        self._boot = _BOOT_ID.read_text("ascii").strip() if _BOOT_ID.exists() else str(uuid.uuid4())

    def now(self) -> Moment:
        return Moment(to_the_millisecond(datetime.now(UTC)), round(_uptime(), 3), self._boot)


def _uptime() -> float:
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
