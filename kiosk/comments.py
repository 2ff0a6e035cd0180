"""A citizen's written comment: its sealed bytes first, then the entry that names them."""

import logging
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from kiosk.clocks import Moment
from kiosk.sealed import Sealed
from kiosk.storage.open_ledger import NotRecorded
from kiosk.vote import ContactDetails
from sync.entries import Comment, Entry, uuid7
from sync.sealing import Written

log = logging.getLogger(__name__)


def written(text: str, contact: ContactDetails | None, language: str) -> Written:
    """What is sealed of a comment. contact: None where the citizen did not consent. language: of the screen."""
    if contact is None:
        return Written(text=text, language=language)
    return Written(text=text, language=language, name=contact.name, phone=contact.phone, address=contact.address, consent=contact.consent)


class Comments:
    """Records comments. append: `Ledger.append`. sealing_key: gives the server's public sealing key in force (hex)."""

    def __init__(self, append: Callable[[Callable[[Moment], Entry]], None], sealed: Sealed, sealing_key: Callable[[], str]) -> None:
        self._append = append
        self._sealed = sealed
        self._sealing_key = sealing_key

    def record(self, vote: UUID, written: Written) -> str:
        """Keep what was written with a vote; both file and entry are durable when this returns the SHA-256 of the sealed bytes.

        Raises `NotRecorded`, and `Malformed` for one that is too long.
        """
        try:
            sealed, key = self._sealed.seal(written, self._sealing_key())
        except OSError as error:
            log.exception("a comment could not be written")
            raise NotRecorded("a comment") from error
        try:
            self._append(lambda now: Comment(id=uuid7(), at=now.at, up=now.up, boot=now.boot, vote=vote, sealed=sealed, key=key))
        except NotRecorded:
            with suppress(OSError):
                self._sealed.erase(sealed)
            raise
        return sealed
