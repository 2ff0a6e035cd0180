"""The number of a comment."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.crockford import ALPHABET
from sync.reference import _untelexed, first_and_last, read, reference

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


@given(HASHES)
def test_a_number_is_read_however_it_is_typed(sealed: str) -> None:
    number = reference(sealed)
    plain = number.replace("-", "")
    for typed in (number, plain, plain.lower(), f" {plain[:4]} – {plain[4:]} ", plain.replace("0", "O").replace("1", "l")):
        assert read(typed) == number


@given(HASHES, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_told_at_once(sealed: str, place: int, letter: str) -> None:
    typed = list(reference(sealed).replace("-", ""))
    assume(typed[place] != letter)
    typed[place] = letter
    with pytest.raises(ValueError, match="no number"):
        read("".join(typed))


@pytest.mark.parametrize("typed", ["", "-", "AB12-CD3", "AB12-CD345", "ABÜ2-CD34", "UUUU-UUUU", "x" * 5000])
def test_what_has_no_eight_characters_of_the_alphabet_is_no_number(typed: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        read(typed)


@pytest.mark.parametrize(("typed", "meant"), [("Â", "AA"), ("đ", "DD"), ("Ư", "W"), ("ế", "EES"), ("Ắ", "AWS")])
def test_what_a_vietnamese_keyboard_made_of_the_letters_is_undone(typed: str, meant: str) -> None:
    assert _untelexed(typed) == meant


@given(HASHES)
def test_a_hash_lies_between_the_first_and_the_last_of_its_number(sealed: str) -> None:
    first, last = first_and_last(reference(sealed))
    assert first <= sealed <= last
    assert reference(first) == reference(last) == reference(sealed)
    assert reference(f"{int(last, 16) + 1 & (1 << 256) - 1:064x}") != reference(sealed)
