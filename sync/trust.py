"""Whom HTTPS believes: authorities, host name, and a certificate's times only while our own clock can be believed."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python's ssl does not name
BELIEVABLE = timedelta(days=3653)  # a clock that is further ahead of the program than its lifetime is as wrong as 1970


class Trust:
    """ca_file: authorities to trust instead of the system's and certifi's, or None. released: when the program was made.

    Chain and host name are always checked. The times are not while the wall clock says a day before `released`, or ten years
    after it: a tablet with an empty battery must still reach its server, whose signature is what the kiosk really believes.
    """

    checks = True

    def __init__(self, ca_file: Path | None, released: datetime | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ca_file = ca_file
        self._released = released
        self._now = now
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """The context of every connection, its rule about times as of now. Raises OSError (ssl.SSLError) for a useless ca_file."""
        context = self._context = self._context or _context(self._ca_file)
        flags = int(context.verify_flags) & ~NO_CHECK_TIME
        context.verify_flags = ssl.VerifyFlags(flags if self._clock_is_believable() else flags | NO_CHECK_TIME)
        return context

    def _clock_is_believable(self) -> bool:
        return self._released is None or self._released <= self._now() < self._released + BELIEVABLE


class Anybody(Trust):
    """Whoever answers, for what is known by itself: nothing that was not known before may be believed of it, and nothing be told."""

    checks = False

    def __init__(self) -> None:
        super().__init__(None, None)

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


def is_certificate_file(file: Path) -> bool:
    """Whether a file holds at least one certificate (PEM) that can be read."""
    try:
        _context(file)
    except (OSError, ValueError):  # ValueError: no path at all, such as one with a zero byte
        return False
    return True


def _context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is None:
        context.load_default_certs()
        context.load_verify_locations(certifi.where())
    else:
        context.load_verify_locations(ca_file)
    return context
