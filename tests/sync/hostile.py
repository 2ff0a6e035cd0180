"""Servers that say whatever a test wants, byte by byte."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Talk = Callable[[socket.socket], None]


@contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[socket.socket]]]:
    """The port of a server that talks so on every connection, over TLS with a context; and the connections that it had."""
    taken: list[socket.socket] = []
    threads: list[threading.Thread] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            if context is None:
                talk(connection)
            else:
                with context.wrap_socket(connection, server_side=True) as wrapped:
                    talk(wrapped)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(20)
                taken.append(connection)
                threads.append(threading.Thread(target=serve, args=(connection,)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield listener.getsockname()[1], taken
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for connection in taken:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def read_message(connection: socket.socket, most: int | None = None) -> bytes:
    """One request or answer with its body, or its first bytes. Raises ConnectionError where it ends early."""
    received = bytearray()
    needed: int | None = None
    while (most is None or len(received) < most) and (needed is None or len(received) < needed):
        some = connection.recv(65536 if most is None else most - len(received))
        if not some:
            raise ConnectionError("the message ended early")
        received += some
        if needed is None and b"\r\n\r\n" in received:
            head = bytes(received).partition(b"\r\n\r\n")[0]
            lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            needed = len(head) + 4 + int(lengths[0] if lengths else 0)
    return bytes(received)


def whole(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """A whole answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def says(answer: bytes) -> Talk:
    """A server that gives this answer to every request."""

    def talk(connection: socket.socket) -> None:
        while True:
            read_message(connection)
            connection.sendall(answer)

    return talk


def drips(before: bytes, drop: bytes, seconds: float = 0.05) -> Talk:
    """A server that begins an answer, and goes on with the same few bytes every few moments, for ever."""

    def talk(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(before)
        pause = threading.Event()
        while not pause.wait(seconds):
            connection.sendall(drop)

    return talk


@contextmanager
def tunnelling(to: int | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """The port of a proxy that opens tunnels (CONNECT), and what it was asked. to: this port here, whatever it was asked for."""
    asked: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        asked.append(request := read_message(connection))
        host, _, port = request.split()[1].decode().rpartition(":")
        with socket.create_connection((host, int(port)) if to is None else ("127.0.0.1", to)) as onward:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(onward, connection))
            back.start()
            _pass_on(connection, onward)
            back.join()

    with listening(talk) as (port, _):
        yield port, asked


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while some := source.recv(65536):
            sink.sendall(some)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
