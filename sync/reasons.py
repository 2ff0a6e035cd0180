"""Why an exchange failed, read from whatever ssl, socket, http.client, urllib3 and requests raised: the only place that knows."""

import http.client
import socket
import ssl
from collections.abc import Iterator

from urllib3.exceptions import InvalidHeader, ProxyError

from sync.errors import Reason

_EXPIRED = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_OTHER_NAME = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


def reason_of(error: BaseException) -> Reason:
    """The reason that an error stands for: the most telling one of all that it wraps."""
    wrapped = list(_wrapped(error))
    for one in wrapped:
        if isinstance(one, ssl.SSLCertVerificationError):
            return _about_certificate(one)
    for kinds, reason in _BY_KIND:
        if any(isinstance(one, kinds) for one in wrapped):
            return reason
    return "unreachable"


_BY_KIND: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    ((ProxyError,), "proxy"),
    ((socket.gaierror,), "unknown-name"),
    ((TimeoutError,), "timeout"),
    ((ConnectionRefusedError,), "refused"),
    ((http.client.IncompleteRead, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError), "cut-short"),
    ((ssl.SSLError, http.client.HTTPException, InvalidHeader), "not-our-server"),
)


def _about_certificate(error: ssl.SSLCertVerificationError) -> Reason:
    code = getattr(error, "verify_code", None)
    if code in _EXPIRED:
        return "certificate-expired"
    return "certificate-name" if code in _OTHER_NAME else "certificate-issuer"


def _wrapped(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        waiting += [other for other in inner if isinstance(other, BaseException)]
