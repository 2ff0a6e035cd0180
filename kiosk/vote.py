"""What a citizen can say."""

from enum import StrEnum


class Rating(StrEnum):
    """The answer to the one question, in the words of the wire."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
