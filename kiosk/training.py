"""Training: the kiosk looks and answers as ever, and keeps nothing. Here, and nowhere else, is decided where a turn goes."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar
from uuid import UUID, uuid4

from kiosk.visit import Records
from kiosk.vote import ContactDetails, Rating

LONGEST_SECONDS = 15 * 60.0
NO_REFERENCE = "THỬ-0000"  # shown in place of a comment's number; no comment ever has this one

T = TypeVar("T")


class Nothing:
    """A visit's records that go nowhere: no ledger, no file, no message."""

    def vote(self, rating: Rating) -> Future[UUID]:
        return _done(uuid4())

    def change(self, vote: UUID, rating: Rating) -> Future[None]:
        return _done(None)

    def reasons(self, vote: UUID, reasons: Sequence[str]) -> Future[None]:
        return _done(None)

    def comment(self, vote: UUID, text: str, contact: ContactDetails | None, language: str) -> Future[str]:
        return _done(NO_REFERENCE)

    def link(self, vote: UUID) -> Future[str]:
        return _done("")


class Training:
    """The records of a visit: the real ones, or none while it is on. What follows a vote goes where the vote went, so that nothing of a
    turn in training is ever recorded, and nothing of a real one lost, whenever it begins or ends.

    uptime: seconds that never jump, and count sleep. opens_soon: whether the unit is about to open; its hours are not asked otherwise.
    It ends only by `look` or `end`, in the thread that shows whether it is on: what the screen says is what counts.
    """

    def __init__(self, records: Records, uptime: Callable[[], float], opens_soon: Callable[[], bool]) -> None:
        self._records = records
        self._uptime = uptime
        self._opens_soon = opens_soon
        self._nothing = Nothing()
        self._began: float | None = None
        self._pretended: set[UUID] = set()

    @property
    def on(self) -> bool:
        """Whether votes are kept nowhere now."""
        return self._began is not None

    def begin(self) -> None:
        """From now on, or for another quarter of an hour from now."""
        self._began = self._uptime()

    def end(self) -> None:
        """The kiosk is for citizens again."""
        self._began = None

    def look(self) -> None:
        """To be called every few seconds: it ends by itself."""
        if self._began is not None and (self._uptime() - self._began >= LONGEST_SECONDS or self._opens_soon()):
            self.end()

    def vote(self, rating: Rating) -> Future[UUID]:
        if not self.on:
            return self._records.vote(rating)
        vote = self._nothing.vote(rating)
        self._pretended.add(vote.result())
        return vote

    def change(self, vote: UUID, rating: Rating) -> Future[None]:
        return self._of(vote).change(vote, rating)

    def reasons(self, vote: UUID, reasons: Sequence[str]) -> Future[None]:
        return self._of(vote).reasons(vote, reasons)

    def comment(self, vote: UUID, text: str, contact: ContactDetails | None, language: str) -> Future[str]:
        return self._of(vote).comment(vote, text, contact, language)

    def link(self, vote: UUID) -> Future[str]:
        return self._of(vote).link(vote)

    def _of(self, vote: UUID) -> Records:
        return self._nothing if vote in self._pretended else self._records


def _done(result: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(result)
    return future
