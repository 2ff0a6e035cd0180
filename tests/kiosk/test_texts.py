"""The words on the screens."""

import io
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.texts import ASSETS, LANGUAGES, translator
from sync.choices import DEFAULT_SENTENCES

KIOSK = Path(__file__).resolve().parents[2] / "kiosk"
SENTENCES = {
    message if isinstance(message, str) else message[0]
    for _, _, message, _, _ in extract_from_dir(str(KIOSK), keywords={"translate": None, "_": None})
} | set(DEFAULT_SENTENCES.values())


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "vi"])
def test_every_sentence_is_translated_with_the_same_fields(language: str) -> None:
    catalog = read_po(io.BytesIO((ASSETS / "locale" / language / "LC_MESSAGES" / "kiosk.po").read_bytes()))
    translated = {message.id: message.string for message in catalog if message.id}
    assert set(translated) == SENTENCES
    for sentence, other in translated.items():
        assert isinstance(other, str)
        assert other
        assert isinstance(sentence, str)
        assert fields(other) == fields(sentence)


def test_the_catalogue_is_compiled() -> None:
    assert translator("en")("Hài lòng") == "Satisfied"


def test_vietnamese_needs_no_catalogue() -> None:
    assert translator("vi")("Hài lòng") == "Hài lòng"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_said_is_nothing_in_every_language(language: str) -> None:
    assert translator(language)("") == ""
