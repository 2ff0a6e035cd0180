"""PINs of officers and technicians: what is taken for one. Only the hash is kept, and nobody can see a PIN again.

Two officers may have the same PIN: at the counter they choose their name first. To refuse it would tell one the other's.
"""

from itertools import pairwise

from sync.pins import FEWEST_DIGITS, MOST_DIGITS, hash_pin


class BadPin(Exception):
    """These digits are not taken; the message says, in Vietnamese, what to do."""


def hashed(pin: str, most: int = MOST_DIGITS) -> str:
    """The hash of a PIN, as kiosks get it. most: how many digits it may have. Raises `BadPin`."""
    if not (pin.isascii() and pin.isdecimal() and FEWEST_DIGITS <= len(pin) <= most):
        raise BadPin(f"Mã PIN gồm {FEWEST_DIGITS} đến {most} chữ số.")
    if _is_trivial(pin):
        raise BadPin("Mã PIN này quá dễ đoán. Xin chọn mã không lặp lại và không theo thứ tự, ví dụ không dùng 1111, 1234 hay 1212.")
    return hash_pin(pin)


def _is_trivial(pin: str) -> bool:
    """One digit, digits that go up or down by one, or a part said again."""
    steps = {(int(following) - int(digit)) % 10 for digit, following in pairwise(pin)}
    return steps in ({0}, {1}, {9}) or any(pin == pin[:size] * (len(pin) // size) for size in (2, 3, 4) if size < len(pin))
