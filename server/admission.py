"""How many requests are worked on at once. Who comes when too many wait is given an appointment instead of a place in the queue.

After an outage all kiosks come back within a minute. A queue would grow until those at its end give up unheard, come again,
and make it longer. So beyond a short queue each is asked to come again when those before it will be done, one after the
other (virtual scheduling: the time of the next free appointment moves on by one service time each).
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST_APPOINTMENT_SECONDS = 900.0
SLOWEST_SECONDS = 1.0
SMOOTHING = 0.1


class Full(Exception):
    """Too many wait already. after_seconds: when to come again."""

    def __init__(self, after_seconds: float) -> None:
        super().__init__(f"come again after {after_seconds:.0f} s")
        self.after_seconds = after_seconds


class Admission:
    """at_once: requests worked on at the same time. waiting: further ones that may queue. Thread-safe.

    service_seconds: what one request takes, to begin with; it is measured from then on.
    """

    def __init__(self, at_once: int, waiting: int, *, service_seconds: float = 0.02, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = threading.Semaphore(at_once)
        self._at_once = at_once
        self._room = at_once + waiting
        self._lock = threading.Lock()
        self._inside = 0
        self._service = service_seconds
        self._booked = 0.0
        self._clock = clock

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and hold it. Raises `Full` at once when the queue is full."""
        with self._lock:
            if self._inside >= self._room:
                raise Full(self._appointment())
            self._inside += 1
        try:
            with self._places:
                began = self._clock()
                try:
                    yield
                finally:
                    self._measured(self._clock() - began)
        finally:
            with self._lock:
                self._inside -= 1

    def _measured(self, seconds: float) -> None:
        with self._lock:
            self._service += SMOOTHING * (seconds - self._service)

    def _appointment(self) -> float:
        """In how many seconds the next appointment is free.

        When the database stands still for a moment a request seems to take that long, and the appointments of a whole country would
        fill hours in which nobody comes. So one request counts as SLOWEST_SECONDS at most, and when the appointments of a quarter
        of an hour are given they are given once more, from the first: who finds the queue full again is told so again.
        """
        now = self._clock()
        each = min(self._service / self._at_once, SLOWEST_SECONDS)
        soonest = now + self._room * each
        booked = max(self._booked, soonest) + each
        self._booked = booked if booked - now <= LONGEST_APPOINTMENT_SECONDS else soonest + each
        return self._booked - now


def retry_after(full: Full) -> str:
    """The value of Retry-After (RFC 9110, section 10.2.3): whole seconds, rounded at random so that appointments stay apart."""
    return str(max(1, int(full.after_seconds + random.random())))
