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
