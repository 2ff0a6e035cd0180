"""Sentences for people, in their language. Vietnamese is the source; other languages are gettext catalogues in assets/locale."""

import gettext
import sys
from collections.abc import Callable
from pathlib import Path

ASSETS = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "assets"
LANGUAGES = ("vi", *sorted({file.parts[-3] for file in (ASSETS / "locale").glob("*/LC_MESSAGES/kiosk.[mp]o")}))

Translate = Callable[[str], str]


def translator(language: str) -> Translate:
    """A function from a Vietnamese sentence to the same in the language; a sentence without translation stays Vietnamese."""
    catalogue = gettext.translation("kiosk", ASSETS / "locale", [language], fallback=True)
    return lambda sentence: catalogue.gettext(sentence) if sentence else ""  # which gettext takes for the catalogue's own header


def name_of(language: str) -> str:
    """How a language calls itself."""
    translate = translator(language)
    return translate("Tiếng Việt")


def _(sentence: str) -> str:
    """Marks a sentence for translation where no language is chosen yet."""
    return sentence
