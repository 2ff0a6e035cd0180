"""What a citizen can say."""

from dataclasses import dataclass
from enum import StrEnum


class Rating(StrEnum):
    """The answer to the one question, in the words of the wire."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True)
class ContactDetails:
    """How to reach whoever wrote a comment, given with consent. consent: the sentence that was agreed to, as it was shown."""

    name: str
    phone: str
    address: str
    consent: str
