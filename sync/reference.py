"""The number by which a citizen asks after a comment: short enough to say, and guessed by nobody.

    reference = 7 characters: the first 35 bits of the SHA-256 of the sealed bytes, in Crockford's base32; then one that checks them

The check is the sum of 2^7 d1 + 2^6 d2 + … + 2 d7 in the field of 32 elements (x^5 + x^2 + 1): one wrong character, or two that
changed places, never check.
"""

import unicodedata

from sync.crockford import ALPHABET, normalised

_DIGITS = 7
_SPARE = 4 * 64 - 5 * _DIGITS  # bits of a SHA-256 that the number does not say
_REDUCING = 0b100101  # x^5 + x^2 + 1
# Marks that a Vietnamese keyboard (Telex) makes of the letters of a number.
_TYPED = {
    "\N{COMBINING BREVE}": "W", "\N{COMBINING HORN}": "W", "\N{COMBINING ACUTE ACCENT}": "S",
    "\N{COMBINING GRAVE ACCENT}": "F", "\N{COMBINING HOOK ABOVE}": "R", "\N{COMBINING TILDE}": "X", "\N{COMBINING DOT BELOW}": "J",
}  # fmt: skip


def reference(sealed: str) -> str:
    """The number of a comment by the SHA-256 (hex) of its sealed bytes, as `AB12-CD34`. Kiosk and server find the same."""
    bits = int(sealed, 16) >> _SPARE
    return _written([bits >> 5 * (_DIGITS - 1 - place) & 31 for place in range(_DIGITS)])


def read(typed: str) -> str:
    """The number that a person means who typed this, as `reference` writes it. Raises ValueError for a typing error."""
    text = "".join(letter for letter in normalised(_untelexed(typed)) if letter.isalnum())
    number = f"{text[:4]}-{text[4:]}"
    if len(text) != _DIGITS + 1 or set(text) - set(ALPHABET) or _written([ALPHABET.index(letter) for letter in text[:-1]]) != number:
        raise ValueError("no number of a comment")
    return number


def first_and_last(number: str) -> tuple[str, str]:
    """Between which SHA-256 (hex) all lie that have the number, both included. number: as `reference` writes it."""
    bits = 0
    for letter in number.replace("-", "")[:-1]:
        bits = bits << 5 | ALPHABET.index(letter)
    return f"{bits << _SPARE:064x}", f"{(bits + 1 << _SPARE) - 1:064x}"


def _written(digits: list[int]) -> str:
    check = 0
    for digit in digits:
        check = (check ^ digit) << 1
        check ^= _REDUCING if check & 32 else 0
    letters = "".join(ALPHABET[digit] for digit in [*digits, check])
    return f"{letters[:4]}-{letters[4:]}"


def _untelexed(typed: str) -> str:
    """Â is AA again, Đ is DD, Ư is W (a number has no U), Ắ is AWS."""
    text = ""
    for letter in unicodedata.normalize("NFKC", typed).upper():
        parts = unicodedata.normalize("NFD", letter).replace("Đ", "DD").replace("U\N{COMBINING HORN}", "\N{COMBINING HORN}")
        text += "".join(_TYPED.get(part, part) for part in parts.replace("\N{COMBINING CIRCUMFLEX ACCENT}", parts[0]))
    return text
