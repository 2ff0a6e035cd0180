"""A monkey at the counter: taps, double taps, drags, holds, two fingers, wrong buttons and keys, at random. It touches for real: the
pointer by XTEST, and more fingers than one by Kivy's own touch recorder.
"""

import random
import time
from collections.abc import Callable

from tests.stage.pointer import Pointer
from tests.stage.touches import DOWN, MOVE, UP, Touch, lay, wait_until_played
from tests.stage.watched import WatchedKiosk

BEHIND = (255, 0, 255)  # a colour that no screen of ours has
KEYS = (
    *("Escape", "F1", "F5", "F11", "Super_L", "Print", "Return", "Tab", "a"),
    *("Alt_L+F4", "Control_L+q", "Control_L+w", "Control_L+c", "Control_L+Alt_L+BackSpace"),
)
OTHER_BUTTONS = (2, 3, 4, 5)
IDLE_SECONDS = 1.7
HOLD_SECONDS = (0.1, 0.5)
Spot = tuple[int, int]


class LeftTheKiosk(Exception):
    """What is behind the kiosk was seen."""


class Monkey:
    """chance: decides everything. events: how many it has made: a finger or button that goes down, moves or comes up; a key."""

    def __init__(self, chance: random.Random, pointer: Pointer, kiosk: WatchedKiosk) -> None:
        self._chance, self._pointer, self._kiosk = chance, pointer, kiosk
        self.events = 0
        pointer.paint_ground(int.from_bytes(bytes(BEHIND), "big"))
        self._does: dict[Callable[[], None], int] = {
            self._tap: 50,
            self._double_tap: 10,
            self._drag: 8,
            self._hold: 1,
            self._two_fingers: 8,
            self._two_fingers_and_the_pointer: 6,
            self._other_button: 2,
            self._key: 2,
            self._wait: 1,
        }

    def play(self, events: int, until: Callable[[], bool] = lambda: False) -> None:
        """Do so many things, or fewer. Raises `LeftTheKiosk`; RuntimeError where the kiosk ended."""
        while self.events < events and not until():
            self._kiosk.listen()
            [act] = self._chance.choices(list(self._does), list(self._does.values()))
            act()
            time.sleep(self._chance.choice((0, 0.005, 0.02)))
            self._look()

    def _look(self) -> None:
        kiosk, display = self._kiosk, self._kiosk.display
        if not kiosk.runs:
            raise RuntimeError(f"the kiosk ended:\n{kiosk.log.read_text()[-2000:]}")
        for x in (0, display.width // 2, display.width - 1):
            for y in (0, display.height // 2, display.height - 1):
                if display.pixel(x, y) == BEHIND:
                    raise LeftTheKiosk(f"after {self.events} events, at {x}, {y}")

    def _somewhere(self) -> Spot:
        """More often than not where there is something to touch; all keys together are as one such thing."""
        spots = self._kiosk.spots
        keys = [name for name in spots if len(name) == 1]
        things = [name for name in spots if len(name) > 1] + ([self._chance.choice(keys)] if keys else [])
        if things and self._chance.random() < 0.8:
            x, y = spots[self._chance.choice(things)]
            return x + self._chance.randint(-15, 15), y + self._chance.randint(-15, 15)
        return self._chance.randrange(self._kiosk.display.width), self._chance.randrange(self._kiosk.display.height)

    def _nearly(self, spot: Spot) -> Spot:
        return spot[0] + self._chance.randint(-5, 5), spot[1] + self._chance.randint(-5, 5)

    def _down(self, spot: Spot) -> None:
        self._pointer.move(*spot)
        self._pointer.down()
        self.events += 1

    def _up(self, spot: Spot) -> None:
        self._pointer.move(*spot)
        self._pointer.up()
        self.events += 1

    def _tap(self, spot: Spot | None = None) -> None:
        spot = spot or self._somewhere()
        self._down(spot)
        time.sleep(self._chance.choice((0, 0.01, 0.03)))
        self._up(self._nearly(spot))

    def _double_tap(self) -> None:
        spot = self._somewhere()
        self._tap(spot)
        time.sleep(self._chance.choice((0, 0.02, 0.06)))
        self._tap(self._nearly(spot))

    def _drag(self) -> None:
        self._down(self._somewhere())
        for _ in range(self._chance.randint(1, 6)):
            self._pointer.move(*self._somewhere())
            self.events += 1
            time.sleep(0.004)
        self._up(self._somewhere())

    def _hold(self) -> None:
        spot = self._somewhere()
        self._down(spot)
        time.sleep(self._chance.uniform(*HOLD_SECONDS))
        self._up(self._nearly(spot))

    def _two_fingers(self) -> None:
        self._let_play()
        wait_until_played(self._kiosk.touches)

    def _two_fingers_and_the_pointer(self) -> None:
        spot = self._somewhere()
        self._down(spot)
        self._let_play()
        time.sleep(self._chance.uniform(0, 0.1))
        self._up(self._chance.choice((spot, self._somewhere())))
        wait_until_played(self._kiosk.touches)

    def _other_button(self) -> None:
        self._pointer.move(*self._somewhere())
        button = self._chance.choice(OTHER_BUTTONS)
        self._pointer.down(button)
        self._pointer.up(button)
        self.events += 2

    def _key(self) -> None:
        self._pointer.key(self._chance.choice(KEYS))
        self.events += 1

    def _wait(self) -> None:
        time.sleep(IDLE_SECONDS if self._chance.random() < 0.3 else 0.1)

    def _let_play(self) -> None:
        """Two fingers: each goes down, moves or not, and comes up, while the other does the same."""
        touches: list[Touch] = []
        for finger in (1, 2):
            at, spot = self._chance.uniform(0, 0.03), self._somewhere()
            moves = self._chance.choice((0, 0, 1, 3))
            for what in (DOWN, *[MOVE] * moves, UP):
                touches.append((at, what, finger, spot))
                at += self._chance.uniform(0.005, 0.03)
                spot = self._somewhere() if moves and self._chance.random() < 0.5 else self._nearly(spot)
        lay(self._kiosk.touches, self._kiosk.display, touches)
        self.events += len(touches)
