"""An office's own authority, fetched by a kiosk from a server that it cannot believe yet (`sync.authority`)."""

import warnings
from contextlib import closing

from sync.authority import blocks, mark
from sync.http import Wire
from sync.proxy import Proxy
from sync.trust import Anybody

PATH = "/hailong-ca.pem"
MOST_BYTES = 256 * 1024


class WrongAuthorityError(Exception):
    """The server gives another certificate than the one that the characters are of, or none."""


def fetch(server: str, wanted: str, proxy: Proxy | None = None) -> bytes:
    """The certificates (PEM) that a server gives out, when they are those that the characters `wanted` are of.

    server: https address. Raises `WrongAuthorityError`, and `TryLater` where the server is not reached.
    """
    wire = Wire(server, proxy=proxy, trust=Anybody())
    with warnings.catch_warnings(), closing(wire):
        warnings.simplefilter("ignore")  # urllib3's, of what we mean to do
        reply = wire.ask("GET", PATH, b"", {}, MOST_BYTES)
    try:
        known = reply.status == 200 and mark(reply.body) == wanted
    except ValueError:
        known = False
    if not known:
        raise WrongAuthorityError
    return b"\n".join(blocks(reply.body)) + b"\n"
