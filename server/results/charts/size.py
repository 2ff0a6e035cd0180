"""How wide pictures are. Pure."""

from enum import IntEnum


class Width(IntEnum):
    """Widths in CSS pixels: of a card on a phone of 360, of half a page, of a whole one. Text in them is as large in all of them,
    and a page shows each at its own width or a little larger, never smaller.
    """

    PHONE = 296
    HALF = 520
    FULL = 1120


NOTHING_HEIGHT = 96  # of a picture that only says that there is nothing to show
