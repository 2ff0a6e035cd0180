"""More fingers than one: what they do is laid into a file, and the program plays it by Kivy's own touch recorder."""

from collections.abc import Iterable
from pathlib import Path

from tests.stage.display import VirtualDisplay, wait_until

DOWN, MOVE, UP = "begin", "update", "end"  # the recorder's words
Touch = tuple[float, str, int, tuple[int, int]]  # seconds after the first, what, which finger, where on the display


def lay(file: Path, display: VirtualDisplay, touches: Iterable[Touch]) -> None:
    """Let the program play these, from now on. Each finger goes down, moves or not, and comes up."""
    lines = ["#RECORDER1.0"]
    for at, what, finger, (x, y) in sorted(touches):
        place = {"is_touch": True, "sx": x / display.width, "sy": 1 - y / display.height, "profile": ["pos"]}
        lines.append(repr((at, what, finger, place)))
    draft = file.with_suffix(".draft")
    draft.write_text("\n".join(lines), "utf-8")
    draft.rename(file)


def wait_until_played(file: Path) -> None:
    """Wait until the fingers are up. Raises TimeoutError."""
    wait_until(lambda: not file.exists(), "the touches have been played", 20)


class Player:
    """In the program: plays what lies in the file, and removes it."""

    def __init__(self, file: Path) -> None:
        from kivy.input.recorder import Recorder

        self._file = file
        self._recorder = Recorder(filename=str(file))
        self._recorder.bind(on_stop=lambda _: file.unlink())

    def look(self) -> None:
        """To be called again and again."""
        if not self._recorder.play and self._file.exists():
            self._recorder.play = True
