"""The address to listen on, tried before the database is touched: gunicorn would try five times, and say little."""

import errno
import socket

from django.core.management.base import CommandError

_REASONS = {
    errno.EADDRINUSE: "{bind} is used by another program; choose another --bind, or stop it.",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine; choose another --bind.",
    errno.EACCES: "{bind}: permission denied; ports below 1024 belong to root, choose another --bind.",
}


def refuse_used(bind: str) -> None:
    """Raises CommandError when nobody could listen on HOST:PORT now."""
    host, _, port = bind.rpartition(":")
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: a port just left is free
            probe.bind(address)
    except socket.gaierror as error:
        raise CommandError(f"{host} is the name of no machine ({error.strerror}); choose another --bind.") from error
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, "{bind}: {error.strerror}; choose another --bind.")
        raise CommandError(reason.format(bind=bind, host=host, error=error)) from error
