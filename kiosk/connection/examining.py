"""The steps of the test, each with its own `Finding`; the first that is bad is the last."""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from kiosk import RELEASED
from kiosk.connection import words
from kiosk.connection.answers import Answer, judge, says_portal
from kiosk.findings import Finding, Level
from kiosk.texts import Translate
from sync.client import API
from sync.errors import Reason, TryLater
from sync.http import Reply, Wire
from sync.proxy import Proxy
from sync.reasons import reason_of
from sync.trust import Trust
from sync.watch import Limits, Lookup, Watch

PATIENCE = Limits(connect_seconds=5.0, read_seconds=8.0, whole_seconds=12.0)  # of each step: somebody stands before the screen
WEB = 80
NETWORKS = Path("/sys/class/net")
SOON = timedelta(days=14)  # a certificate that ends within is told
CLOCK_SECONDS = 120.0  # a Date says whole seconds, an answer takes some, and the kiosk itself goes by the server's time
NEVER_BELIEVED = datetime(1970, 1, 1, tzinfo=UTC)  # a clock by which no certificate's times are checked: see Trust


@dataclass(frozen=True)
class Aim:
    """Which server, and how it is reached. address: as in kiosk.toml. ca_file, proxy: see `Settings`. key: a signing key (hex) that is
    known to be the server's, or was, or nothing where none is known yet.
    """

    address: str
    ca_file: Path | None = None
    proxy: Proxy | None = None
    key: str = ""


