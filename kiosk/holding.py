"""Holding a corner of the display, which opens the technician's screen. No Kivy; time and touches are handed in."""

from collections.abc import Hashable

HOLD_SECONDS = 5.0


class Holding:
    """One finger that went down inside the corner as the only one, and has not left it. It only looks on: it takes no touch from anybody.

    Times are seconds of any clock that never jumps.
    """

    def __init__(self) -> None:
        self._down: set[Hashable] = set()
        self._since: float | None = None

    @property
    def is_on(self) -> bool:
        """Whether one is under way."""
        return self._since is not None

    def went_down(self, touch: Hashable, now: float, *, inside: bool) -> None:
        """A finger went down. A second one ends a hold: it is a hand that leans on the display."""
        self._since = now if inside and not self._down else None
        self._down.add(touch)

    def moved(self, *, inside: bool) -> None:
        """A finger moved."""
        if not inside:
            self._since = None

    def came_up(self, touch: Hashable) -> None:
        """A finger came up."""
        self._down.discard(touch)
        self._since = None

    def is_long_enough(self, now: float) -> bool:
        """Whether it has lasted; said once for each hold."""
        if self._since is None or now - self._since < HOLD_SECONDS:
            return False
        self._since = None
        return True
