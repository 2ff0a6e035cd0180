"""The renderer's process: takes orders from the socket that it was started with, one after another, and answers with pictures.

It ends when the server closes the socket, or when nothing was ordered for a while, to give its memory back.
"""

import contextlib
import signal
import socket
import sys
import traceback

from server.results.charts import order
from server.results.charts.days import Stretch, Votes
from server.results.charts.drawn.drawing import svg
from server.results.charts.framing import receive, send
from server.results.charts.size import Width
from server.results.counts import Count

IDLE_SECONDS = 600.0
DRAWN, FAILED = b"+", b"-"
_FIRST = order.encode(Votes("", [Stretch("8h", "8 giờ", None, Count(1, 1))]), Width.PHONE)


def main(handle: int) -> None:
    """Serve the socket of this number until there is no more to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the socket
    with socket.socket(fileno=handle) as stream, contextlib.suppress(EOFError, OSError):
        svg(_FIRST)  # the first picture takes longer than all others: it loads Vega
        stream.settimeout(IDLE_SECONDS)
        while True:
            ordered = receive(stream)
            try:
                answer = DRAWN + svg(ordered).encode()
            except Exception:
                answer = FAILED + traceback.format_exc().encode()
            send(stream, answer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
