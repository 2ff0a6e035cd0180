"""The number of a comment."""

from hypothesis import given
from hypothesis import strategies as st

from sync.crockford import ALPHABET
from sync.reference import reference

HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)


def checks(number: str) -> bool:
    """As the document has it, with the field's multiplication by the book: shift, and subtract x^5 + x^2 + 1."""

    def twice(value: int) -> int:
        return value << 1 if value < 16 else (value << 1) ^ 0b100101

    *digits, check = (ALPHABET.index(letter) for letter in number.replace("-", ""))
    total = 0
    for place, digit in enumerate(digits):
        for _ in range(len(digits) - place):
            digit = twice(digit)
        total ^= digit
    return total == check


@given(HASHES)
def test_it_is_the_first_35_bits_in_base32_and_checks(sealed: str) -> None:
    number = reference(sealed)
    assert (len(number), number[4]) == (9, "-")
    bits = "".join(f"{ALPHABET.index(letter):05b}" for letter in number.replace("-", "")[:7])
    assert bits == f"{int(sealed, 16):0256b}"[:35]
    assert checks(number)


@given(HASHES, st.data())
def test_one_wrong_character_and_two_that_changed_places_are_noticed(sealed: str, data: st.DataObject) -> None:
    letters = list(reference(sealed).replace("-", ""))
    at = data.draw(st.integers(0, 7))
    other = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != letters[at]]))
    assert not checks("".join([*letters[:at], other, *letters[at + 1 :]]))
    at = data.draw(st.integers(0, 6))
    swapped = [*letters[:at], letters[at + 1], letters[at], *letters[at + 2 :]]
    assert checks("".join(swapped)) == (letters[at] == letters[at + 1])
