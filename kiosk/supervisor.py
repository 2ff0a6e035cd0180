"""What a supervisor is told: that the window is there, and again and again that it is alive (sd_notify(3), without its library)."""

import logging
import os
import socket
import time
from collections.abc import Mapping

READY, ALIVE = b"READY=1", b"WATCHDOG=1"
SHARE_OF_ITS_PATIENCE = 3  # so often within the time after which it gives us up
SECONDS_TO_SEND = 0.1

log = logging.getLogger(__name__)


class Supervisor:
    """Whoever named a socket in the environment: systemd, for a unit with Type=notify and NotifyAccess=all. Else nothing is said.

    WATCHDOG_PID is not looked at: it is the compositor's, which shows our window, and which systemd started. Nothing here raises.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        patience = environment.get("WATCHDOG_USEC", "")
        self._seconds = int(patience) / 1e6 / SHARE_OF_ITS_PATIENCE if patience.isdecimal() else None
        self._said = float("-inf")
        self._told = False

    def ready(self) -> None:
        """What was to be started is there."""
        self._say(READY)

    def alive(self) -> None:
        """The window's clock has ticked. To be called often: it is passed on as seldom as will do."""
        if self._seconds is None or time.monotonic() < self._said + self._seconds:
            return
        self._said = time.monotonic()
        self._say(ALIVE)

    def _say(self, what: bytes) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as voice:
                voice.settimeout(SECONDS_TO_SEND)  # the window waits meanwhile
                voice.sendto(what, address)
        except OSError as error:
            if not self._told:
                self._told = True
                log.warning("the supervisor does not hear us: %s", error)
