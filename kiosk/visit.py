"""One citizen's turn, from the tap to the thank-you and back. No Kivy; time and touches are handed in.

    ASK ──(a finger goes down and up inside one answer)──► SAVING ──(durable)──────────► THANKS ──(thanks_seconds)──► ASK
                                                             └────(on no disk at all)──► SORRY ───(sorry_seconds)───► ASK

One tap is one vote. A touch acts only when it went down on the ASK screen as the only finger, and comes up inside the same
answer. So a touch that began on the screen before, a second finger, and the same touch delivered twice (Kivy does that on
some touchscreens) do nothing.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto

from kiosk.vote import Rating


class Screen(Enum):
    """What is shown. While SAVING, the ASK screen stays, with the answer pressed."""

    ASK = auto()
    SAVING = auto()
    THANKS = auto()
    SORRY = auto()


@dataclass(frozen=True)
class Press:
    """The finger that is down, and the answer under it."""

    touch: Hashable
    rating: Rating


class Visit:
    """The turn. cast: takes a rating, and gives a future that ends when it is durable, or raises when it is on no disk.

    thanks_seconds, sorry_seconds: how long those screens stay. Times are seconds of any clock that never jumps.
    """

    def __init__(self, cast: Callable[[Rating], Future[None]], thanks_seconds: float, sorry_seconds: float = 10.0) -> None:
        self._cast = cast
        self._stays = {Screen.THANKS: thanks_seconds, Screen.SORRY: sorry_seconds}
        self._shown_at = 0.0
        self._saving: Future[None] | None = None
        self.screen = Screen.ASK
        self.press: Press | None = None

    @property
    def saving(self) -> Future[None] | None:
        """What the turn waits for, while SAVING."""
        return self._saving

    def touch_down(self, touch: Hashable, rating: Rating) -> None:
        """A finger went down on an answer."""
        if self.screen is Screen.ASK and self.press is None:
            self.press = Press(touch, rating)

    def touch_up(self, touch: Hashable, rating: Rating | None) -> None:
        """A finger came up, over an answer or (None) beside both. Sliding off cancels."""
        if self.screen is not Screen.ASK or self.press is None or self.press.touch != touch:
            return
        if self.press.rating is not rating:
            self.press = None
            return
        self.screen = Screen.SAVING
        self._saving = self._cast(rating)

    def tick(self, now: float) -> None:
        """Time went on."""
        if self._saving is not None and self._saving.done():
            lost = self._saving.exception() is not None
            self._saving = None
            self.press = None
            self._show(Screen.SORRY if lost else Screen.THANKS, now)
        elif self.screen in self._stays and now - self._shown_at >= self._stays[self.screen]:
            self._show(Screen.ASK, now)

    def _show(self, screen: Screen, now: float) -> None:
        self.screen = screen
        self._shown_at = now
