"""The server's side of the renderer: a process of its own for each worker, started when the first picture is wanted.

Apart from the worker because vl-convert holds Python's lock while it draws: a worker that draws would let kiosks wait, for a second
at the first picture. And because it is a whole JavaScript engine: what it takes of memory goes with it when it is idle, and what it
breaks is not a worker. Orders are drawn one after another; threads that want one wait for their turn.
"""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from server.results.charts.framing import receive, send

SECONDS_TO_DRAW = 30.0
_ROOT = Path(__file__).resolve().parents[3]


class CannotDraw(Exception):
    """The renderer did not answer, or could not draw this picture."""


class Renderer:
    """Starts the process when it is needed, again when it has ended."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stream: socket.socket | None = None

    def draw(self, order: bytes) -> str:
        """The picture of an order. Raises `CannotDraw`."""
        if not self._turn.acquire(timeout=SECONDS_TO_DRAW):
            raise CannotDraw("too many pictures are waiting")
        try:
            try:
                answer = self._ask(order)
            except (OSError, EOFError) as error:
                self._end()
                if isinstance(error, TimeoutError):
                    raise CannotDraw("the renderer takes too long") from error
                answer = self._again(order)
        finally:
            self._turn.release()
        if answer[:1] != b"+":
            raise CannotDraw(answer[1:].decode())
        return answer[1:].decode()

    def warm(self) -> None:
        """Start the process, without waiting, if it does not run: somebody is about to want a picture."""
        if self._process is None or self._process.poll() is not None:
            Thread(target=self._warm, daemon=True).start()

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    @property
    def process_id(self) -> int | None:
        """Of the process, if it was started."""
        return self._process.pid if self._process else None

    def _warm(self) -> None:
        if self._turn.acquire(blocking=False):
            try:
                with suppress(OSError):
                    self._started()
            finally:
                self._turn.release()

    def _again(self, order: bytes) -> bytes:
        """It had ended, as it does when it is idle: once more, from a new one."""
        try:
            return self._ask(order)
        except (OSError, EOFError) as error:
            self._end()
            raise CannotDraw("the renderer ends at once") from error

    def _ask(self, order: bytes) -> bytes:
        stream = self._started()
        send(stream, order)
        return receive(stream)

    def _started(self) -> socket.socket:
        if self._stream is not None and self._process is not None and self._process.poll() is None:
            return self._stream
        self._end()
        ours, theirs = socket.socketpair()
        with theirs:
            handle = theirs.fileno()
            words = [sys.executable, "-m", "server.results.charts.drawn", str(handle)]
            self._process = subprocess.Popen(
                words, cwd=_ROOT, env=_environment(), pass_fds=[handle], stdin=subprocess.DEVNULL, start_new_session=True
            )
        ours.settimeout(SECONDS_TO_DRAW)
        self._stream = ours
        return ours

    def _end(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _environment() -> dict[str, str]:
    """What the process must know of ours: nothing of database or keys."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HAILONG_")}
