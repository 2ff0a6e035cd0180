"""Signed links in e-mails: one confirms an address, one stops mail. Whoever has the server's secret key made them, and nobody else."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

GOOD_FOR = timedelta(days=3)
_CONFIRM, _STOP = "server.alerts.confirm", "server.alerts.stop"


class Asked(NamedTuple):
    """What a link asks for: of the user, by its key, about an address, or about a unit's mail (empty: alerts of all units)."""

    user: int
    what: str


def confirming(user: int, address: str) -> str:
    """The whole address of the page on which the user confirms an e-mail address."""
    return _whole("confirm-address", signing.dumps([user, address], salt=_CONFIRM))


def stopping(user: int, unit: str) -> str:
    """Of the page on which mail is stopped, without a login, for as long as mail lies in somebody's box."""
    return _whole("stop-mail", signing.dumps([user, unit], salt=_STOP))


def read_confirming(token: str) -> Asked | None:
    """What the link asks for; None for one that is not ours, or too old."""
    return _read(token, _CONFIRM, GOOD_FOR)


def read_stopping(token: str) -> Asked | None:
    """The same, however old it is."""
    return _read(token, _STOP, None)


def whole_address(path: str) -> str:
    """A path of this server as an e-mail names it."""
    return f"{settings.ADDRESS}{path}"


def _whole(name: str, token: str) -> str:
    return whole_address(reverse(name, args=[token]))


def _read(token: str, salt: str, good_for: timedelta | None) -> Asked | None:
    try:
        return Asked(*signing.loads(token, salt=salt, max_age=good_for))
    except signing.BadSignature:
        return None
