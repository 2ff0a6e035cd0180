"""Dims a kiosk that rests: the display's own light, else the picture."""

from collections.abc import Sequence
from typing import Protocol

from kiosk.ui.screens.rest import RestScreen

DIM_AFTER_SECONDS = 120.0


class Light(Protocol):
    """The display's own: `kiosk.backlight.Backlight`."""

    def dim(self) -> bool:
        """Darker, never dark. False where it cannot be changed."""

    def restore(self) -> None:
        """As bright as before."""


class Dimming:
    """rests: the rest screens. on: whether it is dim now."""

    def __init__(self, light: Light, rests: Sequence[RestScreen]) -> None:
        self._light = light
        self._rests = rests
        self.on = False

    def look(self, resting_seconds: float) -> None:
        """To be called whenever it may have rested long enough, or been woken: then at once. resting_seconds: 0 where it does not rest."""
        on = resting_seconds >= DIM_AFTER_SECONDS
        if on is self.on:
            return
        self.on = on
        darker = on and not self._light.dim()
        if not on:
            self._light.restore()
        for rest in self._rests:
            rest.dim = darker
