"""What keeps the window alive. An exception leads back to the first screen; the third within a minute, or a window that stands still,
ends the process with RESTART_EXIT, for a supervisor to start it again. Nothing is lost by that: a vote is durable before its thanks.

What is logged names the kind of an exception and where it came from, never its message, in which a citizen's words may stand.
"""

import faulthandler
import logging
import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable

from kivy.base import ExceptionHandler, ExceptionManager
from kivy.clock import Clock

RESTART_EXIT = 75  # EX_TEMPFAIL of sysexits.h: try again
MOST_EXCEPTIONS, WITHIN_SECONDS = 3, 60.0
FROZEN_SECONDS = 10.0
LOOKS = 10  # in that time

log = logging.getLogger(__name__)


class Guard(ExceptionHandler):
    """Guards the window from `with` to its end. go_home: shows the first screen, whatever was under way.

    frozen_seconds: how long Kivy's clock may stand still. They are counted by a thread's own waits, so that a machine that slept, or
    was stopped, is not taken for frozen. Where even that thread cannot run, because a library keeps Python's lock, faulthandler's own
    ends the process after three times as long, with exit code 1.
    """

    def __init__(self, go_home: Callable[[], None], frozen_seconds: float = FROZEN_SECONDS) -> None:
        self._go_home = go_home
        self._frozen_seconds = frozen_seconds
        self._exceptions: deque[float] = deque(maxlen=MOST_EXCEPTIONS)
        self._ticks = 0
        self._over = threading.Event()

    def __enter__(self) -> "Guard":
        ExceptionManager.add_handler(self)
        self._ticking = Clock.schedule_interval(self._tick, self._frozen_seconds / LOOKS / 2)
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._watchdog.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watchdog.join()  # else it might put the end off once more, to after this
        faulthandler.cancel_dump_traceback_later()
        self._ticking.cancel()
        ExceptionManager.remove_handler(self)

    def handle_exception(self, inst: BaseException) -> int:
        """Kivy asks what to do about an exception in its loop: to go on, after the first screen was shown."""
        if not isinstance(inst, Exception):
            return ExceptionManager.RAISE
        self._note(inst)
        try:
            self._go_home()
        except Exception as again:
            self._note(again)
            _end("the first screen cannot be shown")
        return ExceptionManager.PASS

    def _note(self, error: Exception) -> None:
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s in the window:\n%s", type(error).__name__, where)
        now = time.monotonic()
        self._exceptions.append(now)
        if len(self._exceptions) == MOST_EXCEPTIONS and now - self._exceptions[0] < WITHIN_SECONDS:
            _end(f"{MOST_EXCEPTIONS} exceptions within {WITHIN_SECONDS:.0f} s")

    def _tick(self, _: float) -> None:
        self._ticks += 1
        if self._ticks == 1:
            self._put_off()

    def _put_off(self) -> None:
        faulthandler.dump_traceback_later(3 * self._frozen_seconds, exit=True)

    def _watch(self) -> None:
        seen = missed = 0
        while not self._over.wait(self._frozen_seconds / LOOKS):
            if self._ticks == seen > 0:
                missed += 1
            else:
                seen, missed = self._ticks, 0
                if seen:
                    self._put_off()
            if missed == LOOKS:
                faulthandler.dump_traceback(sys.__stderr__ or 2)
                _end(f"the window has stood still for {self._frozen_seconds:.0f} s")


def _end(why: str) -> None:
    log.critical("%s: the kiosk ends, to be started again", why)
    logging.shutdown()
    os._exit(RESTART_EXIT)
