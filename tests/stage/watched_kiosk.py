"""The real kiosk in its real window, watched: `python -m tests.stage.watched_kiosk --config FILE [--hurried] [--careless]`.

Beside its settings it writes `told`, a line of JSON each time that something changed: the screen, with the ids of the votes that were
recorded since the question was last shown; and what can be touched, with its place. Touches that lie there as `touches.kvi` are played by
Kivy's own recorder, and the file is removed when they are over.

--hurried: screens stay for moments. --careless: a second finger votes too, as it must not. Everything else is the program's own.
"""

import json
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TextIO, cast
from uuid import UUID

from kiosk import running, visit
from kiosk.__main__ import main as program
from kiosk.touch import Chip, Target
from kiosk.visit import Pace, Records, Screen, Visit
from kiosk.vote import Rating
from tests.stage.touches import Player

if TYPE_CHECKING:
    from kivy.uix.widget import Widget

LOOK_SECONDS = 0.01
HOLD_SECONDS = 0.4
NAMED_BY = ("value", "label", "name", "text", "words")  # what a widget of ours has that tells it from others
DURABLE_WITHIN_SECONDS = 30.0


def main() -> None:
    """Run the kiosk with the words of the command line."""
    own = ("--hurried", "--careless")
    words = [word for word in sys.argv[1:] if word not in own]
    hurried, careless = (word in sys.argv for word in own)
    folder = Path(words[words.index("--config") + 1]).parent
    with (folder / "told").open("a", buffering=1, encoding="utf-8") as told:
        _replace(running, "Visit", partial(Careless if careless else Watched, folder, told))
        if hurried:
            _replace(running, "Pace", quick)
            _replace(visit, "HOLD_SECONDS", HOLD_SECONDS)
        program(words)


def quick(**_: object) -> Pace:
    """How long screens stay in a hurry."""
    return Pace(thanks=0.05, sorry=0.3, idle=1.5, writing=2.5)


def _replace(module: ModuleType, name: str, value: object) -> None:
    assert hasattr(module, name)
    setattr(module, name, value)


class Heard:
    """The records of a turn, which remember the votes. records: the kiosk's own."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.votes: list[Future[UUID]] = []

    def vote(self, rating: Rating) -> Future[UUID]:
        self.votes.append(self._records.vote(rating))
        return self.votes[-1]

    def __getattr__(self, name: str) -> object:
        return getattr(self._records, name)


class Watched(Visit):
    """The turn, which tells of itself. folder: where touches are looked for; told: what is written to."""

    def __init__(self, folder: Path, told: TextIO, records: Records, languages: Sequence[str]) -> None:
        self._told, self._heard = told, Heard(records)
        super().__init__(cast(Records, self._heard), languages)
        from kivy.clock import Clock  # only now may Kivy be imported

        for one in (Watch(self._tell), Player(folder / "touches.kvi")):
            Clock.schedule_interval(lambda _, look=one.look: look(), LOOK_SECONDS)

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "screen":
            assert isinstance(value, Screen)
            self._tell(screen=value.name, votes=[str(vote.result(DURABLE_WITHIN_SECONDS)) for vote in self._heard.votes])
            if value is Screen.ASK:
                self._heard.votes = []

    def _tell(self, **what: object) -> None:
        self._told.write(json.dumps(what) + "\n")


class Careless(Watched):
    """Broken on purpose."""

    def touch_up(self, touch: Hashable, target: Target | None) -> None:
        if self.screen is Screen.ASK and self.press is not None and self.press.touch != touch and isinstance(target, Rating):
            self._heard.vote(target)
        super().touch_up(touch, target)


class Watch:
    """Looks at the window again and again. tell: takes what changed."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell = tell
        self._seen: list[tuple[str, int, int]] = []
        self._said: list[tuple[str, int, int]] = []

    def look(self) -> None:
        """Tell where there is something to touch, once it has its place: seen there twice."""
        from kivy.core.window import Window

        height = Window.height
        spots = [(name, round(x), round(height - y)) for name, (x, y) in _touchable(Window.children[0])]
        if spots == self._seen != self._said:
            self._said = spots
            self._tell(spots=spots)
        self._seen = spots


def _touchable(content: "Widget") -> Iterator[tuple[str, tuple[float, float]]]:
    """The names and the middles of all that answers a finger."""
    from kiosk.ui.screens.touched import TouchedScreen

    for widget in content.walk():
        if isinstance(widget, TouchedScreen):
            for one, target in widget.targets():
                yield target.reason if isinstance(target, Chip) else target.name.lower(), one.to_window(*one.center)
            return
        if hasattr(widget, "pressed") or hasattr(widget, "touchable"):
            yield next(getattr(widget, by) for by in NAMED_BY if hasattr(widget, by)), widget.to_window(*widget.center)


if __name__ == "__main__":
    main()
