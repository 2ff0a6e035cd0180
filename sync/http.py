"""HTTP as we want it. The only module that knows requests."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from sync.errors import TryLater

CONNECT_SECONDS, READ_SECONDS = 5, 30
WHOLE_REPLY_SECONDS = 60.0
MAX_REPLY_BYTES = 64 * 1024
BUSY = (429, 503)


class Reply:
    """A whole answer, read within the limits."""

    def __init__(self, status: int, headers: requests.structures.CaseInsensitiveDict[str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def after_seconds(self) -> float | None:
        """Retry-After (RFC 9110, section 10.2.3) in seconds, or None where it is missing or senseless."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdecimal():
            return float(value)
        try:
            return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None


class Wire:
    """HTTP as we want it: no redirects, no proxies from the environment, a deadline over the whole reply.

    server: its address, without a path. ca_file: certificates to trust instead of the system's, or None.
    """

    def __init__(self, server: str, ca_file: Path | None = None) -> None:
        self._server = server.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        if ca_file is not None:
            self._session.verify = str(ca_file)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        """The server's whole answer, of any status but BUSY. Raises `TryLater`, signed or not when the server is busy."""
        deadline = time.monotonic() + WHOLE_REPLY_SECONDS
        try:
            with self._session.request(
                method,
                self._server + path,
                data=body,
                headers={"Accept-Encoding": "identity", **headers},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                received = bytearray()
                while chunk := response.raw.read1(8192):
                    received += chunk
                    if len(received) > max_bytes:
                        raise TryLater("not-our-server", f"an answer of more than {max_bytes} bytes")
                    if time.monotonic() > deadline:
                        raise TryLater("cut-short", f"no whole answer within {WHOLE_REPLY_SECONDS:.0f} s")
                reply = Reply(response.status_code, response.headers, bytes(received))
        except (RequestException, HTTPError, OSError) as error:
            raise TryLater("unreachable", type(error).__name__) from error
        if reply.status in BUSY:
            raise TryLater("busy", str(reply.status), reply.after_seconds)
        return reply

    def close(self) -> None:
        self._session.close()
