"""Which of the kiosk's threads the system runs first."""

import os
import sys
import threading
from contextlib import suppress

AHEAD_OF_DRAWING = -10


def go_first() -> None:
    """Run the calling thread before those that draw: without a GPU these fill every core, and a vote would wait for them.

    Where that is not allowed (it takes LimitNICE= or CAP_SYS_NICE), or not Linux, nothing changes.
    """
    if sys.platform == "linux":  # only there a thread has a priority of its own
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), AHEAD_OF_DRAWING)
