"""Which words the kiosk shows."""

import pytest

from kiosk.texts import translator
from kiosk.words import reason_words, reasons_for, reception, sentence
from sync.choices import DEFAULT_REASONS, DEFAULT_SENTENCES
from sync.shown import Reason

VIETNAMESE, ENGLISH, KHMER = translator("vi"), translator("en"), translator("km")
CHANGED = {"thanks": {"vi": "Xin cảm ơn bà con!", "km": "សូមអរគុណ"}}
MARKET = Reason(id="market-day", rating="dissatisfied", icon="other-bad", words={"vi": "Ngày phiên quá đông", "km": "ថ្ងៃផ្សារ"})


@pytest.mark.parametrize("key", DEFAULT_SENTENCES)
def test_a_unit_that_changed_nothing_shows_the_kiosks_own_words_in_both_languages(key: str) -> None:
    assert sentence(key, "vi", {}, VIETNAMESE) == DEFAULT_SENTENCES[key]
    assert sentence(key, "en", {}, ENGLISH) not in ("", DEFAULT_SENTENCES[key])


def test_the_units_words_come_before_the_kiosks() -> None:
    assert sentence("thanks", "vi", CHANGED, VIETNAMESE) == "Xin cảm ơn bà con!"
    assert sentence("thanks", "km", CHANGED, KHMER) == "សូមអរគុណ"


def test_a_language_that_the_unit_left_out_shows_the_kiosks_own_words_in_it_and_not_vietnamese() -> None:
    assert sentence("thanks", "en", CHANGED, ENGLISH) == "Thank you!"


def test_a_language_without_any_words_shows_the_units_vietnamese() -> None:
    assert sentence("thanks", "jra", CHANGED, translator("jra")) == "Xin cảm ơn bà con!"
    assert sentence("rest", "km", CHANGED, KHMER) == DEFAULT_SENTENCES["rest"]


def test_a_units_reasons_replace_those_of_their_rating_only() -> None:
    assert reasons_for("dissatisfied", [MARKET]) == [MARKET]
    assert reasons_for("satisfied", [MARKET]) == [one for one in DEFAULT_REASONS if one.rating == "satisfied"]


def test_a_reasons_words_are_its_own_else_vietnamese() -> None:
    assert reason_words(MARKET, "km", KHMER) == "ថ្ងៃផ្សារ"
    assert reason_words(MARKET, "en", ENGLISH) == "Ngày phiên quá đông"
    assert reason_words(DEFAULT_REASONS[0], "en", ENGLISH) == "Unfriendly manner"


def test_the_reception_is_told_in_vietnamese_where_it_has_no_other_words() -> None:
    assert reception({"vi": "Sáng thứ Hai"}, "en") == "Sáng thứ Hai"
    assert reception({}, "en") == ""
