"""Crockford's base32: text that people can read to each other (https://www.crockford.com/base32.html)."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def random_text(characters: int) -> str:
    """Random characters, five bits in each, from the system's source of secrets."""
    return "".join(secrets.choice(ALPHABET) for _ in range(characters))


def normalised(text: str) -> str:
    """What a person who typed this meant: upper case, no dashes and spaces, O is 0, I and L are 1."""
    return "".join(text.split()).upper().translate(_READ_AS)


def encoded(data: bytes) -> str:
    """Bytes as text, five bits in each character, the last one filled up with zeros."""
    characters = -(-len(data) * 8 // 5)
    bits = int.from_bytes(data, "big") << characters * 5 - len(data) * 8
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(characters)))


def decoded(text: str) -> bytes:
    """The bytes of a text that `encoded` made, in small letters too. Raises ValueError for a character that is none of its own, and
    for bits that fill up and are not zero.
    """
    text, bits = text.upper(), 0
    for character in text:
        bits = bits << 5 | ALPHABET.index(character)
    spare = len(text) * 5 % 8
    if bits & (1 << spare) - 1:
        raise ValueError("more bits than bytes")
    return (bits >> spare).to_bytes(len(text) * 5 // 8, "big")
