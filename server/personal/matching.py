"""Whether something was written by, or about, the person who asks: by number, telephone, name or address. Pure.

Rather too much is found than too little: a person looks at what was found, and sees by what.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from server.places.names import folded
from sync.crockford import ALPHABET, normalised
from sync.sealing import Written

SHORTEST_PHONE = 8  # digits behind the 0
COUNTRY = "84"
_LONGEST_PHONE = 10  # digits behind the 0; what begins with 84 and is longer has the country before it


class Sought(NamedTuple):
    """What somebody says of themselves. Empty: not said."""

    number: str = ""
    phone: str = ""
    name: str = ""
    address: str = ""


def phone_of(text: str) -> str:
    """A telephone number without what differs between two ways to write it: +84 912 345 678, 0084912345678 and 0912.345.678 are the same.

    Empty where the text has fewer digits than a number.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isdecimal() or letter == "+")
    digits = "".join(str(unicodedata.decimal(letter)) for letter in plain if letter != "+")
    abroad = digits.startswith("00")
    digits = digits.removeprefix("00") if abroad else digits
    if digits.startswith(COUNTRY) and (abroad or plain.startswith("+") or len(digits) > _LONGEST_PHONE):
        digits = digits.removeprefix(COUNTRY)
    digits = digits.lstrip("0")
    return digits if len(digits) >= SHORTEST_PHONE else ""


def words_of(text: str) -> list[str]:
    """The words of a name or an address, small and without diacritics."""
    return re.findall(r"\w+", folded(unicodedata.normalize("NFKC", text)))


def number_of(text: str) -> str:
    """A reference number as `sync.reference` writes it, however it was typed; empty for none."""
    plain = normalised("".join(letter for letter in text if letter.isalnum()))
    return f"{plain[:4]}-{plain[4:]}" if len(plain) == 8 and set(plain) <= set(ALPHABET) else ""


def matches(sought: Sought, written: Written) -> list[str]:
    """By what it was found, as the office reads it; empty where nothing of what was sought stands in it."""
    found = []
    phone, name, address = phone_of(sought.phone), words_of(sought.name), words_of(sought.address)
    text = words_of(written.text)
    if phone and phone == phone_of(written.phone):
        found.append("số điện thoại")
    if name and _follow(name, words_of(written.name)):
        found.append("họ tên")
    if address and set(address) <= set(words_of(written.address)):
        found.append("địa chỉ")
    if (phone and _has_phone(written.text, phone)) or (len(name) > 1 and _follow(name, text)):
        found.append("trong nội dung")
    return found


def _follow(words: Sequence[str], within: Sequence[str]) -> bool:
    """Whether the words stand in the other's, one after the other."""
    return any(list(within[start : start + len(words)]) == list(words) for start in range(len(within) - len(words) + 1))


def _has_phone(text: str, phone: str) -> bool:
    digits = re.sub(r"[\s.()/–-]", "", unicodedata.normalize("NFKC", text))
    return any(f"{before}{phone}" in digits for before in ("0", COUNTRY))
