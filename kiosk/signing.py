"""Signing in and out at the counter, as a screen sees it. No Kivy, and nothing of how it is done."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SignedIn:
    """The PIN was right, and the officer is on duty."""


@dataclass(frozen=True)
class Wrong:
    """The PIN was wrong. left: how many tries there are before a pause."""

    left: int


@dataclass(frozen=True)
class Paused:
    """The PIN was not looked at, or was wrong once too often. seconds: until it is looked at again."""

    seconds: float


@dataclass(frozen=True)
class NotHere:
    """The configuration in force does not know the officer any more, or no PIN of theirs."""


Answer = SignedIn | Wrong | Paused | NotHere


class Named(Protocol):
    """An officer, as a list shows them."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...


class Duties(Protocol):
    """Who is on duty, and how that changes: `kiosk.duty.OnDuty`. A future raises where nothing could be recorded."""

    @property
    def officer(self) -> Named | None:
        """Who is on duty, or None."""

    @property
    def may_sign_in(self) -> Sequence[Named]:
        """Who has a PIN."""

    def sign_in(self, officer: str, pin: str) -> Future[Answer]:
        """Look at a PIN, and let the officer (an id) be on duty if it is right."""

    def sign_out(self) -> Future[None]:
        """Nobody is on duty from now on."""
