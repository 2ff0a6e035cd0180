"""Which words the kiosk shows: the unit's own, where it changed them, else ours by gettext."""

from collections.abc import Mapping, Sequence

from kiosk.choices import Choice, Wording
from kiosk.texts import Translate, translator
from kiosk.vote import Rating
from sync.choices import DEFAULT_REASONS, DEFAULT_SENTENCES
from sync.shown import Reason
from sync.wire import KioskConfig

SOURCE = "vi"


def sentence(key: str, language: str, texts: Mapping[str, Mapping[str, str]], translate: Translate) -> str:
    """The sentence of a key of `DEFAULT_SENTENCES` in a language.

    texts: what the unit changed, by key and language; translate: into the language.

    The unit's words, else our own in that language; where neither exist, the unit's Vietnamese, else ours.
    """
    unit, own = texts.get(key, {}), DEFAULT_SENTENCES[key]
    if language in unit:
        return unit[language]
    translated = translate(own)
    return translated if translated != own else unit.get(SOURCE, own)


def is_own(key: str, words: str, language: str) -> bool:
    """Whether these are our own words of a key of `DEFAULT_SENTENCES` in a language."""
    return words == translator(language)(DEFAULT_SENTENCES[key])


def wording(config: KioskConfig, language: str) -> Wording:
    """What the unit's kiosks say in a language."""
    translate = translator(language)

    def said(key: str) -> str:
        return sentence(key, language, config.texts, translate)

    choices = [
        Choice(rating, reason.id, reason.icon, reason_words(reason, language, translate))
        for rating in Rating
        for reason in reasons_for(rating.value, config.reasons)
    ]
    return Wording(said("question"), said("apology"), said("good"), said("thanks"), said("thanks_sentence"), choices)


def reasons_for(rating: str, reasons: Sequence[Reason]) -> list[Reason]:
    """What is offered after an answer. reasons: the unit's; where it has none of that rating, `DEFAULT_REASONS` are."""
    return [one for one in reasons if one.rating == rating] or [one for one in DEFAULT_REASONS if one.rating == rating]


def reason_words(reason: Reason, language: str, translate: Translate) -> str:
    """A reason's words in a language: its own, else by gettext; Vietnamese where neither exist."""
    return reason.words.get(language) or translate(reason.words[SOURCE])


def reception(sentences: Mapping[str, str], language: str) -> str:
    """When the leader receives citizens, in a language, else in Vietnamese; empty where the unit said nothing."""
    return sentences.get(language, sentences.get(SOURCE, ""))
