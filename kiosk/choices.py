"""What a citizen reads and may choose in one language, as the screens need it."""

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.vote import Rating


class Choice(NamedTuple):
    """A reason, after which answer it is offered, the name of its icon, its words."""

    rating: Rating
    reason: str
    icon: str
    words: str


class Wording(NamedTuple):
    """What a unit may word in its own way. apology, good: what is asked after either answer."""

    question: str
    apology: str
    good: str
    thanks: str
    thanks_sentence: str
    choices: Sequence[Choice]
