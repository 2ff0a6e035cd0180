"""The least sizes of what is touched and read, and the largest of a key, in millimetres; some by the display's diagonal in inches."""

TOUCH_MM = 20.0
LINE_MM = 3.6
MOST_KEY_WIDTH, MOST_KEY_HEIGHT = 27.0, 23.0  # a hand that types need not travel over the whole of a large display


def key_mm(inches: float) -> float:
    """The least width of a keyboard's key: 12 at 7 inches, 18 from 10 on."""
    return min(18.0, max(12.0, 12 + (inches - 7) * 2))


def answer_mm(inches: float) -> float:
    """The least side of an answer's card: 45 at 7 inches, 60 from 10 on."""
    return min(60.0, max(45.0, 45 + (inches - 7) * 5))
