"""Which keys a keyboard has, row by row. A landscape row has ten keys, so that each is 18 mm wide on 10 inches. Upright there is room for
seven, and the letters stand in the order of the Vietnamese alphabet, which is what people know who have never typed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.typing import TONES

SPACE, BACKSPACE, SHIFT, SYMBOLS, LETTERS = " ", "backspace", "shift", "symbols", "letters"


class Cap(NamedTuple):
    """value: what the key types, a name above, or nothing for a gap. span: its width, in keys."""

    value: str
    span: float = 1


class Place(NamedTuple):
    """Where a key is, from the left and the bottom of its keyboard."""

    value: str
    x: float
    y: float
    width: float
    height: float


Row = tuple[Cap, ...]


def _row(keys: str, *others: Cap) -> Row:
    return (*map(Cap, keys.split()), *others)


_TONES = tuple(map(Cap, TONES))
_BACK = Cap(BACKSPACE)

WIDE = {
    LETTERS: (
        _row("q w e r t y u i o p"),
        _row("a s d f g h j k l", _BACK),
        (Cap(SHIFT), *_row("z x c v b n m đ ư")),
        (*_row("ă â ê ô ơ"), *_TONES),
        (Cap(SYMBOLS, 2), Cap(","), Cap(SPACE, 5), Cap("."), Cap("?")),
    ),
    SYMBOLS: (
        _row("1 2 3 4 5 6 7 8 9 0"),
        _row("- / : ; ( ) % + =", _BACK),
        _row("! \" ' & @ # * _ … ₫"),
        (Cap(LETTERS, 2), Cap(","), Cap(SPACE, 5), Cap("."), Cap("?")),
    ),
}
UPRIGHT = {
    LETTERS: (
        _row("a ă â b c d đ"),
        _row("e ê g h i k l"),
        _row("m n o ô ơ p q"),
        _row("r s t u ư v x"),
        _row("y f j w z , ."),
        (Cap(SHIFT), *_TONES, _BACK),
        (Cap(SYMBOLS, 2), Cap(SPACE, 4), Cap("?")),
    ),
    SYMBOLS: (
        _row("1 2 3 4 5 6 7"),
        _row("8 9 0 - / : ;"),
        _row("( ) % + = ! …"),
        _row("\" ' & @ # , ."),
        _row("* _ ₫", Cap("", 3), _BACK),
        (Cap(LETTERS, 2), Cap(SPACE, 4), Cap("?")),
    ),
}
PLAIN = {
    "address": (
        _row("1 2 3 4 5 6 7 8 9 0"),
        _row("q w e r t y u i o p"),
        _row("a s d f g h j k l -"),
        _row("z x c v b n m . / :"),
        (Cap(SHIFT), *_row("@ _ %"), Cap(".gov.vn", 3), Cap(BACKSPACE, 3)),
    ),
    "code": (
        _row("1 2 3 4 5 6 7 8 9 0"),
        _row("q w e r t y u i o p"),
        _row("a s d f g h j k l", Cap("")),
        (*_row("z x c v b n m"), Cap(BACKSPACE, 3)),
    ),
}
PLAIN_UPRIGHT = {
    "address": (
        _row("1 2 3 4 5 6 7"),
        _row("8 9 0 - . / :"),
        _row("a b c d e f g"),
        _row("h i j k l m n"),
        _row("o p q r s t u"),
        _row("v w x y z @ _"),
        (Cap(SHIFT), Cap("%"), Cap(".gov.vn", 3), Cap(BACKSPACE, 2)),
    ),
    "code": (
        _row("1 2 3 4 5 6 7"),
        _row("8 9 0", Cap("", 2), Cap(BACKSPACE, 2)),
        _row("a b c d e f g"),
        _row("h i j k l m n"),
        _row("o p q r s t u"),
        _row("v w x y z", Cap("", 2)),
    ),
}
"""Keys for what is no Vietnamese: the address of a server, or an enrolment code."""
DIGITS = {LETTERS: (_row("1 2 3"), _row("4 5 6"), _row("7 8 9"), (Cap(""), Cap("0"), _BACK))}


def placed(rows: Sequence[Row], width: float, height: float) -> list[Place]:
    """Every key's place when the rows share this space; keys touch each other, so that no finger falls between them."""
    high = height / len(rows)
    places = []
    for number, row in enumerate(rows):
        x, wide = 0.0, width / sum(cap.span for cap in row)
        for cap in row:
            if cap.value:
                places.append(Place(cap.value, x, height - (number + 1) * high, cap.span * wide, high))
            x += cap.span * wide
    return places
