"""The deadline of an exchange, kept from outside: whatever the other side does, at the deadline the socket is shut down.

A timeout of a socket is not enough: each byte of a dripping server begins it anew, and a name is resolved without any.
"""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]
Lookup = Callable[[str, int, int, int], Sequence[Address]]


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect to one address, between two reads, and for the whole exchange, from the name to the last byte."""

    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    whole_seconds: float = 60.0


class Watch:
    """Watches over one exchange at a time. lookup: as `socket.getaddrinfo` (host, port, family, type)."""

    def __init__(self, limits: Limits, lookup: Lookup = socket.getaddrinfo) -> None:
        self.limits = limits
        self.connected = False
        self.expired = False
        self._lookup = lookup
        self._asked: dict[tuple[str, int], Future[Sequence[Address]]] = {}
        self._lock = threading.Lock()
        self._guarded: socket.socket | None = None
        self._deadline = 0.0

    def __enter__(self) -> "Watch":
        """An exchange begins. `connected` tells later whether it opened a connection, `expired` whether it was cut."""
        self.connected = self.expired = False
        self._deadline = time.monotonic() + self.limits.whole_seconds
        self._timer = threading.Timer(self.limits.whole_seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        self._guard(None)

    @property
    def seconds_left(self) -> float:
        """Until the deadline, and never nothing: 0 would make a socket non-blocking."""
        return max(self._deadline - time.monotonic(), 0.001)

    def guard(self, sock: socket.socket) -> None:
        """Let the deadline hold for a connected socket. TLS takes the socket object over, so it is known by its descriptor."""
        self._guard(socket.fromfd(sock.fileno(), sock.family, sock.type))

    def connect(self, host: str, port: int, options: list[tuple[int, int, int | bytes]]) -> socket.socket:
        """A guarded connection to the first address that takes it. Raises OSError: gaierror, TimeoutError, or of the last address."""
        failure: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
        for family, kind, protocol, _, address in self._addresses(host, port):
            sock = socket.socket(family, kind, protocol)
            try:
                for option in options:
                    sock.setsockopt(*option)
                sock.settimeout(min(self.limits.connect_seconds, self.seconds_left))
                sock.connect(address)
                sock.settimeout(self.seconds_left)
                self.guard(sock)
            except OSError as error:
                failure = error
                sock.close()
            else:
                self.connected = True
                return sock
            if self.expired:
                break
        raise failure

    def _addresses(self, host: str, port: int) -> Sequence[Address]:
        """What the system's resolver says, asked in a thread of its own; one that hangs is not asked a second time meanwhile."""
        asked = self._asked.get((host, port))
        if asked is None or asked.done():
            asked = self._asked[host, port] = Future()
            threading.Thread(target=self._ask, args=(host, port, asked), name="resolver", daemon=True).start()
        try:
            return asked.result(self.seconds_left)
        except NotYet:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer from the resolver") from None

    def _ask(self, host: str, port: int, asked: "Future[Sequence[Address]]") -> None:
        try:
            asked.set_result(self._lookup(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM))
        except Exception as error:  # whatever it is, the exchange that waits for it must hear of it
            asked.set_exception(error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, type(error).__name__))

    def _guard(self, sock: socket.socket | None) -> None:
        with self._lock:
            before, self._guarded = self._guarded, sock
            if before is not None:
                before.close()
            if sock is not None and self.expired:
                _shut_down(sock)

    def _cut(self) -> None:
        with self._lock:
            self.expired = True
            if self._guarded is not None:
                _shut_down(self._guarded)


def _shut_down(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster
