"""The number by which a citizen asks after a comment: short enough to say, and guessed by nobody.

    reference = 7 characters: the first 35 bits of the SHA-256 of the sealed bytes, in Crockford's base32; then one that checks them

The check is the sum of 2^7 d1 + 2^6 d2 + … + 2 d7 in the field of 32 elements (x^5 + x^2 + 1): one wrong character, or two that
changed places, never check.
"""

from sync.crockford import ALPHABET

_DIGITS = 7
_REDUCING = 0b100101  # x^5 + x^2 + 1


def reference(sealed: str) -> str:
    """The number of a comment by the SHA-256 (hex) of its sealed bytes, as `AB12-CD34`. Kiosk and server find the same."""
    bits = int(sealed, 16) >> (4 * len(sealed) - 5 * _DIGITS)
    digits = [bits >> 5 * (_DIGITS - 1 - place) & 31 for place in range(_DIGITS)]
    check = 0
    for digit in digits:
        check = (check ^ digit) << 1
        check ^= _REDUCING if check & 32 else 0
    letters = "".join(ALPHABET[digit] for digit in [*digits, check])
    return f"{letters[:4]}-{letters[4:]}"
