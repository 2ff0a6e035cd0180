"""Messages over a stream socket: a length of four bytes, then as many bytes."""

import socket

MOST = 64 * 1024 * 1024


def send(stream: socket.socket, message: bytes) -> None:
    """One message. Raises OSError."""
    stream.sendall(len(message).to_bytes(4, "big") + message)


def receive(stream: socket.socket) -> bytes:
    """The next message. Raises EOFError where there comes none, OSError (TimeoutError where it took too long)."""
    size = int.from_bytes(_exactly(stream, 4), "big")
    if size > MOST:
        raise OSError(f"a message of {size} bytes")
    return _exactly(stream, size)


def _exactly(stream: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = stream.recv(min(size, 1 << 16))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
