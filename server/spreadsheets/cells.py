"""What stands in a cell: cleaned when it is read, and never taken for a formula by whoever opens what we write."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What spreadsheets take for the beginning of a formula, also in full width (OWASP, CSV Injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


@lru_cache(1 << 14)
def cleaned(text: str) -> str:
    """Composed (NFC), without what nobody sees, each run of blanks as one."""
    return lines(text).replace("\n", " ")


def lines(text: str) -> str:
    """The same, but lines stay lines."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return "\n".join(line for line in (" ".join(line.split()) for line in visible.splitlines()) if line)


@lru_cache(1 << 14)
def folded(text: str) -> str:
    """By what two names are the same."""
    return unicodedata.normalize("NFC", cleaned(text).casefold())


def has_control(text: str) -> bool:
    """Whether there is anything in it that is no text."""
    return _CONTROL.search(text) is not None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take it for a formula."""
    return _FORMULA.match(text) is not None


def defused(text: str) -> str:
    """With an apostrophe before what might be taken for a formula."""
    return f"'{text}" if is_formula(text) else text


def armed(text: str) -> str:
    """The reverse of `defused`."""
    return text[1:] if _DEFUSED.match(text) else text
