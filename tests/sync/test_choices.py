"""The reasons that a kiosk offers by itself."""

from collections import Counter

from sync.choices import DEFAULT_REASONS


def test_either_answer_has_eight_reasons_so_both_screens_look_alike() -> None:
    assert Counter(reason.rating for reason in DEFAULT_REASONS) == {"satisfied": 8, "dissatisfied": 8}


def test_an_id_means_one_thing() -> None:
    assert len({reason.id for reason in DEFAULT_REASONS}) == len(DEFAULT_REASONS)


def test_every_reason_has_words_in_both_languages() -> None:
    assert all(set(reason.words) == {"vi", "en"} for reason in DEFAULT_REASONS)
