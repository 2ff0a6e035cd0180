"""The program on the counter tablet."""

from datetime import UTC, datetime

__version__ = "0.1.0"
RELEASED = datetime(2026, 11, 25, tzinfo=UTC)  # set with the version: a wall clock that says less is wrong
