"""The sentences by which citizens consent, and their versions: `assets/consent.toml`.

What is sealed beside a name is the sentence as it was shown; which version that was, is found by its SHA-256.
"""

import tomllib
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from sync.wire import sha256

_FILE = Path(__file__).resolve().parents[2] / "assets" / "consent.toml"


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence that was or is shown. version: the same number in every language. since: when it came into the program."""

    version: int
    language: str
    since: date
    sentence: str


def wordings() -> list[Wording]:
    """All, the latest first."""
    return sorted(_by_digest().values(), key=lambda one: (-one.version, one.language != "vi", one.language))


def wording_of(sentence: str) -> Wording | None:
    """Which wording a sentence is, or None for one that was never ours: an older program's, or typed in."""
    return _by_digest().get(digest(sentence))


def digest(sentence: str) -> str:
    """The SHA-256 of a sentence, in NFC, without regard to how its white space lies."""
    return sha256(unicodedata.normalize("NFC", " ".join(sentence.split())).encode())


@cache
def _by_digest() -> dict[str, Wording]:
    found = msgspec.convert(tomllib.loads(_FILE.read_text("utf-8"))["wording"], list[Wording])
    return {digest(one.sentence): one for one in found}
