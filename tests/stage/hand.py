"""A finger on the comment's screen and its keyboard. It knows where things are, as an eye would."""

import unicodedata

from kiosk.typing import TONES
from kiosk.ui.sizes import MOST_KEY_HEIGHT
from kiosk.ui.widgets.key_rows import DIGITS, LETTERS, SYMBOLS, UPRIGHT, WIDE, Row, placed
from tests.stage.display import VirtualDisplay

Spot = tuple[int, int]
MM = 5.884  # pixels of a millimetre on displays of 1280 × 800 and 800 × 1280: 10.1 inches


class Hand:
    """Types and taps."""

    def __init__(self, display: VirtualDisplay) -> None:
        self.display = display
        self.upright = display.height > display.width
        if self.upright:
            self.go_on, self.back, self.tick, self.name, self.phone = (600, 380), (200, 380), (400, 318), (400, 511), (400, 647)
            self.send = (600, 1190)
        else:
            self.go_on, self.back, self.tick, self.name, self.phone = (1120, 80), (1120, 210), (640, 197), (340, 353), (940, 353)
            self.send = (1020, 712)

    def key(self, value: str, rows: tuple[Row, ...] | None = None) -> Spot:
        """The middle of a key."""
        side, upper = (12, 420) if self.upright else (16, 250)
        wide, high = self.display.width - 2 * side, self.display.height - upper - 42
        left = side
        if rows is DIGITS[LETTERS]:
            left, wide = (self.display.width - 560) // 2, 560
            high = min(high, round(4 * MOST_KEY_HEIGHT * MM))
        page = rows or (UPRIGHT if self.upright else WIDE)[LETTERS]
        [place] = [place for place in placed(page, wide, high) if place.value == value]
        return round(left + place.x + place.width / 2), round(upper + 32 + high - place.y - place.height / 2)

    def tap(self, spot: Spot) -> None:
        self.display.tap(*spot)
        self.display.wait_until_still()

    def type(self, text: str) -> None:
        """Type with the keys for letters and tones; large letters only where they begin no sentence."""
        symbols = (UPRIGHT if self.upright else WIDE)[SYMBOLS]
        for letter in text:
            plain = "".join(one for one in unicodedata.normalize("NFD", letter.lower()) if one not in TONES)
            tone = [one for one in unicodedata.normalize("NFD", letter) if one in TONES]
            if letter in "!1":
                self.tap(self.key(SYMBOLS))
                self.tap(self.key(letter, symbols))
                self.tap(self.key(LETTERS, symbols))
                continue
            for value in [unicodedata.normalize("NFC", plain), *tone]:
                self.tap(self.key(value))
