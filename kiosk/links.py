"""The link to the server's form, by which a citizen writes on their own telephone. It is made without asking the server."""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kiosk.enrolment import Identity
from sync.entries import Malformed
from sync.link import new_link
from sync.wire import KioskConfig

log = logging.getLogger(__name__)


class Links:
    """config, identity: give those in force. server_time: gives the time by the server's clock, or None while nobody knows it."""

    def __init__(
        self, config: Callable[[], KioskConfig], identity: Callable[[], Identity], server_time: Callable[[], datetime | None]
    ) -> None:
        self._config = config
        self._identity = identity
        self._server_time = server_time

    def of(self, vote: UUID) -> str:
        """The link for a vote; empty where none can be made: the unit has no form, the server has not said who we are, or what time it is.

        A wall clock would not do: a link that is expired when it is shown is worse than none. Raises OSError, ValueError.
        """
        address, now = self._config().form_address, self._server_time()
        if address is None or now is None:
            return ""
        identity = self._identity()
        if identity.enrolment is None:
            return ""
        try:
            return new_link(address, identity.key, identity.enrolment.device, vote, now)
        except Malformed as error:
            log.warning("%s", error)
            return ""
