"""The thread of each process of the server that makes papers which somebody asked for."""

import logging
import threading

from django.db import connections

from server.reports.making import work

SECONDS = 5.0  # between two looks, when nobody in this process asked

logger = logging.getLogger(__name__)
_asked = threading.Event()


def start() -> None:
    """Begin, in a process that serves; the thread ends with it."""
    threading.Thread(target=_go_on, name="reports", daemon=True).start()


def wake() -> None:
    """Somebody asked for a paper."""
    _asked.set()


def _go_on() -> None:
    while True:
        try:
            while work():
                pass
        except Exception:  # the database is away: the next look finds out
            logger.exception("looking for reports to make")
        finally:
            connections.close_all()
        _asked.wait(SECONDS)
        _asked.clear()
