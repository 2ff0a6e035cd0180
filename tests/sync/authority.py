"""Certificates of an office's own."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

YEAR = timedelta(days=365)
NOW = datetime.now(UTC)


class Authority:
    """A certificate authority of the test's own. file: what a kiosk is told to trust."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.file = folder / "ca.pem"
        self._authority.cert_pem.write_to_path(self.file)

    def context(self, name: str = "127.0.0.1", valid: tuple[datetime, datetime] = (NOW - YEAR, NOW + YEAR)) -> ssl.SSLContext:
        """What a server needs that shows a certificate for this name and time."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        not_before, not_after = valid
        self._authority.issue_cert(name, not_before=not_before, not_after=not_after).configure_cert(context)
        return context
