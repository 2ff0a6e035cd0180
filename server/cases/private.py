"""What of a citizen stands in words that are to be public: their name, telephone number, address, and the number of the matter. Pure.

Written otherwise it is found too: without marks, with dots or spaces between digits, a letter O for a zero, digits in words.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sync.crockford import normalised
from sync.sealing import Written

_SPOKEN = {
    "khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6", "bay": "7",
    "tam": "8", "chin": "9",
}  # fmt: skip
_CALLED = {"ông", "bà", "anh", "chị", "cô", "chú", "bác", "em"}  # before a given name; “ba lần” is not “bà Lan”
_AREAS = {"phuong", "xa", "quan", "huyen", "tinh", "thanh", "tp", "thi", "dac"}  # what begins the name of a whole area
_LETTERS_FOR_DIGITS = str.maketrans("oOlIi|", "001111")
_PHONE = re.compile(r"(?=((?:0|84)[1-9]\d{8}))")
_SHORTEST_PHONE = 6  # digits, without what stands before them for the country


def found(text: str, known: Iterable[Written], numbers: Iterable[str]) -> list[str]:
    """What of it stands in the text, in words for the person who wrote it. known: what was written in the matter, opened; numbers: by
    which citizens ask after it.
    """
    known, words, digits = list(known), _words(text), _digits(text)
    said = []
    if any(_holds_name(text, one.name) for one in known if one.name):
        said.append("tên của người dân")
    if any(phone in digits for phone in _phones(known)):
        said.append("số điện thoại của người dân")
    if any(_holds_address(words, one.address) for one in known if one.address):
        said.append("địa chỉ của người dân")
    plain = re.sub(r"[^0-9A-Z]", "", normalised(_folded(text)))
    if any(normalised(number) in plain for number in numbers):
        said.append("mã số của vụ việc")
    return said


def _folded(text: str) -> str:
    """Small letters without marks."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf").lower()


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _folded(text))


def _with_marks(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())


def _holds(words: Sequence[str], some: Sequence[str]) -> bool:
    return bool(some) and any(list(words[at : at + len(some)]) == list(some) for at in range(len(words) - len(some) + 1))


def _holds_name(text: str, name: str) -> bool:
    """The whole name, or the given name after what one calls somebody. A name of one word is too like any word to be found alone."""
    parts = _with_marks(name)
    while len(parts) > 1 and parts[0] in _CALLED:
        parts = parts[1:]
    if not parts:
        return False
    with_marks = _with_marks(text)
    called = any(_holds(with_marks, [before, parts[-1]]) for before in _CALLED)
    return called or (len(parts) > 1 and _holds(_words(text), _words(" ".join(parts))))


def _holds_address(words: Sequence[str], address: str) -> bool:
    """The whole address, or what of it says a house or a hamlet."""
    parts = [_words(part) for part in re.split(r"[,;\n]| - | – ", address)]
    houses = [part for part in parts if len(part) > 1 and any(char.isdigit() for word in part for char in word) and part[0] not in _AREAS]
    houses += [[word for word in part if word != "so"] for part in houses]
    if len(parts) > 1:
        houses.append(_words(address))
    return any(_holds(words, part) for part in houses)


def _digits(text: str) -> str:
    """All digits that follow each other, however they are written, in runs parted by spaces."""
    runs = [""]
    for word in re.findall(r"[^\W_]+|\+", _folded(text)):
        read = word.translate(_LETTERS_FOR_DIGITS)
        if read.isdecimal() and (len(read) > 1 or word.isdecimal() or word == "o"):
            runs[-1] += "".join(str(unicodedata.decimal(digit)) for digit in read)
        elif word in _SPOKEN:
            runs[-1] += _SPOKEN[word]
        else:
            runs.append("")
    return " ".join(runs)


def _phones(known: Sequence[Written]) -> set[str]:
    """Telephone numbers that citizens gave, in their field or among their words, without what stands before them for the country."""
    given = {_digits(one.phone).replace(" ", "") for one in known if one.phone}
    given.update(number for one in known for number in _PHONE.findall(_digits(one.text)))
    cores = {re.sub(r"^(84|0)", "", number) for number in given}
    return {core for core in cores if len(core) >= _SHORTEST_PHONE}
