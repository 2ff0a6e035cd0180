"""A network between kiosk and server that breaks what passes, at any byte of request and reply."""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

import msgspec

from sync.entries import GENESIS, chain, to_the_millisecond
from sync.wire import Acked, Receipt, decode_batch, sha256
from tests.sync.hostile import read_message, whole

Kind = Literal[
    "none",
    "refuse",  # nobody listens
    "black hole",  # the request is taken, and nothing comes
    "reset in request",  # after `at` bytes
    "reset in reply",
    "half-close of request",  # the server gets `at` bytes and an end, and may answer
    "half-close of reply",
    "flip in request",  # one byte, the `at`th
    "flip in reply",
    "drip",  # the reply comes a byte at a time
    "delay",  # the reply comes when the kiosk has gone
    "duplicate",  # the request arrives twice
    "reorder",  # the request arrives after the next one
    "replay",  # the request arrives, and an old reply comes
    "replay alone",  # the request is lost, and an old reply comes
    "forge",  # the request is lost, and somebody else acknowledges it
]
KINDS: tuple[Kind, ...] = get_args(Kind)
WAITING: tuple[Kind, ...] = ("black hole", "half-close of request", "flip in request", "drip", "delay", "reorder")
SECONDS_A_BYTE = 0.02


@dataclass(frozen=True)
class Fault:
    """What happens to an exchange. at: a byte of request or reply; beyond its end, counted from the beginning again."""

    kind: Kind
    at: int = 0


class BrokenNetwork:
    """A port before the server's. `fault` happens to every exchange that begins while it is set. statuses: the server's, as sent."""

    def __init__(self, server_port: int) -> None:
        self.fault = Fault("none")
        self.statuses: list[int] = []
        self._server = ("127.0.0.1", server_port)
        self._replies: list[bytes] = []
        self._kept_back: list[bytes] = []
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._listen()

    def __enter__(self) -> "BrokenNetwork":
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()
        for thread in self._threads:
            thread.join()

    def set(self, fault: Fault) -> None:
        """From now on this happens."""
        if fault.kind == "refuse":
            self._hang_up()
        elif self.fault.kind == "refuse":
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._listen()
        self.fault = fault

    def _listen(self) -> None:
        self._accepting = threading.Thread(target=self._accept, args=(self._listener,))
        self._accepting.start()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._connections.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(30)
                self._connections.append(connection)
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads = [one for one in self._threads if one.is_alive()] + [thread]
                thread.start()

    def _serve(self, kiosk: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(kiosk):
            while True:
                kiosk.recv(1, socket.MSG_PEEK)
                self._exchange(kiosk, self.fault)

    def _exchange(self, kiosk: socket.socket, fault: Fault) -> None:
        request = read_message(kiosk, fault.at if fault.kind == "reset in request" else None)
        if fault.kind == "reset in request":
            with socket.create_connection(self._server) as server:
                server.sendall(request)
                _reset(server)
            _reset(kiosk)
            raise ConnectionResetError
        if fault.kind in ("black hole", "reorder"):
            self._kept_back += [request] if fault.kind == "reorder" else []
            _until_gone(kiosk)
        elif fault.kind == "forge":
            kiosk.sendall(forged(request))
        elif fault.kind == "replay alone" and self._replies:
            kiosk.sendall(self._replies[fault.at % len(self._replies)])
        else:
            self._answer(kiosk, fault, self._reply(_with_fault(request, fault), ends=fault.kind == "half-close of request"))
            if fault.kind == "duplicate":
                self._reply(request)
            while self._kept_back:
                self._reply(self._kept_back.pop())

    def _reply(self, request: bytes, *, ends: bool = False) -> bytes:
        with socket.create_connection(self._server, 10) as server:
            server.sendall(request)
            if ends:
                server.shutdown(socket.SHUT_WR)
            reply = read_message(server)
        self.statuses.append(int(reply.split()[1]))
        if self.statuses[-1] == 200:
            self._replies = [*self._replies[-50:], reply]
        return reply

    def _answer(self, kiosk: socket.socket, fault: Fault, reply: bytes) -> None:
        if fault.kind == "delay":
            _until_gone(kiosk)
        elif fault.kind == "drip":
            pause = threading.Event()
            for byte in reply:
                kiosk.sendall(bytes([byte]))
                pause.wait(SECONDS_A_BYTE)
        elif fault.kind == "replay":
            kiosk.sendall(self._replies[fault.at % len(self._replies)] if self._replies else reply)
        elif fault.kind in ("reset in reply", "half-close of reply"):
            kiosk.sendall(reply[: fault.at % len(reply)])
            if fault.kind == "reset in reply":
                _reset(kiosk)
            raise ConnectionAbortedError
        elif fault.kind == "flip in reply":
            kiosk.sendall(_flipped(reply, fault.at))
            raise ConnectionAbortedError  # where the end of the reply is now, nobody knows
        else:
            kiosk.sendall(reply)


def _with_fault(request: bytes, fault: Fault) -> bytes:
    if fault.kind == "half-close of request":
        return request[: fault.at % len(request)]
    return _flipped(request, fault.at) if fault.kind == "flip in request" else request


def _flipped(message: bytes, at: int) -> bytes:
    at %= len(message)
    return message[:at] + bytes([message[at] ^ (1 << at % 8)]) + message[at + 1 :]


def forged(request: bytes) -> bytes:
    """What a portal could say who reads along: everything right, but for the signature, which it cannot make."""
    body = request.partition(b"\r\n\r\n")[2]
    if not body:
        return whole(b"{}")
    batch = decode_batch(body)
    last = batch.header.first - 1 + len(batch.lines)
    digest = [batch.header.previous, *chain(batch.header.previous, batch.lines)][-1] if last else GENESIS
    receipt = Receipt(
        request=sha256(body),
        nonce=batch.header.nonce,
        time=to_the_millisecond(datetime.now(UTC)),
        ledgers=[Acked(batch.header.ledger, last, digest)],
        next_seconds=60,
        config=GENESIS,
    )
    return whole(msgspec.json.encode(receipt), more="Content-Type: application/json\r\n")


def _until_gone(kiosk: socket.socket) -> None:
    while kiosk.recv(65536):
        pass
    raise ConnectionAbortedError


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
