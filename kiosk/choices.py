"""The reasons that a citizen may choose, as the screens need them."""

from collections.abc import Mapping
from typing import NamedTuple

from kiosk.vote import Rating


class Choice(NamedTuple):
    """A reason, after which answer it is offered, the name of its icon, and its words by language; Vietnamese is always among them."""

    rating: Rating
    reason: str
    icon: str
    words: Mapping[str, str]

    def words_in(self, language: str) -> str:
        """The words, in Vietnamese where the language has none."""
        return self.words.get(language) or self.words["vi"]