@dataclass(frozen=True)
class World:
    """What a test may replace. web_port: where a portal answers. networks: of the system's network cards."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lookup: Lookup = socket.getaddrinfo
    limits: Limits = PATIENCE
    web_port: int = WEB
    networks: Path = NETWORKS


WORLD = World()


def examine(aim: Aim, translate: Translate, world: World = WORLD) -> Iterator[Finding]:
    """The findings, as they come: name, way, certificate, server, clock. After a bad one nothing comes. Takes some seconds each."""
    steps = _Steps(aim, translate, world)
    for finding in steps.walk():
        yield finding
        if finding.level is Level.BAD:
            return


class _Steps:
    def __init__(self, aim: Aim, translate: Translate, world: World) -> None:
        self._aim = aim
        self._world = world
        self._say = words.Sayings(aim.address, aim.proxy.address if aim.proxy else "", str(aim.ca_file or ""), translate)
        parts = urlsplit(aim.address)
        self._host, self._secure = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._secure else WEB)

    def walk(self) -> Iterator[Finding]:
        yield from self._reach()
        if self._secure and self._aim.proxy is None:
            yield self._certificate()
        yield from self._server()

    def _reach(self) -> Iterator[Finding]:
        """The name and the way: of the proxy where there is one."""
        via = urlsplit(self._aim.proxy.address) if self._aim.proxy else None
        host, port = (via.hostname or "", via.port or WEB) if via else (self._host, self._port)
        try:
            with self._watch() as watch:
                watch.connect(host, port, []).close()
        except socket.gaierror as error:
            if self._has_no_network(host):
                yield self._say.no_network("name")
            else:
                yield self._say.no_name(host, answered=error.errno == socket.EAI_NONAME)
            return
        except OSError as error:
            if not _is_address(host):
                yield self._say.name_found(host)
            reason = "timeout" if isinstance(error, TimeoutError) else reason_of(error)
            yield self._say.no_network("reach") if self._has_no_network(host) else self._say.no_way(host, port, reason, proxy=bool(via))
            return
        if not _is_address(host):
            yield self._say.name_found(host)
        yield self._say.reached(host, port, proxy=bool(via))

    def _certificate(self) -> Finding:
        try:
            ends = _times(self._shown(self._world.now))[1]
        except TryLater as later:
            return self._bad_certificate(later.reason)
        return self._say.certificate_holds(ends, soon=ends - self._world.now() < SOON)

    def _bad_certificate(self, reason: Reason) -> Finding:
        if reason == "certificate-expired":
            return self._expired()
        if reason in ("certificate-name", "certificate-issuer") and self._is_portal():
            return self._say.portal("certificate")
        return self._say.bad_certificate(reason)

    def _expired(self) -> Finding:
        """Our clock is wrong, or the certificate is: what the server says of the time decides, heard without looking at its times."""
        try:
            begins, ends = _times(self._shown(lambda: NEVER_BELIEVED)) if self._aim.proxy is None else (None, None)
            theirs = self._ask(lambda: NEVER_BELIEVED).date
        except TryLater:
            return self._say.bad_certificate("certificate-expired")
        now = self._world.now()
        if theirs is not None and abs(now - theirs) > timedelta(days=1) and (begins is None or ends is None or begins <= theirs <= ends):
            return self._say.wrong_clock("certificate", now, theirs)
        return self._say.not_valid(begins, ends, now)

    def _shown(self, now: Callable[[], datetime]) -> dict[str, object]:
        """The certificate that the server shows, when it is believed by that clock. Raises `TryLater`."""
        try:
            context = Trust(self._aim.ca_file, RELEASED, now).context()
        except OSError as error:
            raise TryLater("ca-file", type(error).__name__) from error
        with self._watch() as watch:
            try:
                with (
                    watch.connect(self._host, self._port, []) as plain,
                    context.wrap_socket(plain, server_hostname=self._host) as tls,
                ):
                    return dict(tls.getpeercert() or {})
            except OSError as error:
                raise TryLater("timeout" if watch.expired else reason_of(error), type(error).__name__) from error

    def _server(self) -> Iterator[Finding]:
        try:
            reply = self._ask(self._world.now)
        except TryLater as later:
            if later.reason.startswith("certificate") or later.reason == "ca-file":
                yield self._bad_certificate(later.reason)
            else:
                yield self._say.no_answer(later.reason)
            return
        if self._secure and self._aim.proxy is not None:
            yield self._say.certificate_holds(None, soon=False)
        answer = judge(reply, self._aim.key, self._host)
        if answer is not Answer.OURS:
            yield self._say.not_ours(answer, reply.status)
            return
        yield self._say.ours()
        yield from self._clock(reply.date)

    def _clock(self, theirs: datetime | None) -> Iterator[Finding]:
        if theirs is None:
            return
        now = self._world.now()
        if abs((now - theirs).total_seconds()) <= CLOCK_SECONDS:
            yield self._say.right_clock()
        else:
            yield self._say.wrong_clock("clock", now, theirs)

    def _ask(self, now: Callable[[], datetime]) -> Reply:
        wire = Wire(self._aim.address, self._aim.ca_file, proxy=self._aim.proxy, released=RELEASED, now=now, watch=self._watch())
        try:
            return wire.ask("GET", API + "keys", b"", {})
        finally:
            wire.close()

    def _is_portal(self) -> bool:
        """Whether somebody between us and the world wants a login first: it answers for the server where no TLS hinders it."""
        if self._aim.proxy is not None:
            return False  # the proxy is how this network lets us out
        host = f"[{self._host}]" if ":" in self._host else self._host
        wire = Wire(f"http://{host}:{self._world.web_port}", watch=self._watch())
        try:
            return says_portal(wire.ask("GET", "/", b"", {}), self._host)
        except TryLater:
            return False
        finally:
            wire.close()

    def _has_no_network(self, host: str) -> bool:
        """Whether no network card is up; for a server on this very machine none is needed."""
        if _is_loopback(host):
            return False
        try:
            states = [(card / "operstate").read_text("ascii").strip() for card in self._world.networks.iterdir() if card.name != "lo"]
        except OSError:
            return False
        return not set(states) & {"up", "unknown"}

    def _watch(self) -> Watch:
        return Watch(self._world.limits, self._world.lookup)


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _times(certificate: dict[str, object]) -> Sequence[datetime]:
    """From when, and until when, it is valid."""
    return [datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate[name])), UTC) for name in ("notBefore", "notAfter")]
