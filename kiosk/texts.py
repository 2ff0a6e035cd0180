"""Sentences for people, in their language. Vietnamese is the source; other languages are gettext catalogues in assets/locale."""

import gettext
import sys
from collections.abc import Callable
from pathlib import Path

ASSETS = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "assets"
LANGUAGES = ("vi", "en")

Translate = Callable[[str], str]


def translator(language: str) -> Translate:
    """A function from a Vietnamese sentence to the same in the language; a sentence without translation stays Vietnamese."""
    return gettext.translation("kiosk", ASSETS / "locale", [language], fallback=True).gettext


def _(sentence: str) -> str:
    """Marks a sentence for translation where no language is chosen yet."""
    return sentence
