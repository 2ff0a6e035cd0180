"""What the log says of requests that are only wrong: one line, for no traceback helps anybody there, and no number of a citizen's."""

import logging
from types import TracebackType

from django.core.exceptions import DisallowedHost, PermissionDenied

from server.record.veil import veiled

SHOWN = 100


def plainly(record: logging.LogRecord) -> bool:
    """A filter of Django's loggers of requests; whether the record is to be logged.

    A wrong Host becomes one warning that names host and variable, and Django's second record of the same request is left out.
    """
    if isinstance(record.args, tuple):
        record.args = tuple(veiled(one) if isinstance(one, str) else one for one in record.args)
    request = getattr(record, "request", None)
    if isinstance(_error(record), DisallowedHost):
        host = "" if request is None else request.META.get("HTTP_HOST", "")[:SHOWN]
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = "refused: the host %r is not in HAILONG_ALLOWED_HOSTS", (host,)
        record.exc_info, record.exc_text = None, None
        if request is not None:
            request.hailong_told = True
    elif isinstance(_error(record), PermissionDenied):
        record.exc_info, record.exc_text = None, None
    elif getattr(request, "hailong_told", False):
        return False
    return True


def _error(record: logging.LogRecord) -> BaseException | None:
    found: tuple[type[BaseException] | None, BaseException | None, TracebackType | None] | None = record.exc_info
    return found[1] if found else None
