"""The proxy that an office may put between its kiosks and the world."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy. address: http://host:port, without user and password, so that it may be shown and logged."""

    address: str
    authorization: str | None = field(default=None, repr=False)


def parse_proxy(text: str) -> Proxy:
    """http://[user:password@]host:port. Raises ValueError, whose message repeats nothing of the text."""
    if any(mark.isspace() for mark in text):
        raise ValueError("white space in the address of a proxy")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("not the address of a proxy") from None
    if parts.scheme != "http" or not host or not port or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("not the address of a proxy")
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if parts.username is None:
        return Proxy(address)
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(address, "Basic " + b64encode(credentials.encode()).decode("ascii"))
