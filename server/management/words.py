"""What is typed behind a command, read; a wrong word is told with the one expected."""

from argparse import ArgumentTypeError
from datetime import date
from uuid import UUID


def a_day(text: str) -> date:
    """A day. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"expected a day as YYYY-MM-DD, such as 2026-11-23, not {text!r}") from error


def a_vote(text: str) -> UUID:
    """The id of a vote. Raises ArgumentTypeError."""
    try:
        return UUID(text)
    except ValueError as error:
        raise ArgumentTypeError(f"expected the id of a vote, such as 019380a1-7b1c-7d42-9c3e-5f0a1b2c3d4e, not {text!r}") from error
