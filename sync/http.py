"""HTTP as we want it. The only module that knows requests."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from sync.connection import pool_manager
from sync.errors import TryLater
from sync.proxy import Proxy
from sync.reasons import reason_of
from sync.trust import Trust
from sync.watch import Limits, Watch

MAX_REPLY_BYTES = 64 * 1024
KEPT_SECONDS = 1.0  # shorter than a server keeps an idle connection (gunicorn: 2 s), and than a network forgets it
BUSY = (429, 503)
PROXY_WANTS_A_PASSWORD = 407

logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns with all the rubbish that a server sends for headers


class Reply:
    """A whole answer, read within the limits."""

    def __init__(self, status: int, headers: requests.structures.CaseInsensitiveDict[str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def after_seconds(self) -> float | None:
        """Retry-After (RFC 9110, section 10.2.3) in seconds, or None where it is missing or senseless.

        A date is counted from the answer's own Date where it has one: the kiosk's clock may be years away.
        """
        value = self.headers.get("Retry-After", "").strip()
        if value.isascii() and value.isdecimal():
            return float(value)
        until = _instant(value)
        since = self.date or datetime.now(UTC)
        return None if until is None else (until - since).total_seconds()

    @property
    def date(self) -> datetime | None:
        """What the server's clock says (RFC 9110, section 6.6.1), on nobody's word; None where it does not tell, or senselessly."""
        return _instant(self.headers.get("Date", ""))


class Wire:
    """HTTP as we want it: no redirects, cookies, or proxies from the environment, and a deadline over the whole exchange.

    server: its address, without a path. ca_file, released, now: see `Trust`; trust: instead of them. proxy: what kiosk.toml says. watch:
    keeps the limits.
    A connection is kept for an exchange that follows at once, so that a backlog drains faster.
    """

    def __init__(
        self,
        server: str,
        ca_file: Path | None = None,
        *,
        proxy: Proxy | None = None,
        released: datetime | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        watch: Watch | None = None,
        trust: Trust | None = None,
    ) -> None:
        self._server = server.rstrip("/")
        self._proxy = proxy
        self._trust = trust or Trust(ca_file, released, now)
        self._watch = watch or Watch(Limits())
        self._session: requests.Session | None = None
        self._last_used = 0.0

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        """The server's whole answer, of any status but BUSY. Raises `TryLater`, signed or not when the server is busy."""
        if time.monotonic() - self._last_used > KEPT_SECONDS:
            self.close()
        with self._watch:
            try:
                reply = self._ask(method, path, body, headers, max_bytes)
            except BaseException:
                self.close()
                raise
        self._last_used = time.monotonic()
        if reply.status in BUSY:
            raise TryLater("busy", str(reply.status), reply.after_seconds)
        if reply.status == PROXY_WANTS_A_PASSWORD:
            raise TryLater("proxy", str(reply.status))
        return reply

    def close(self) -> None:
        """Let go of the connection. The next exchange opens another."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int) -> Reply:
        try:
            try:
                return self._exchange(method, path, body, headers, max_bytes)
            except (RequestException, HTTPError, OSError) as error:
                if self._watch.connected or self._watch.expired or reason_of(error) != "cut-short":
                    raise
                self.close()  # the kept connection was closed meanwhile: a repeat is safe, for the contract makes it so
                return self._exchange(method, path, body, headers, max_bytes)
        except (RequestException, HTTPError, OSError) as error:
            raise TryLater("timeout" if self._watch.expired else reason_of(error), type(error).__name__) from error

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int) -> Reply:
        limits = self._watch.limits
        with self._open().request(
            method,
            self._server + path,
            data=body,
            headers={"Accept-Encoding": "identity", **headers},
            timeout=(limits.connect_seconds, limits.read_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            received = bytearray()
            while chunk := response.raw.read1(8192):
                received += chunk
                if len(received) > max_bytes:
                    raise TryLater("not-our-server", f"an answer of more than {max_bytes} bytes")
            if self._watch.expired:
                raise TimeoutError
            return Reply(response.status_code, response.headers, bytes(received))

    def _open(self) -> requests.Session:
        try:
            context = self._trust.context() if self._server.startswith("https:") else None
        except OSError as error:
            raise TryLater("ca-file", type(error).__name__) from error
        if self._session is None:
            self._session = requests.Session()
            self._session.trust_env = False
            self._session.verify = self._trust.checks
            self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            adapter = _Adapter(pool_manager(self._watch, context, self._proxy))
            self._session.mount("http://", adapter)
            self._session.mount("https://", adapter)
            if self._proxy is not None:
                self._session.proxies = {"http": self._proxy.address, "https": self._proxy.address}
        return self._session


class _Adapter(HTTPAdapter):
    """Hands requests our own pools, whose SSLContext checks certificates by our own rule."""

    def __init__(self, manager: PoolManager) -> None:
        self._manager = manager
        super().__init__()

    def init_poolmanager(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 as in requests
        self.poolmanager = self._manager

    def proxy_manager_for(self, proxy: str, **_: Any) -> PoolManager:  # noqa: ANN401 as in requests
        return self._manager

    def cert_verify(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 as in requests
        """Else requests would add certifi's authorities to those that ca_file names."""


def _instant(date: str) -> datetime | None:
    """An HTTP date, or None. One without a zone is in UTC (RFC 9110, section 5.6.7)."""
    try:
        moment = parsedate_to_datetime(date)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
