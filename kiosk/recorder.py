"""Puts what a citizen says into the ledger, in a thread of its own, so that a slow disk freezes no window."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from kiosk.clocks import Moment
from kiosk.comments import Comments, written
from kiosk.priority import go_first
from kiosk.qr import modules
from kiosk.vote import ContactDetails, Rating
from sync.entries import Change, Entry, Reasons, Vote, uuid7
from sync.reference import reference

SCREEN_FIRST_SECONDS = 0.1

log = logging.getLogger(__name__)


class Recorder:
    """The ledger as a visit sees it: `kiosk.visit.Records`. append: `Ledger.append`. on_duty: gives the id of who is, or None.

    link_of: gives the link to the server's form for a vote, or nothing.
    """

    def __init__(
        self,
        append: Callable[[Callable[[Moment], Entry]], None],
        on_duty: Callable[[], str | None],
        comments: Comments,
        link_of: Callable[[UUID], str] = lambda _: "",
    ) -> None:
        self._append = append
        self._on_duty = on_duty
        self._comments = comments
        self._link_of = link_of
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder", initializer=go_first)
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="link")

    def vote(self, rating: Rating) -> Future[UUID]:
        """A new vote for who is on duty; gives its id."""
        vote = uuid7()

        def make(now: Moment) -> Vote:
            officer = self._on_duty()  # only now, when the ledger cannot move to another counter any more
            return Vote(id=vote, at=now.at, up=now.up, boot=now.boot, officer=officer, rating=rating.value)

        def record() -> UUID:
            self._append(make)
            return vote

        return self._thread.submit(record)

    def change(self, vote: UUID, rating: Rating) -> Future[None]:
        """The vote says this instead."""

        def make(now: Moment) -> Change:
            return Change(id=uuid7(), at=now.at, up=now.up, boot=now.boot, vote=vote, rating=rating.value)

        return self._thread.submit(self._append, make)

    def reasons(self, vote: UUID, reasons: Sequence[str]) -> Future[None]:
        """Why the vote is so: ids of reasons."""

        def make(now: Moment) -> Reasons:
            return Reasons(id=uuid7(), at=now.at, up=now.up, boot=now.boot, vote=vote, reasons=list(reasons))

        return self._thread.submit(self._append, make)

    def comment(self, vote: UUID, text: str, contact: ContactDetails | None, language: str) -> Future[str]:
        """What the citizen wrote, sealed; gives its reference number."""

        def record() -> str:
            return reference(self._comments.record(vote, written(text, contact, language)))

        return self._thread.submit(record)

    def link(self, vote: UUID) -> Future[str]:
        """Where the citizen can write about the vote on a telephone, with its QR code ready to be drawn; empty where they cannot."""

        def make() -> str:
            time.sleep(SCREEN_FIRST_SECONDS)  # a code takes as long as some frames, and the screen around it is wanted at once
            try:
                link = self._link_of(vote)
            except (OSError, ValueError):
                log.exception("there is no link to the form")
                return ""
            if link:
                modules(link)
            return link

        return self._aside.submit(make)

    def close(self) -> None:
        """Wait until all is recorded that was said."""
        self._thread.shutdown()
        self._aside.shutdown()
