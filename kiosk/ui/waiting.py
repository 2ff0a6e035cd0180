"""The window waits for what another thread does, and goes on meanwhile."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from kivy.clock import Clock

LOOK_SECONDS = 0.05


def when_done(future: Future[Any], act: Callable[[Future[Any]], object]) -> None:
    """Call `act` with the future once it is done, in the window's thread."""

    def look(_: float) -> bool:
        if not future.done():
            return True
        act(future)
        return False

    Clock.schedule_interval(look, LOOK_SECONDS)
