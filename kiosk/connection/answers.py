"""Whose answer it is: our server's, a portal's, or somebody else's."""

import re
from enum import Enum, auto
from urllib.parse import urlsplit

from sync.entries import Malformed
from sync.http import Reply
from sync.keys import KeyChanges, follow
from sync.signature import SIGNATURE_HEADER, answer_is_genuine
from sync.wire import decode

LOGIN_WANTED = 511  # RFC 6585: Network Authentication Required
NOT_UP = (502, 504)  # what a proxy says in front of a program that does not run
REDIRECTS = (301, 302, 303, 307, 308)
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")  # 64 bytes in base64


class Answer(Enum):
    """OTHER_KEY: a server of ours, but not the one whose key we know. DOWN: the proxy before it answers, and it does not. OTHER_NAME: it
    refuses the name by which it was called. REDIRECT: it sends us to another address.
    """

    OURS = auto()
    OTHER_KEY = auto()
    PORTAL = auto()
    DOWN = auto()
    OTHER_NAME = auto()
    REDIRECT = auto()
    SOMEBODY = auto()


def judge(reply: Reply, key: str, host: str) -> Answer:
    """Whose answer to `GET keys` that is. key: a signing key of our server, present or former, or empty where none is known: then any
    signed answer is taken for ours, and who signs the enrolment decides. host: whom we asked.
    """
    signature = reply.headers.get(SIGNATURE_HEADER, "")
    if _SIGNATURE.fullmatch(signature):
        return Answer.OURS if not key or _is_genuine(reply, signature, key) else Answer.OTHER_KEY
    if says_portal(reply, host):
        return Answer.PORTAL
    if reply.status in REDIRECTS:
        return Answer.REDIRECT
    if reply.status in NOT_UP:
        return Answer.DOWN
    return Answer.OTHER_NAME if reply.status == 400 else Answer.SOMEBODY


def says_portal(reply: Reply, host: str) -> bool:
    """Whether an answer leads to a login elsewhere, as a network's portal does. host: whom we asked."""
    if reply.status == LOGIN_WANTED:
        return True
    try:
        leads_to = urlsplit(reply.headers.get("Location", "")).hostname
    except ValueError:
        return False
    return reply.status in REDIRECTS and leads_to is not None and leads_to != host


def _is_genuine(reply: Reply, signature: str, key: str) -> bool:
    try:
        links = follow(key, decode(reply.body, KeyChanges).changes)
    except Malformed:
        return False
    newest = links[-1].signing_key if links else key
    return answer_is_genuine(newest, signature, reply.status, b"", reply.body)
