"""What a finger changed is drawn ahead of all else: it costs the pixels of a key, not of a screen, which takes up to ten times as long
where there is no GPU.
"""

from typing import NamedTuple

from kivy.uix.widget import Widget

MOST = 3
MARGIN = 2


class Box(NamedTuple):
    """A part of the window, in whole pixels from the left and the bottom."""

    left: int
    bottom: int
    width: int
    height: int


class Ahead:
    """Which parts of the window the next frame draws. What else has changed is drawn in the frame after it, which is always whole."""

    def __init__(self) -> None:
        self._boxes: set[Box] = set()
        self._whole = False

    def show(self, widget: Widget) -> None:
        """A finger changed how this looks."""
        left, bottom = widget.to_window(*widget.pos)
        self._boxes.add(
            Box(round(left) - MARGIN, round(bottom) - MARGIN, round(widget.width) + 2 * MARGIN, round(widget.height) + 2 * MARGIN)
        )

    def show_all(self) -> None:
        """Another screen comes, or much of one has changed."""
        self._whole = True

    def take(self) -> set[Box]:
        """The parts to be drawn now; none: everything. The next time it is everything."""
        boxes = set() if self._whole or len(self._boxes) > MOST else self._boxes
        self._boxes, self._whole = set(), bool(boxes)
        return boxes


ahead = Ahead()
